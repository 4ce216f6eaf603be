import {
  type ActivityOptions,
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
} from '@temporalio/workflow';
import type { CloseJobInput, HeldJob, HoldJobInput, JobReady } from '../../activities/contract/index.js';
import { job } from './activities.js';
import { type HeardHosts, hearHosts, takeNewest } from './heard-hosts.js';
import { type Hold, holdFor } from './hold.js';
import { closeAt, type Host, hostOf } from './host.js';

/** What came of a job. */
export interface OnHost<T> {
  readonly held: HeldJob;
  /** What `work` returned; undefined where there was no host: the job's time was over, or it has passed in an earlier run. */
  readonly did: T | undefined;
}

/** What is done with a job's host. */
export interface HostWork<T> {
  /** Runs its steps. */
  readonly work: (host: Host) => Promise<T>;
  /** Returns what Temporal shows of something that is done there; absent: what it is. */
  readonly shownAs?: (what: string) => string;
  /** Returns what its host is told of the steps when the job is closed. */
  readonly told?: (did: T) => Pick<CloseJobInput, 'passed' | 'uncounted' | 'saves'>;
  /** Returns whether a snapshot after a step, from 1, has all that the steps have left; absent: none has. */
  readonly isAllLeft?: (did: T, after: number) => boolean;
}

/**
 * Has a worker hold a job, and does `work` with it: from its beginning each time that the worker was lost, with the next one. Returns
 * once the worker has let go of the job. Throws what `work` throws, why no worker could hold it, and the `CancelledFailure`: `work`
 * has ended by then.
 */
export async function onHost<T>(
  input: Omit<HoldJobInput, 'id'>,
  options: ActivityOptions,
  { work, shownAs = (what) => what, told = () => ({}), isAllLeft = () => false }: HostWork<T>,
): Promise<OnHost<T>> {
  const run = CancellationScope.current();
  if (run.consideredCancelled) throw new CancelledFailure('cancelled before the job began');
  const { id, heard, end: hearNoMore } = hearHosts(input.name);
  // Not a part of the run's scope: what runs at the end of a cancelled job still needs its host.
  const scope = new CancellationScope({
    cancellable: true,
    parent: new CancellationScope({ cancellable: false }),
  });
  const began = Date.now();
  const hold = holdFor((before) => {
    const held = { ...input, id, ...(before > 0 && { attemptsBefore: before }) };
    return scope.run(() => job.holdJob.executeWithOptions(options, [held]));
  });
  let ready: JobReady | undefined;
  try {
    for (;;) {
      await condition(() => hold.end !== undefined || heard.waiting.length > 0);
      if (hold.end !== undefined) return { held: await hold.holding, did: undefined };
      ready = takeNewest(heard);
      const host = hostOf(ready, { run, hold, heard, shownAs });
      const worked = await unless(host.isReplaced, async () => ({ did: await work(host) }));
      if (!worked) continue;
      const { did } = worked;
      const isWhole = ({ after = 0 }: JobReady) => isAllLeft(did, after);
      return { held: await close(ready, { hold, heard, began, how: told(did), isWhole }), did };
    }
  } catch (error) {
    const hosts = ready ? [ready, ...heard.waiting] : heard.waiting;
    await CancellationScope.nonCancellable(() => letGo({ hosts, scope, hold, isCancelled: isCancellation(error) }));
    throw error;
  } finally {
    hearNoMore();
  }
}

/** Returns what `work` does; undefined once it is lost, whatever it does then. Work that has ended is not lost any more. */
async function unless<T>(isLost: () => boolean, work: () => Promise<T>): Promise<T | undefined> {
  const scope = new CancellationScope();
  let isOver = false;
  const working = scope.run(work).finally(() => {
    isOver = true;
  });
  working.catch(() => undefined);
  await CancellationScope.nonCancellable(() => condition(() => isOver || isLost()));
  if (isOver) return working;
  scope.cancel();
  return undefined;
}

/**
 * Ends a job whose steps are done, and returns what is known of it. What they came to stands: where their host is lost meanwhile, the one
 * that takes its place has nothing to do. Throws nothing.
 */
function close(
  ready: JobReady,
  {
    hold,
    heard,
    began,
    how,
    isWhole,
  }: {
    hold: Hold;
    heard: HeardHosts;
    began: number;
    how: Pick<CloseJobInput, 'passed' | 'uncounted' | 'saves'>;
    isWhole: (host: JobReady) => boolean;
  },
): Promise<HeldJob> {
  return CancellationScope.nonCancellable(async () => {
    let facts: HeldJob | undefined;
    hold.isOver = true;
    for (let host = ready; hold.end === undefined; host = takeNewest(heard)) {
      const whole = host === ready || isWhole(host);
      const said = await closeAt(host, { ...how, ...(whole && { whole: true }) });
      facts ??= said;
      const isNext = ({ attempt }: JobReady) => said === undefined || attempt > host.attempt;
      await condition(() => hold.end !== undefined || heard.waiting.some(isNext));
      if (hold.end !== undefined) break;
    }
    const held = await hold.holding.catch(() => undefined);
    if (held?.attempt === ready.attempt) return held;
    const known = facts ?? held ?? { durationMs: Date.now() - began, tail: '', attempt: ready.attempt, url: ready.url };
    // What its host was about to keep when it was lost: the one that takes its place has kept it, or can tell.
    const { artifacts, caches } = held ?? {};
    return { ...known, ...(artifacts && { artifacts }), ...(caches && { caches }) };
  });
}

/** Ends a job that is not gone on with, and waits for that. Hosts hear it at once; Temporal's cancellation, with their next heartbeat. */
async function letGo({
  hosts,
  scope,
  hold,
  isCancelled,
}: {
  hosts: readonly JobReady[];
  scope: CancellationScope;
  hold: Hold;
  isCancelled: boolean;
}): Promise<void> {
  const telling = new CancellationScope();
  const how = isCancelled ? ({ cancelled: true } as const) : {};
  const told = telling.run(() => Promise.all(hosts.map((host) => closeAt(host, how))));
  scope.cancel();
  await hold.holding.catch(() => undefined);
  telling.cancel();
  await told;
}
