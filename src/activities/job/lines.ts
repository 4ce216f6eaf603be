/** In characters. A longer line is cut: a progress bar without line breaks must not fill the memory. */
const MAX_LINE = 8_192;
/** In characters: of a line that goes on, what is not given out yet. A secret of 8 kB has three times as many in a URL. */
const KEPT = 4 * MAX_LINE;

/** Cuts output into lines. */
export interface LineSplitter {
  /** Returns the lines that this piece of output completes. */
  add(chunk: string): string[];
  /** Returns what is left without a line break. */
  end(): string[];
}

/** Lines that are no output but tell something to the job. */
export interface LineCommands {
  /** Returns whether a text may hold any. Has to be quick. */
  mayBeIn(text: string): boolean;
  /** Does what a line says, and returns what is shown in its place; undefined for a line of output. */
  take(line: string): string | undefined;
}

/** Splits output into lines, however it is chunked. Masks before it cuts, so that no cut goes through a secret. */
export function createLineSplitter(mask: (text: string) => string, commands?: LineCommands): LineSplitter {
  let rest = '';
  /** The beginning of the line that goes on was given out already. */
  let isWithin = false;
  /** The line that goes on was a command, and too long for one. */
  let isLeftOut = false;

  const addMasked = (text: string, lines: string[]) => {
    for (const line of mask(text).split('\n')) addPieces(line, lines);
  };
  /** Takes commands out of whole lines: each counts for the lines after it. */
  const addLines = (text: string, lines: string[]) => {
    if (!commands?.mayBeIn(text)) return addMasked(text, lines);
    let plain: string[] = [];
    for (const [i, line] of text.split('\n').entries()) {
      const shown = isWithin && i === 0 ? undefined : commands.take(line);
      if (shown === undefined) {
        plain.push(line);
        continue;
      }
      if (plain.length > 0) addMasked(plain.join('\n'), lines);
      plain = [];
      addPieces(shown, lines);
    }
    if (plain.length > 0) addMasked(plain.join('\n'), lines);
  };

  return {
    add(chunk) {
      const from = isLeftOut ? chunk.indexOf('\n') + 1 : 0;
      if (isLeftOut && from === 0) return [];
      isLeftOut = false;
      const added = chunk.slice(from);
      // What was left has none: a line that goes on is not gone through with each piece of it.
      const end = added.lastIndexOf('\n');
      const lines: string[] = [];
      if (end >= 0) {
        addLines(rest + added.slice(0, end), lines);
        isWithin = false;
        rest = '';
      }
      rest += added.slice(end + 1);
      if (rest.length > 2 * KEPT) {
        const shown = !isWithin && commands?.mayBeIn(rest) ? commands.take(rest) : undefined;
        if (shown !== undefined) {
          addPieces(shown, lines);
          rest = '';
          isLeftOut = true;
          return lines;
        }
        const masked = mask(rest);
        // The end is kept: a secret may go on in the next piece.
        const cut = masked.length > KEPT ? endOfPiece(masked, 0, masked.length - KEPT) : 0;
        if (cut > 0) addPieces(masked.slice(0, cut), lines);
        isWithin ||= cut > 0;
        rest = masked.slice(cut);
      }
      return lines;
    },
    end() {
      const lines: string[] = [];
      if (rest !== '') addLines(rest, lines);
      rest = '';
      return lines;
    },
  };
}

/** Adds a line, in pieces where it is too long. A loop, since output may come in millions of lines. */
function addPieces(line: string, lines: string[]): void {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (text.length <= MAX_LINE) {
    lines.push(text);
    return;
  }
  for (let at = 0; at < text.length; ) {
    const end = text.length - at <= MAX_LINE ? text.length : endOfPiece(text, at, at + MAX_LINE);
    lines.push(text.slice(at, text[end - 1] === '\r' ? end - 1 : end));
    at = end;
  }
}

/**
 * Returns where a piece of a text ends that may have so many characters: behind the last return, since a progress bar is written over
 * from there on, and otherwise not within a character that is two units long.
 */
function endOfPiece(text: string, from: number, most: number): number {
  const end = text.lastIndexOf('\r', most - 1) + 1;
  if (end > from) return end;
  return isSecondHalf(text.charCodeAt(most)) ? most - 1 : most;
}

function isSecondHalf(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
