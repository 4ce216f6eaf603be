import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../../config/config.js';
import type { Logger } from '../../../log.js';
import { mirrorMark } from '../../../runs/forgotten-mirrors.js';
import type { HostStep, StepDone } from '../../contract/index.js';
import type { OpenJob } from '../open-job.js';
import { outputVariable } from '../parse-output.js';
import {
  dropSnapshot,
  findSnapshot,
  keepSnapshot,
  type RanStep,
  restoreSnapshot,
  type SnapshotOf,
} from './snapshots.js';

/** What keeping workspaces works with. */
export interface KeepDeps {
  readonly config: Pick<Config, 'data' | 'jobs'>;
  readonly log: Logger;
}

/** A job, and the run that it is of. */
export interface JobOfRun {
  readonly job: OpenJob;
  readonly workflowId: string;
}

/** Returns the time from which on what is changed in a workspace was changed by steps, Unix ms, by its file system's clock. */
export async function markBegin({ workspace }: Pick<OpenJob, 'workspace'>): Promise<number> {
  const mark = join(workspace.folder, 'steps-begin');
  await writeFile(mark, '');
  return (await stat(mark)).ctimeMs;
}

/**
 * Keeps the workspace of a job as the step left it that did not pass, so that a later run can go on there; says in the job's log what
 * was kept. Never rejects: a job ends as it does without.
 */
export async function keepJob(
  { config, log }: KeepDeps,
  { job, workflowId }: JobOfRun,
  { failedAt, ran, since }: { failedAt: number; ran: readonly RanStep[]; since: number },
): Promise<void> {
  const { workspace, gracePeriods } = job;
  const note = (text: string) => job.jobLog.note(text, { aside: true });
  if (config.jobs.keepFailedDays === 0) return;
  const secret = ran.find(({ ran: { outputs = {} } }) =>
    Object.entries(outputs).some(([name, value]) => job.told[outputVariable(name)] !== value),
  );
  if (secret) return note(`its workspace is not kept: an output of ${secret.step.name} holds a secret`);
  try {
    const snapshot = { of: ofJob({ job, workflowId }), failedAt, ran, workspace, since };
    const { files, bytes, leftOut } = await keepSnapshot(config.data, snapshot, gracePeriods);
    const left =
      leftOut.files > 0 ? `; ${leftOut.files} files, ${inMb(leftOut.bytes)}, were too much and are left out` : '';
    await note(
      `its workspace is kept, ${files} files, ${inMb(bytes)}${left}: hookyard rerun ${workflowId} --from-failed goes on there`,
    );
  } catch (error) {
    log.warn(
      { err: error, run: workflowId, job: job.input.name },
      'the workspace of a job that failed could not be kept',
    );
    await note(`its workspace is not kept: ${(error as Error).message}`);
  }
}

/**
 * Puts into a job's workspace what that of an earlier run held when a step did not pass, and returns the steps that passed there.
 * None, with the reason in the job's log, where it is not on this machine, of another commit, or of steps that have changed since.
 */
export async function goOn(
  { config, log }: KeepDeps,
  { job, workflowId }: JobOfRun,
  { run, steps, signal }: { run: string; steps: readonly HostStep[]; signal: AbortSignal },
): Promise<readonly StepDone[]> {
  const { jobLog, workspace, gracePeriods } = job;
  const begins = (because: string) => jobLog.note(`begins with its first step: ${because}`).then(() => []);
  const kept = await findSnapshot(config.data, { workflowId: run, job: job.input.name });
  if (!kept) return begins(`this worker keeps no workspace of ${run}`);
  const { workflowId: _, ...own } = ofJob({ job, workflowId });
  const { workflowId: __, ...its } = kept.of;
  if (!isDeepStrictEqual(own, its)) return begins(`the workspace of ${run} is of another commit`);
  if (!kept.ran.every(({ number, step }) => isDeepStrictEqual(step, steps[number - 1])))
    return begins(`steps have changed since ${run}`);
  try {
    await restoreSnapshot(config.data, { of: kept.of, workspace, signal }, gracePeriods);
  } catch (error) {
    // A part of it may be there, so the job begins anew in another workspace, and without this one.
    if (!signal.aborted) await dropSnapshot(config.data, kept.of);
    log.warn(
      { err: error, run, job: job.input.name },
      'a workspace that was kept could not be restored, and is removed',
    );
    throw error;
  }
  await jobLog.note(`goes on in the workspace of ${run}, with step ${kept.failedAt} of ${steps.length}`);
  for (const { ran } of kept.ran)
    for (const [name, value] of Object.entries(ran.outputs ?? {})) job.told[outputVariable(name)] = value;
  return kept.ran.map(({ number, ran }) => ({ number, ran }));
}

function ofJob({ job: { input }, workflowId }: JobOfRun): SnapshotOf {
  const { source, repository, sha } = input.checkout;
  return { workflowId, job: input.name, source, repository: mirrorMark(repository), sha };
}

function inMb(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
