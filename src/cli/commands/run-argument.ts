/** What a command says of the argument that names a run. */
export const RUN_NAMES =
  'its id, <automation>/<source>/<delivery key>, or a beginning that no other has; a delivery that started it; or "latest <automation>"';

/** Returns the name of a run, of which the shell made words: `latest ci`. */
export function nameOfRun(words: readonly string[]): string {
  return words.join(' ');
}

/** Returns the name of a run, and the words behind it, of a command that takes both. */
export function runAndRest(words: readonly string[]): { readonly name: string; readonly rest: readonly string[] } {
  const count = words[0] === 'latest' ? 2 : 1;
  return { name: nameOfRun(words.slice(0, count)), rest: words.slice(count) };
}
