import type { GoOnFrom } from '../../contract/index.js';
import type { KeptFiles } from '../kept-files.js';
import type { AskedJob, Known, PassedJobs } from './passed-jobs.js';

/** In which run a job is asked for, by workflow id, and which it goes on from. */
export interface AskedIn {
  readonly run: string;
  readonly from: GoOnFrom | undefined;
}

/**
 * Returns what is known of a job in the runs that its own goes on from. One that has passed there does not count where what it has kept is
 * not there any more, which later jobs need, or where what it needs is another one by now.
 */
export async function knownNow(
  { passedJobs, keptFiles }: { readonly passedJobs: PassedJobs; readonly keptFiles: KeptFiles },
  job: AskedJob,
  { run, from }: AskedIn,
): Promise<Known> {
  const known = await passedJobs.find(job, from);
  if (known.kind !== 'passed') return known;
  const { contents, artifacts: kept } = known.passed;
  const because = await keptFiles.whyNotAsBefore({ needs: job.needs, kept, from: known.run, run, contents });
  return because === undefined ? known : { kind: 'changed', run: known.run, because };
}

/** Returns where a job may go on that has failed in a run: there, or in those nearer, and in none before. */
export function upTo(from: GoOnFrom | undefined, failedIn: string | undefined): GoOnFrom | undefined {
  if (from === undefined || failedIn === undefined) return from;
  const { before = [] } = from;
  return { ...from, before: before.slice(0, before.indexOf(failedIn) + 1) };
}
