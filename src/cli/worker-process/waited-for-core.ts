import { readFileSync } from 'node:fs';

const NS_PER_MS = 1e6;

/**
 * Returns for how long the main thread of a process has waited for a core since it began, in milliseconds: it could go on, and others ran.
 * Undefined where there is no such process, or the system does not tell. https://docs.kernel.org/scheduler/sched-stats.html
 */
export function waitedForCoreMs(pid: number): number | undefined {
  try {
    // What it ran, what it waited, both in nanoseconds, and how often it was given a core.
    const [, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return waited === undefined ? undefined : Number(waited) / NS_PER_MS;
  } catch {
    return undefined;
  }
}
