/** What a command says of the argument that names a run. */
export const RUN_NAMES =
  'its id, <automation>/<source>/<delivery key>, or a beginning that no other has; a delivery that started it; or "latest <automation>"';

/** Returns the name of a run, of which the shell made words: `latest ci`. */
export function nameOfRun(words: readonly string[]): string {
  return words.join(' ');
}
