import { matchPart } from './segments.js';

/** What makes a pattern more than text, `*` and `?`: picomatch's braces, classes, groups and escapes. */
const SPECIAL = /[\\[\]{}()|]/;
/** Stands for a slash where it is a character as any other. No title or message holds it. */
const SLASH = '\u0001';

/** Returns whether a glob for free text is nothing but text, `*` and `?`. */
export function isSimpleText(glob: string): boolean {
  return !SPECIAL.test(glob);
}

/** Returns a glob for free text as one for names, in which its slashes are no slashes. */
export function withoutParts(text: string): string {
  return text.replaceAll('/', SLASH);
}

/**
 * Returns a function that matches a glob against free text: `*` stands for any text, slashes included. `general` makes the
 * matcher of globs that hold more than text and stars.
 */
export function createTextMatcher(
  glob: string,
  general: (glob: string) => (text: string) => boolean | undefined,
): (text: string) => boolean | undefined {
  if (isSimpleText(glob)) {
    const part = glob.replace(/\*+/g, '*');
    return (text) => matchPart(part, text);
  }
  const matches = general(withoutParts(glob));
  return (text) => matches(withoutParts(text));
}
