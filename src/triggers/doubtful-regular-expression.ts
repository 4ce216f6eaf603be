/**
 * At the beginning of a text, or in place of a kind of character: nothing that names, titles and messages hold. Two backslashes stand
 * for one in the text, as in the name of a Windows account.
 */
const MARKS = /^!?(\^)|(?<!\\)(?:\\\\)*(\\[dDsSwW])(?![A-Za-z])/;

/** Returns why a pattern hardly means what it says, in words that follow it: it is a regular expression. Undefined where it is none. */
export function doubtOfRegularExpression(pattern: string): string | undefined {
  const [, beginning, kind] = MARKS.exec(pattern) ?? [];
  const mark = beginning ?? kind;
  if (mark === undefined) return undefined;
  return `has ${JSON.stringify(mark)}, as regular expressions do: patterns are globs, in which "*" stands for any text, and "[0-9]" for a digit`;
}
