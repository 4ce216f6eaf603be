import { matchPart } from './segments.js';

/** What makes a pattern more than text, `*` and `?`: picomatch's braces, classes, groups and escapes. */
const SPECIAL = /[\\[\]{}()|]/;
/** Stands for a slash where it is a character as any other. No title or message holds it. */
const SLASH = '\u0001';

/** Several characters in brackets, not negated: a word, `[WIP]`, or a class. */
const IN_BRACKETS = /(?<!\\)\[(?![!^\]])([^\]\\[]{2,})\]/g;
const RANGE = /[a-z]-[a-z]|[A-Z]-[A-Z]|\d-\d/g;
/** All digits or all letters: nobody means a word by them, whatever stands beside. */
const WHOLE_RANGE = /(?<![\d ])0-9(?!\d)|(?<![a-z ])a-z(?![a-z])|(?<![A-Z ])A-[zZ](?![A-Z])/;
/** A group without alternatives, of which none of picomatch's marks says how often: `(#*)`. */
const WORDS_IN_PARENTHESES = /(?<![\\!?+*@])\(([^()|\\]*)\)/g;

/**
 * Returns a glob for free text in which brackets and parentheses around words are characters as any other, as they are in
 * titles: `[WIP]*` would stand for every title that begins with one of the three letters.
 */
function withLiteralBrackets(glob: string): string {
  return glob
    .replace(IN_BRACKETS, (whole, inside: string) => (isClass(inside) ? whole : `\\[${inside}\\]`))
    .replace(WORDS_IN_PARENTHESES, '\\($1\\)');
}

/**
 * Whether brackets hold a whole range, `[v0-9]`, or ranges alone, and marks: `[a-f_]`. In `[ci-skip]` and `[ABC-12]`, letters are left beside
 * what may be a range.
 */
function isClass(inside: string): boolean {
  if (WHOLE_RANGE.test(inside)) return true;
  const beside = inside.replace(RANGE, (range) => (range.charAt(0) <= range.charAt(2) ? '' : range));
  return inside.includes('-') && !/[a-z0-9]/i.test(beside);
}

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
  const matches = general(withoutParts(withLiteralBrackets(glob)));
  return (text) => matches(withoutParts(text));
}
