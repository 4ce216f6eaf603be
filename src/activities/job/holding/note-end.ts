import { Context } from '@temporalio/activity';
import { hashOf } from '../../../runs/hash.js';
import { contextOf } from '../../../runs/status-context.js';
import type { RecordStore } from '../../../store/store.js';
import type { CloseJobInput, GoOnFrom, HeldJob, PassedJob } from '../../contract/index.js';
import { createAnnotationBook } from '../../status/annotation-book.js';
import type { KeepFiles } from '../kept-files.js';
import type { JobDeps, OpenJob } from '../open-job.js';
import type { AskedJob, Passed, PassedJobs } from '../passed/passed-jobs.js';
import { dropSnapshot } from '../snapshots/snapshots.js';
import type { Held } from './held.js';

/** What a job is noted with whose steps are done. */
export interface Ended {
  readonly held: Held;
  readonly input: AskedJob;
  readonly how: Pick<CloseJobInput, 'passed' | 'uncounted' | 'saves' | 'whole' | 'cancelled'>;
  /** Keeps its files, and returns what its run is told of them. */
  readonly keepFiles: KeepFiles;
  /** Where it was to go on. */
  readonly from: GoOnFrom | undefined;
  /** Snapshots were made of it. */
  readonly snapshots: boolean;
}

/** Returns what notes what has become of a job, for the runs that go on from its own and those that share its caches, and returns what its run is told. */
export function createNoteEnd({ config, store }: JobDeps, passedJobs: PassedJobs): (ended: Ended) => Promise<HeldJob> {
  return async ({ held, input, how, from, snapshots, keepFiles }) => {
    const { passed, uncounted, saves, whole, cancelled } = how;
    const { job, workflowId, hold, hasWorked } = held;
    const ended = job.facts();
    // One that takes the place of a lost worker when the steps are done has run none: what it has checked out may be another merge.
    if (hasWorked) await job.background.stop();
    const isWhole = hasWorked || whole === true;
    const isLost = !isWhole && ended.attempt > 1;
    const lostSince = isLost ? Context.current().info.scheduledTimestampMs : undefined;
    // What was restored from under another key is none of this one as long as no step has run.
    const isSaved = saves === true && held.ran.size > 0;
    const kept = !cancelled && (isWhole || isLost) ? await keepFiles({ saves: isSaved, lostSince }) : {};
    const facts = { ...ended, ...kept };
    if (passed && isWhole) await passedJobs.note(input, workflowId, passedNow(held, passed, facts));
    else if (uncounted) await passedJobs.noteUncounted(input, workflowId);
    else if (!passed && !cancelled) await passedJobs.forget(input, workflowId, from);
    if (snapshots) await dropSnapshot(config.data, { workflowId, job: input.name, hold });
    return { ...facts, ...((await isAnnotated(job, store.records)) && { annotated: true }) };
  };
}

function passedNow({ job, placed }: Held, told: PassedJob, facts: HeldJob): Passed {
  const { result, tries, steps, stepsHash = hashOf(steps) } = told;
  const { durationMs, tail, attempt } = facts;
  const artifacts = facts.artifacts?.flatMap(({ name, kept }) => (kept ? [name] : []));
  const files = { contents: placed?.contents, artifacts };
  return { ...{ result, tries, stepsHash }, durationMs, tail, attempt, merge: job.merge(), ...files };
}

/** Whether problems of an earlier run are shown on the job's commit or pull request. Where nobody can tell, none are. */
async function isAnnotated({ input }: OpenJob, records: RecordStore): Promise<boolean> {
  const { source, repository, home = repository, sha, pullRequest } = input.checkout;
  const context = contextOf(Context.current().info.workflowType ?? '', input.name);
  const book = createAnnotationBook(records);
  const places = [{ sha }, ...(pullRequest ? [{ pullRequest: pullRequest.number }] : [])];
  const shown = places.map((on) => book.isShown({ source, repository: home, context, on }));
  return (await Promise.all(shown).catch((): boolean[] => [])).includes(true);
}
