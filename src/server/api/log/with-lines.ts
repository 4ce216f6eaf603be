import type { LogStore } from '../../../store/store.js';
import type { TimelineEntry } from '../contract.js';
import { readNotes, stepsOf } from './log-steps.js';

/** Logs of one run that are looked into: of a matrix with more jobs, those that failed first, and the other steps have no lines. */
const MAX_JOBS = 32;

/** Returns a run's timeline with the lines at which its steps begin in the logs of its jobs. `jobs`: those that have a log. */
export async function withLines(
  logs: Pick<LogStore, 'read'>,
  of: { readonly run: string; readonly timeline: readonly TimelineEntry[]; readonly jobs: readonly string[] },
): Promise<TimelineEntry[]> {
  const { run, timeline, jobs } = of;
  const known = new Set(timeline.map(({ job }) => job));
  const failed = new Set(timeline.filter(({ state }) => state === 'failed').map(({ job }) => job));
  const asked = jobs
    .filter((job) => known.has(job))
    .toSorted((a, b) => Number(failed.has(b)) - Number(failed.has(a)))
    .slice(0, MAX_JOBS);
  const read = async (job: string) => [job, stepsOf(await readNotes(logs, { workflowId: run, job }))] as const;
  const steps = new Map(await Promise.all(asked.map(read)));
  return timeline.map((entry) => {
    const { job = '', number, startedAt } = entry;
    const away = ({ startedAt: at }: { readonly startedAt: number }) => Math.abs(at - Date.parse(startedAt));
    // A job that is tried again writes into the same log.
    const same = (steps.get(job) ?? []).filter((step) => step.number === number);
    const [nearest] = same.toSorted((a, b) => away(a) - away(b));
    return nearest ? { ...entry, line: nearest.from } : entry;
  });
}
