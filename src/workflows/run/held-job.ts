import {
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  defineSignal,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import type {
  CloseJobInput,
  FailureType,
  HeldJob,
  HoldJobInput,
  JobReady,
  RunStepInput,
  StepRan,
} from '../../activities/contract/index.js';
import { JOB_READY_SIGNAL } from '../../runs/names.js';
import { hostSteps, job } from './activities.js';
import { reasonOf } from './failure.js';

/** The host that holds a job, in one attempt. */
export interface Host {
  /**
   * Runs a step there, and resolves to how it ended. Does not resolve where the host is lost: the job begins anew then. Throws the
   * `CancelledFailure`, and what another host could do no better.
   */
  step(input: Omit<RunStepInput, 'workspace'>, options: StepOptions): Promise<StepRan>;
  /** Returns whether nothing more can run there. */
  isLost(): boolean;
}

/** How Temporal shows a step, and how long it may take, in milliseconds. */
export interface StepOptions {
  readonly summary: string;
  readonly mostMs: number;
}

/** What came of a job. */
export interface OnHost<T> {
  readonly held: HeldJob;
  /** What `work` returned; undefined where the job's time was over before there was a host. */
  readonly did: T | undefined;
}

/** Jobs that are under way, with the newest host of each. Module state: the workflow sandbox gives each run its own. */
const hosts = new Map<string, JobReady | undefined>();
let jobs = 0;

/**
 * Has a worker hold a job, and does `work` with it: from its beginning each time that the worker was lost, with the next one. Returns
 * once the worker has let go of the job. Throws what `work` throws, why no worker could hold it, and the `CancelledFailure`: `work`
 * has ended by then.
 */
export async function onHost<T>(
  input: Omit<HoldJobInput, 'id'>,
  options: ActivityOptions,
  work: (host: Host) => Promise<T>,
): Promise<OnHost<T>> {
  const run = CancellationScope.current();
  if (run.consideredCancelled) throw new CancelledFailure('cancelled before the job began');
  jobs += 1;
  if (jobs === 1) setHandler(defineSignal<[JobReady]>(JOB_READY_SIGNAL), hearReady);
  const id = `${input.name} ${jobs}`;
  hosts.set(id, undefined);
  // Not a part of the run's scope: what runs at the end of a cancelled job still needs its host.
  const scope = new CancellationScope({
    cancellable: true,
    parent: new CancellationScope({ cancellable: false }),
  });
  const hold: { end?: 'closed' | 'failed' } = {};
  const holding = scope.run(() => job.holdJob.executeWithOptions(options, [{ ...input, id }]));
  holding.then(
    () => (hold.end = 'closed'),
    () => (hold.end = 'failed'),
  );
  const attempt = () => hosts.get(id)?.attempt ?? 0;
  try {
    for (let known = 0; ; ) {
      await condition(() => hold.end !== undefined || attempt() > known);
      const ready = hosts.get(id);
      if (hold.end !== undefined || !ready) return { held: await holding, did: undefined };
      known = ready.attempt;
      // Once lost, it stays so: what was begun there may be heard of when the job has ended elsewhere.
      let wasLost = false;
      const isLost = () => {
        wasLost ||= hold.end === 'failed' || attempt() > ready.attempt;
        return wasLost;
      };
      const done = await unless(isLost, async () => {
        const did = await work(hostOf(ready, { run, isLost }));
        await CancellationScope.nonCancellable(() => closeAt(ready));
        return { held: await holding, did };
      });
      if (done) return done;
    }
  } catch (error) {
    await CancellationScope.nonCancellable(() =>
      letGo({ ready: hosts.get(id), scope, holding, isCancelled: isCancellation(error) }),
    );
    throw error;
  } finally {
    hosts.delete(id);
  }
}

/** Signals that come late, of an attempt that was given up, count no more. */
function hearReady(told: JobReady): void {
  if (hosts.has(told.job) && told.attempt > (hosts.get(told.job)?.attempt ?? 0)) hosts.set(told.job, told);
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

function hostOf(ready: JobReady, { run, isLost }: { run: CancellationScope; isLost: () => boolean }): Host {
  const { taskQueue, workspace } = ready;
  let isGone = false;
  return {
    isLost: () => isGone || isLost(),
    async step(input, { summary, mostMs }) {
      try {
        return await hostSteps.runStep.executeWithOptions({ taskQueue, summary, startToCloseTimeout: mostMs }, [
          { ...input, workspace },
        ]);
      } catch (error) {
        const ran = ranOf(error);
        if (ran) return ran;
        if (isCancellation(error) || isFinal(error)) throw error;
        isGone = true;
        if (run.consideredCancelled) throw new CancelledFailure('cancelled, and its worker was lost');
        // If the worker is there all the same, it gives the job up, and Temporal has it begin anew.
        void CancellationScope.nonCancellable(() => closeAt(ready, { lost: reasonOf(error) }));
        await CancellationScope.current().cancelRequested;
        throw error;
      }
    },
  };
}

/** Tells a host to let go of a job. Never rejects: one that does not hear it is gone, and what it held ends without its heartbeats. */
function closeAt({ taskQueue, workspace }: JobReady, how: Omit<CloseJobInput, 'workspace'> = {}): Promise<void> {
  return hostSteps.closeJob
    .executeWithOptions(
      {
        taskQueue,
        startToCloseTimeout: '10 seconds',
        cancellationType: 'TRY_CANCEL',
        retry: { maximumAttempts: 3 },
      },
      [{ workspace, ...how }],
    )
    .catch(() => undefined);
}

/** Ends a job that is not gone on with, and waits for that. The host hears it at once; Temporal's cancellation, with its next heartbeat. */
async function letGo({
  ready,
  scope,
  holding,
  isCancelled,
}: {
  ready: JobReady | undefined;
  scope: CancellationScope;
  holding: Promise<unknown>;
  isCancelled: boolean;
}): Promise<void> {
  const telling = new CancellationScope();
  const told = ready && telling.run(() => closeAt(ready, isCancelled ? { cancelled: true } : {}));
  scope.cancel();
  await holding.catch(() => undefined);
  telling.cancel();
  await told;
}

/** Returns how a step ended that did not pass; undefined if that is not what the failure says. */
function ranOf(error: unknown): StepRan | undefined {
  const cause = causeOf(error);
  return cause?.type === ('StepFailed' satisfies FailureType) ? (cause.details?.[0] as StepRan) : undefined;
}

function isFinal(error: unknown): boolean {
  if (!(error instanceof ActivityFailure)) return true;
  const cause = causeOf(error);
  return cause?.nonRetryable === true && cause.type !== ('JobLost' satisfies FailureType);
}

function causeOf(error: unknown): ApplicationFailure | undefined {
  const isFailure = error instanceof ActivityFailure && error.cause instanceof ApplicationFailure;
  return isFailure ? (error.cause as ApplicationFailure) : undefined;
}
