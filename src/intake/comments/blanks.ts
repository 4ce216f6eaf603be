/**
 * A character that counts as a blank, as the source of a regular expression with the flag `u`: also those that come with
 * pasting, such as no-break spaces, characters of no width and marks of direction.
 */
export const BLANK = '(?:[\\t\\p{Zs}\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028\\u2029\\u2060\\ufe0f\\ufeff])';

const LEADING = new RegExp(`^${BLANK}+`, 'u');

/** Returns a text from its first character on that is no blank. */
export function afterBlanks(text: string): string {
  return text.replace(LEADING, '');
}
