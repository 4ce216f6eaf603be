import { pathPart, runPath } from '../../runs/run-path.js';

export { runPath };

/** Returns the path of a delivery's view. */
export function deliveryPath(id: string): string {
  return `/deliveries/${pathPart(id)}`;
}

/** Returns the path where a delivery's payload is edited. */
export function editPath(id: string): string {
  return `${deliveryPath(id)}/edit`;
}

/** Returns the path of an automation's view. */
export function automationPath(name: string): string {
  return `/automations/${pathPart(name)}`;
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
  const path = `${runPath(run)}/logs/${pathPart(job).replace(/\.json$/, '%2Ejson')}`;
  return line === undefined ? path : `${withQuery(path, { line })}#L${line}`;
}

/** Returns the path that an artifact of a run is downloaded from. */
export function artifactPath({ run, name }: { readonly run: string; readonly name: string }): string {
  return withQuery('/artifacts', { id: run, name });
}

/** Returns a path with a query, added to the one that it may have, of which what is undefined or empty is left out. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return search.size > 0 ? `${path}${path.includes('?') ? '&' : '?'}${search}` : path;
}
