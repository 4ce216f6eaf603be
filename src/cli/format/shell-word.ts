import { harmless } from './paint.js';

/** What no shell takes for anything else than itself. */
const PLAIN = /^[\w%+,.:@/-][\w%+,.:@=/~#-]*$/;

/** Returns a text as one word of a shell, in which nothing is replaced. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Returns a text as a word of a command that is shown to be typed again, quoted where a shell would take it for more: the id of a run
 * has in it what a sender calls its delivery.
 */
export function shellWord(text: string): string {
  const shown = harmless(text);
  return PLAIN.test(shown) ? shown : quoted(shown);
}
