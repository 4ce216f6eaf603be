import { isDeepStrictEqual } from 'node:util';
import { hashOf } from '../../../runs/hash.js';
import type { GoOnFrom, JobReady } from '../../contract/index.js';
import { type NeedsNow, whichChanged } from '../artifacts/placed-needs.js';
import { type JobOfRun, type KeepDeps, ofJob } from './keep-job.js';
import type { Manifest, RanStep, SnapshotOf } from './snapshot.js';
import { dropSnapshot, findJob, findLearnt, findSnapshot, restoreSnapshot } from './snapshots.js';
import type { StoredJob } from './stored-job.js';

/** Where a job may go on. */
export interface Beginning {
  /** Its worker was lost: the name of the snapshots that were made of it, see {@link SnapshotName}. */
  readonly hold?: string | undefined;
  /** It failed in another run. */
  readonly from?: GoOnFrom | undefined;
  /** Returns what it needs, as it is now. */
  readonly needsNow: () => Promise<NeedsNow>;
  readonly signal: AbortSignal;
}

/** Where a job goes on. */
export interface TakenUp {
  /** The workspace is as earlier steps have left it, though none of them may have passed. */
  readonly isTakenUp: boolean;
  /** What was placed in it before those. */
  readonly before?: Manifest['placed'];
  /** The steps that are not run again, but for background steps. */
  readonly ran: readonly RanStep[];
  /** What its run has to know of that. */
  readonly told: Pick<JobReady, 'done' | 'after'>;
}

/**
 * Puts into a job's workspace what its own last snapshot holds, where its worker was lost, or that of the run that it goes on from. Where
 * there is none on this machine that fits, it begins with its first step: its log says so, and why. Throws where a snapshot can't be
 * restored: a part of it may be there, so the job begins anew in another workspace, and without this one.
 */
export async function takeUp(
  deps: KeepDeps,
  ofRun: JobOfRun,
  { hold, from, needsNow, signal }: Beginning,
): Promise<TakenUp> {
  const { job } = ofRun;
  const { steps } = job.input;
  const own = hold === undefined ? undefined : await findOwn(deps, ofRun, hold);
  if (own?.kind === 'fits') {
    await restore(deps, ofRun, own.manifest, signal);
    const after = own.manifest.failedAt - 1;
    await job.jobLog.note(`goes on in its last snapshot, after step ${after} of ${steps}`);
    return { isTakenUp: true, before: own.manifest.placed, ran: own.manifest.ran, told: { after } };
  }
  const other = from && (await findOther(deps, ofRun, { from, needsNow }));
  if (from && other?.kind === 'fits') {
    const { ran, failedAt, of, placed } = other.manifest;
    await restore(deps, ofRun, other.manifest, signal);
    await job.jobLog.note(`goes on in the workspace of ${of.workflowId}, with step ${failedAt} of ${steps}`);
    const done = ran.map((one) => ({ number: one.number, ran: one.ran }));
    return { isTakenUp: true, before: placed, ran, told: done.length > 0 ? { done } : {} };
  }
  const none = other ?? own;
  if (none?.kind === 'none') await job.jobLog.note(`begins with its first step: ${none.because}`);
  return { isTakenUp: false, ran: [], told: {} };
}

type Found =
  | { readonly kind: 'fits'; readonly manifest: Manifest }
  | { readonly kind: 'none'; readonly because: string };

async function findOwn({ config }: KeepDeps, ofRun: JobOfRun, hold: string): Promise<Found> {
  const { job, workflowId } = ofRun;
  const manifest = await findSnapshot(config.data, { workflowId, job: job.input.name, hold });
  if (!manifest) return { kind: 'none', because: 'this worker has no snapshot of it' };
  const because = whyOfAnother(manifest.of, ofRun);
  return because === undefined ? { kind: 'fits', manifest } : { kind: 'none', because: `its last snapshot ${because}` };
}

/** Looks into the runs that a job goes on from, the nearest first: one that was stopped has left no workspace of it. */
async function findOther(
  { config }: KeepDeps,
  ofRun: JobOfRun,
  { from, needsNow }: Pick<Beginning, 'needsNow'> & { readonly from: GoOnFrom },
): Promise<Found> {
  const { name, nth } = ofRun.job.input;
  const found = await nearest(config, { name, nth }, from);
  if (found) return fitting({ config, needsNow }, ofRun, { ...from, run: found.run }, found.manifest);
  return { kind: 'none', because: `this worker keeps no workspace of ${from.run}` };
}

/** Which job of its run it is. */
interface Named {
  readonly name: string;
  readonly nth?: number | undefined;
}

