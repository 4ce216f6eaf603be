import { stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../../config/config.js';
import type { Logger } from '../../../log.js';
import { mirrorMark } from '../../../runs/forgotten-mirrors.js';
import type { KeptJob } from '../../../runs/kept-job.js';
import { shellWord } from '../../../runs/shell-word.js';
import type { HostStep } from '../../contract/index.js';
import type { PlacedNeeds } from '../artifacts/placed-needs.js';
import type { OpenJob } from '../open-job.js';
import { inFiles, inMegabytes, inSeconds } from '../packing/in-words.js';
import { notKeptInWords } from '../packing/left-out-in-words.js';
import { asWritten } from '../packing/list-paths.js';
import type { RanStep, SnapshotOf } from './snapshot.js';
import { type KeptSnapshot, keepSnapshot } from './snapshots.js';
import { hasStaged } from './staged-changes.js';
import { hasUnkeptCommits } from './unkept-commits.js';

/** What keeping workspaces works with. */
export interface KeepDeps {
  readonly config: Pick<Config, 'data' | 'jobs'>;
  readonly log: Logger;
}

/** A job, and the run that it is of. */
export interface JobOfRun {
  readonly job: OpenJob;
  readonly workflowId: string;
  /** What was placed before its first step; undefined as long as nothing was. */
  readonly placed?: PlacedNeeds | undefined;
}

/** What steps have done so far. */
export interface Progress {
  /** Those that count: background steps are begun again. */
  readonly ran: readonly RanStep[];
  /** See {@link markBegin}. */
  readonly since: number;
  /** Aborts when the workspace is not to be read any more. */
  readonly signal: AbortSignal;
}

const DAY_MS = 24 * 3_600_000;

/** Returns the time from which on what is changed in a workspace was changed by steps, Unix ms, by its file system's clock. */
export async function markBegin({ workspace }: Pick<OpenJob, 'workspace'>): Promise<number> {
  const mark = join(workspace.folder, 'steps-begin');
  await writeFile(mark, '');
  return (await stat(mark)).ctimeMs;
}

/**
 * Keeps the workspace of a job as the step left it that did not pass, so that a later run can go on there, or a person look at it; says
 * in the job's log what was kept. `steps`: all of the job, where its run has told them. Never rejects: a job ends as it does without.
 */
export async function keepJob(
  { config, log }: KeepDeps,
  { job, workflowId, placed }: JobOfRun,
  { failed, steps, ...progress }: Progress & { failed: RanStep; steps: readonly HostStep[] | undefined },
): Promise<KeptJob> {
  const { input, workspace, gracePeriods, jobLog } = job;
  const { keepFailedDays } = config.jobs;
  const notKept = (because: string) => ({ kind: 'not kept', job: input.name, because }) as const;
  if (keepFailedDays === 0) return notKept('jobs.keepFailedDays is 0');
  const until = Date.now() + keepFailedDays * DAY_MS;
  try {
    refuseSecrets(job, progress.ran);
    const stored = steps && { job: { input, steps, attempt: job.facts().attempt } };
    const of = ofJob({ job, workflowId });
    // Git may not be able to tell, and a person can look at the workspace all the same.
    const tracked = (signal: AbortSignal) =>
      allTracked(job, signal).catch(async (error: Error) => {
        signal.throwIfAborted();
        await jobLog.note(`files that steps have removed are not known: ${error.message}`, { aside: true });
        return undefined;
      });
    const heads = job.heads();
    const moved =
      (await hasUnkeptCommits(join(workspace.folder, 'src'), heads)) || (await hasStaged(job, heads, progress.signal));
    const snapshot = {
      ...{ ...progress, of, failedAt: failed.number, workspace, runner: job.runner, tracked, ...stored },
      placed,
      learnt: job.masks.values(),
      submodules: heads.map(({ path }) => path),
      ...(moved && { moved: true as const }),
    };
    const { leftOut, ...kept } = await keepSnapshot(config.data, snapshot, gracePeriods);
    for (const one of notKeptInWords(kept, asWritten)) await jobLog.note(`its workspace: ${one}`, { aside: true });
    const left = leftOut.files > 0 ? `; ${sizeInWords(leftOut)}, were too much and are left out` : '';
    const run = shellWord(workflowId);
    const shell = stored ? `, hookyard shell ${run} opens a shell in it` : '';
    const again = moved
      ? 'runs it from its first step, since steps have made or fetched commits, tags or staged changes, which are not kept'
      : 'goes on there';
    await jobLog.note(
      `its workspace is kept, ${sizeInWords(kept)}${left}: hookyard rerun ${run} --from-failed ${again}${shell}`,
      { aside: true },
    );
    return { kind: 'kept', job: input.name, step: failed.step.name, host: hostname(), until };
  } catch (error) {
    return notKept(await noteNotKept('its workspace is not kept', error, { log, job, workflowId }));
  }
}

/**
 * Keeps the workspace of a job as a step has left it, so that the job goes on there if its worker is lost. `hold`: see
 * {@link SnapshotName}. What is not whole is not kept: going on there might end in another way. Never rejects.
 */
export async function snapshotJob(
  { config, log }: KeepDeps,
  { job, workflowId, placed }: JobOfRun,
  { hold, after, ...progress }: Progress & { hold: string; after: number },
): Promise<void> {
  const { workspace, gracePeriods, jobLog } = job;
  const began = Date.now();
  try {
    refuseSecrets(job, progress.ran);
    const of = { ...ofJob({ job, workflowId }), hold };
    const { runner } = job;
    const tracked = (signal: AbortSignal) => allTracked(job, signal);
    const learnt = job.masks.values();
    const known = { ...progress, of, failedAt: after + 1, placed };
    const submodules = job.heads().map(({ path }) => path);
    const snapshot = { ...known, workspace, runner, tracked, learnt, submodules, whole: true as const };
    const { leftOut, ...kept } = await keepSnapshot(config.data, snapshot, gracePeriods);
    if (leftOut.files > 0) throw new NotToBeKept(`${sizeInWords(leftOut)}, are more than there is room for`);
    const [without] = notKeptInWords(kept, asWritten);
    if (without !== undefined) throw new NotToBeKept(`it would not be whole: ${without}`);
    const took = inSeconds(Date.now() - began);
    await jobLog.note(`snapshot after step ${after}: ${sizeInWords(kept)}, in ${took}`, { aside: true });
  } catch (error) {
    await noteNotKept(`no snapshot after step ${after}`, error, { log, job, workflowId });
  }
}

/** A step may have removed any of them. */
function allTracked({ tracked }: OpenJob, signal: AbortSignal): Promise<readonly string[]> {
  return tracked(signal, { submodules: true });
}

/** Returns whose snapshot it is that is made of a job. */
export function ofJob({ job, workflowId }: JobOfRun): SnapshotOf {
  // By the name of the repository that the event is of: a fork that the commit is fetched from is not what may be forgotten.
  const { source, repository: from, home: repository = from, sha } = job.input.checkout;
  const checkedOut = job.merge() ?? sha;
  const { name, nth } = job.input;
  return {
    workflowId,
    job: name,
    ...(nth !== undefined && { nth }),
    source,
    repository: mirrorMark(repository),
    sha,
    checkedOut,
  };
}

/** What a person can know beforehand: no trouble of this machine. */
class NotToBeKept extends Error {
  override readonly name = 'NotToBeKept';
}

/** Throws where what steps have told can't be written down as it was. */
function refuseSecrets({ told }: OpenJob, ran: readonly RanStep[]): void {
  const secret = ran.find(({ number, ran: { outputs = {} } }) =>
    Object.entries(outputs).some(([name, value]) => told.get(number)?.[name] !== value),
  );
  if (secret) throw new NotToBeKept(`an output of ${secret.step.name} holds a secret`);
}

/** Notes in a job's log why nothing is kept, and returns it. */
async function noteNotKept(
  what: string,
  error: unknown,
  { log, job, workflowId }: JobOfRun & Pick<KeepDeps, 'log'>,
): Promise<string> {
  const { message } = error as Error;
  if (!(error instanceof NotToBeKept))
    log.warn({ err: error, run: workflowId, job: job.input.name }, 'the workspace of a job could not be kept');
  await job.jobLog.note(`${what}: ${message}`, { aside: true });
  return message;
}

function sizeInWords({ files, bytes }: Pick<KeptSnapshot, 'files' | 'bytes'>): string {
  return `${inFiles(files)}, ${inMegabytes(bytes)}`;
}
