/** The marks of quotes that a line begins with, in lists too. */
const QUOTE = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*((?:>[ \t]?)+)/;
/** A long mail that somebody answers between its lines has some thousands. */
const MOST = 50_000;

/**
 * Returns whether a comment quotes so often, and so deeply, between its other lines that the parser, which looks from each
 * quote on for its end, would take long. Nobody writes one to be read.
 */
export function isTangled(text: string): boolean {
  const lines = text.split(/\r\n?|\n/);
  let begun = 0;
  let isQuoted = false;
  for (const line of lines) {
    const marks = QUOTE.exec(line)?.[1];
    if (marks !== undefined && !isQuoted) begun += marks.length;
    isQuoted = marks !== undefined;
  }
  return begun * lines.length > MOST;
}
