/** Jobs that the run has begun, by name. Module state: the workflow sandbox gives each run its own. */
const begun = new Map<string, number>();

/** Counts a job of the run, and returns which of that name it is, from 1. All tries of one job are one. */
export function nthOfName(name: string): number {
  const nth = (begun.get(name) ?? 0) + 1;
  begun.set(name, nth);
  return nth;
}

/** Returns how many jobs the run has begun. */
export function jobsBegun(): number {
  return [...begun.values()].reduce((sum, count) => sum + count, 0);
}