async function nearest(
  { data }: Pick<KeepDeps['config'], 'data'>,
  { name, nth }: Named,
  from: GoOnFrom,
): Promise<{ readonly run: string; readonly manifest: Manifest } | undefined> {
  for (const run of [from.run, ...(from.before ?? [])]) {
    const manifest = await findSnapshot(data, { workflowId: run, job: name, nth });
    if (manifest) return { run, manifest };
  }
  return undefined;
}

/**
 * Returns the name of the workspace that a job may go on in: that of its worker that was lost, or that in which it has failed in the run
 * that it goes on from. What its steps have written may hold it. `run`: its own, by workflow id.
 */
export async function folderBefore(
  { config }: Pick<KeepDeps, 'config'>,
  { run, name, nth }: Named & { readonly run: string },
  { hold, from }: Pick<Beginning, 'hold' | 'from'>,
): Promise<string | undefined> {
  const own = hold === undefined ? undefined : await findSnapshot(config.data, { workflowId: run, job: name, hold });
  return (own ?? (from && (await nearest(config, { name, nth }, from))?.manifest))?.folder;
}

async function fitting(
  { config, needsNow }: Pick<KeepDeps, 'config'> & Pick<Beginning, 'needsNow'>,
  ofRun: JobOfRun,
  { run, steps, stepHashes = steps.map(hashOf) }: GoOnFrom,
  manifest: Manifest,
): Promise<Found> {
  const because = whyOfAnother(manifest.of, ofRun);
  if (because !== undefined) return { kind: 'none', because: `the workspace of ${run} ${because}` };
  if (manifest.bringsBack)
    return { kind: 'none', because: `which files were removed in the workspace of ${run} is not known` };
  if (manifest.moved)
    return {
      kind: 'none',
      because: `the commits, tags or staged changes that steps had made or fetched in the workspace of ${run} are not kept`,
    };
  const changed =
    whatHasChanged(await findJob(config.data, manifest.of), ofRun) ??
    whatOfNeedsHasChanged(manifest.placed, await needsNow());
  const areSame = manifest.ran.every(({ number, step }) => hashOf(step) === stepHashes[number - 1]);
  if (changed === undefined && areSame) return { kind: 'fits', manifest };
  return { kind: 'none', because: `${changed ?? 'steps have'} changed since ${run}` };
}

/** Returns in words what has changed that all steps depend on; undefined if nothing has. */
function whatHasChanged(stored: StoredJob | undefined, { job: { input } }: JobOfRun): string | undefined {
  if (!stored) return 'its environment may have';
  if (!isDeepStrictEqual(stored.input.env ?? {}, input.env)) return 'its environment has';
  if (!isDeepStrictEqual(runnerOf(stored.input), runnerOf(input))) return 'where its steps run has';
  const { options: before = {} } = stored.input.checkout;
  const { options: now = {} } = input.checkout;
  return isDeepStrictEqual(before, now) ? undefined : 'its checkout options have';
}

/** Returns in words what has changed that was placed before the first step; undefined if nothing has. */
function whatOfNeedsHasChanged(before: Manifest['placed'], now: NeedsNow): string | undefined {
  // Nobody knows either whether a stranger's files are there.
  if (!before) return 'what it needs may have';
  if (before.needs !== now.needs) return 'what it needs has';
  return whichChanged(before.contents, now.contents) === undefined ? undefined : 'an artifact that it needs has';
}

/** What a job says of where its steps run: the rest is as the configuration has it, and whose its code is. */
function runnerOf({ trust, runner, network }: JobOfRun['job']['input']): readonly unknown[] {
  return [trust === true, runner, network];
}

/** Returns in words why a snapshot does not fit what a job has checked out. */
function whyOfAnother(its: SnapshotOf, ofRun: JobOfRun): string | undefined {
  const own = ofJob(ofRun);
  const isSame = (['source', 'repository', 'sha'] as const).every((name) => own[name] === its[name]);
  if (!isSame) return 'is of another commit';
  const isOtherMerge = its.checkedOut !== undefined && its.checkedOut !== own.checkedOut;
  return isOtherMerge ? 'is of another merge: the base branch has moved' : undefined;
}

async function restore(
  { config, log }: KeepDeps,
  { job, workflowId }: JobOfRun,
  { of, ran }: Manifest,
  signal: AbortSignal,
): Promise<void> {
  // First: what says that it can't be restored may quote it.
  for (const value of await findLearnt(config.data, of)) job.masks.learn(value);
  try {
    await restoreSnapshot(config.data, { of, workspace: job.workspace, runner: job.runner, signal }, job.gracePeriods);
  } catch (error) {
    if (!signal.aborted) await dropSnapshot(config.data, of);
    log.warn(
      { err: error, run: workflowId, of: of.workflowId, job: job.input.name },
      'a workspace that was kept could not be restored, and is removed',
    );
    throw error;
  }
  for (const { number, ran: step } of ran) if (step.outputs) job.told.set(number, step.outputs);
}
