/** In characters. A longer line is cut: a progress bar without line breaks must not fill the memory. */
const MAX_LINE = 8_192;

/** Cuts output into lines. */
export interface LineSplitter {
  /** Returns the lines that this piece of output completes. */
  add(chunk: string): string[];
  /** Returns what is left without a line break. */
  end(): string[];
}

/** Splits output into lines, however it is chunked. Masks before it cuts, so that no cut goes through a secret. */
export function createLineSplitter(mask: (text: string) => string): LineSplitter {
  let rest = '';
  return {
    add(chunk) {
      const text = rest + chunk;
      const end = text.lastIndexOf('\n');
      rest = text.slice(end + 1);
      const lines: string[] = [];
      if (end >= 0) for (const line of mask(text.slice(0, end)).split('\n')) addPieces(line, lines);
      if (rest.length > 2 * MAX_LINE) {
        const masked = mask(rest);
        // The end is kept: a secret may go on in the next piece.
        const cut = Math.max(0, masked.length - MAX_LINE);
        if (cut > 0) addPieces(masked.slice(0, cut), lines);
        rest = masked.slice(cut);
      }
      return lines;
    },
    end() {
      const lines: string[] = [];
      if (rest !== '') addPieces(mask(rest), lines);
      rest = '';
      return lines;
    },
  };
}

/** Adds a line, in pieces where it is too long. A loop, since output may come in millions of lines. */
function addPieces(line: string, lines: string[]): void {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  for (let at = 0; at === 0 || at < text.length; at += MAX_LINE)
    lines.push(text.length <= MAX_LINE ? text : text.slice(at, at + MAX_LINE));
}
