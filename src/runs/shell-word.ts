/** What no shell takes for anything else than itself. */
const PLAIN = /^[\w%+,.:@/-][\w%+,.:@=/~#-]*$/;

/** Returns a text as one word of a shell, in which nothing is replaced. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Returns a text as a word of a command that is told to be typed, quoted where a shell would take it for more: the id of a run has in
 * it what a sender calls its delivery. Pure: workflow code tells of such commands too.
 */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : quoted(text);
}
