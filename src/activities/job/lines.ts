/** A longer line is cut into pieces: a progress bar without line breaks must not fill the memory. */
const LONGEST_LINE = 8_192;

export interface LineSplitter {
  /** The lines that are complete with this piece of output. */
  add(chunk: string): string[];
  /** What is left without a line break. */
  end(): string[];
}

/** Cuts output into lines, wherever its pieces begin and end. */
export function createLineSplitter(): LineSplitter {
  let rest = '';
  return {
    add(chunk) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > 2 * LONGEST_LINE) {
        // The second half stays: a secret may go on in the next piece.
        lines.push(rest.slice(0, LONGEST_LINE));
        rest = rest.slice(LONGEST_LINE);
      }
      return lines.flatMap(pieces);
    },
    end() {
      const lines = rest === '' ? [] : pieces(rest);
      rest = '';
      return lines;
    },
  };
}

function pieces(line: string): string[] {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (text.length <= LONGEST_LINE) return [text];
  const count = Math.ceil(text.length / LONGEST_LINE);
  return Array.from({ length: count }, (_, i) => text.slice(i * LONGEST_LINE, (i + 1) * LONGEST_LINE));
}
