import { SHORTEST } from '../../../secrets/text-finder.js';

/** In characters. */
export const LONGEST_VALUE = 8 * 1024;
/** Each is looked for by itself, in whatever way it is written. */
const MOST_LINES = 200;
/** Of any six characters in a value. */
const MOST_REPEATS = 32;

/** Returns in words why a value can't be hidden, whatever else is; undefined where it can. */
export function whyNotHidden(value: string): string | undefined {
  return whyOfNoSize(value) ?? whyRepeated(value);
}

/** Returns in words why a value is too short or too long to be hidden; undefined where it is not. Takes next to no time. */
export function whyOfNoSize(value: string): string | undefined {
  if (value.length > LONGEST_VALUE) return `it has more than ${LONGEST_VALUE / 1024} kB`;
  if (value.trim().length < SHORTEST)
    return `it has fewer than ${SHORTEST} characters, and hiding it would blot out ordinary words`;
  if (value.split('\n', MOST_LINES + 1).length > MOST_LINES) return `it has more than ${MOST_LINES} lines`;
  return undefined;
}

/** Returns in words that a value repeats itself, which would take long to look for in a text that does so too; undefined where it does not. */
export function whyRepeated(value: string): string | undefined {
  const seen = new Map<string, number>();
  for (let at = 0; at + SHORTEST <= value.length; at++) {
    const piece = value.slice(at, at + SHORTEST);
    const times = (seen.get(piece) ?? 0) + 1;
    if (times > MOST_REPEATS) return 'it repeats itself too often for a secret';
    seen.set(piece, times);
  }
  return undefined;
}
