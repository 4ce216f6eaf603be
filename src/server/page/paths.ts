/** Returns the path of a delivery's view. */
export function deliveryPath(id: string): string {
  return `/deliveries/${encoded(id)}`;
}

/** Returns the path of an automation's view. */
export function automationPath(name: string): string {
  return `/automations/${encoded(name)}`;
}

/**
 * Returns the path of a run's view, by its workflow id: with its slashes, as people read it, unless a browser would take parts of it
 * for a way up. An end that looks like the JSON of a view is written so that it is not taken for it.
 */
export function runPath(run: string): string {
  const parts = run.split('/');
  const isPlain = parts.every((part) => part !== '' && !/^\.{1,2}$/.test(part));
  const written = isPlain ? parts.map(encoded).join('/') : encoded(run);
  return `/runs/${written.replace(/\.json$/, '%2Ejson')}`;
}

/** Returns the path of a job's log. `line`: the one that it is opened at. */
export function logPath({
  run,
  job,
  line,
}: {
  readonly run: string;
  readonly job: string;
  readonly line?: number;
}): string {
  const path = `${runPath(run)}/logs/${encoded(job).replace(/\.json$/, '%2Ejson')}`;
  return line === undefined ? path : `${withQuery(path, { line })}#L${line}`;
}

/** Returns a path with a query, added to the one that it may have, of which what is undefined or empty is left out. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return search.size > 0 ? `${path}${path.includes('?') ? '&' : '?'}${search}` : path;
}

/** What is half a character can't be encoded. */
function encoded(part: string): string {
  return encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd'));
}
