/**
 * Returns the path of a run's view on Hookyard's own page, by its workflow id: with its slashes, as people read it, unless a browser
 * would take parts of it for a way up, or it would be the path of a job's log: a source may be called `logs`. An end that looks like the
 * JSON of a view is written so that it is not taken for it.
 */
export function runPath(run: string): string {
  const parts = run.split('/');
  const isPlain = parts.at(-2) !== 'logs' && parts.every((part) => part !== '' && !/^\.{1,2}$/.test(part));
  const written = isPlain ? parts.map(pathPart).join('/') : pathPart(run);
  return `/runs/${written.replace(/\.json$/, '%2Ejson')}`;
}

/** Returns a text as one part of a path. What is half a character can't be encoded, and is replaced. */
export function pathPart(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}
