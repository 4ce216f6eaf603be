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
      const lines = end < 0 ? [] : mask(text.slice(0, end)).split('\n');
      if (rest.length > 2 * MAX_LINE) {
        const masked = mask(rest);
        // The end is kept: a secret may go on in the next piece.
        const cut = Math.max(0, masked.length - MAX_LINE);
        if (cut > 0) lines.push(masked.slice(0, cut));
        rest = masked.slice(cut);
      }
      return lines.flatMap(pieces);
    },
    end() {
      const lines = rest === '' ? [] : pieces(mask(rest));
      rest = '';
      return lines;
    },
  };
}

function pieces(line: string): string[] {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (text.length <= MAX_LINE) return [text];
  const count = Math.ceil(text.length / MAX_LINE);
  return Array.from({ length: count }, (_, i) => text.slice(i * MAX_LINE, (i + 1) * MAX_LINE));
}
