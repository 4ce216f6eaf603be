/**
 * A character that counts as a blank, as the source of a regular expression with the flag `u`: also those that come with
 * pasting, such as no-break spaces, characters of no width and marks of direction.
 */
export const BLANK = '(?:[\\t\\p{Zs}\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028\\u2029\\u2060\\ufe0f\\ufeff])';

const LEADING = new RegExp(`^${BLANK}+`, 'u');
const ONE = new RegExp(`^${BLANK}$`, 'u');

/** Returns a text without the blanks around it. */
export function trimBlanks(text: string): string {
  const begun = text.replace(LEADING, '');
  // Not by an expression with `$`: that takes time as the square of a row of blanks.
  let end = begun.length;
  while (end > 0 && ONE.test(begun.charAt(end - 1))) end -= 1;
  return begun.slice(0, end);
}
