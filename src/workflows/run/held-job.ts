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
  StepDone,
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
  /** Has it keep the job's workspace, since a step has not passed, if it can. Throws the `CancelledFailure`. */
  keep(failedAt: number): Promise<void>;
  /** Steps that have run there before. */
  readonly done: readonly StepDone[];
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

/** Hosts that have told of a job. */
interface Heard {
  /** Those that nothing was begun on. */
  readonly waiting: JobReady[];
  /** The workspaces of all: a host may tell more than once. */
  readonly workspaces: Set<string>;
}

/** The activity that has a job held, and how it has ended. */
interface Hold {
  readonly holding: Promise<HeldJob>;
  end?: 'closed' | 'failed';
}

/** Jobs that are under way. Module state: the workflow sandbox gives each run its own. */
const hosts = new Map<string, Heard>();
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
  const heard: Heard = { waiting: [], workspaces: new Set() };
  hosts.set(id, heard);
  // Not a part of the run's scope: what runs at the end of a cancelled job still needs its host.
  const scope = new CancellationScope({
    cancellable: true,
    parent: new CancellationScope({ cancellable: false }),
  });
  const began = Date.now();
  const hold: Hold = { holding: scope.run(() => job.holdJob.executeWithOptions(options, [{ ...input, id }])) };
  hold.holding.then(
    () => (hold.end = 'closed'),
    () => (hold.end = 'failed'),
  );
  let ready: JobReady | undefined;
  try {
    for (;;) {
      await condition(() => hold.end !== undefined || heard.waiting.length > 0);
      if (hold.end !== undefined) return { held: await hold.holding, did: undefined };
      ready = takeNewest(heard);
      const host = hostOf(ready, { run, hold, heard });
      const worked = await unless(host.isReplaced, async () => ({ did: await work(host) }));
      if (worked) return { held: await close(ready, { hold, heard, began }), did: worked.did };
    }
  } catch (error) {
    const told = ready ? [ready, ...heard.waiting] : heard.waiting;
    await CancellationScope.nonCancellable(() =>
      letGo({ hosts: told, scope, hold, isCancelled: isCancellation(error) }),
    );
    throw error;
  } finally {
    hosts.delete(id);
  }
}

/** A host that tells late, when another has taken its place, waits for good. */
function hearReady(told: JobReady): void {
  const heard = hosts.get(told.job);
  if (!heard || heard.workspaces.has(told.workspace)) return;
  heard.workspaces.add(told.workspace);
  heard.waiting.push(told);
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

/** Returns the host of the latest attempt that waits, which waits no more. */
function takeNewest({ waiting }: Heard): JobReady {
  const [newest] = waiting.toSorted((a, b) => b.attempt - a.attempt);
  if (!newest) throw new Error('no host waits');
  waiting.splice(waiting.indexOf(newest), 1);
  return newest;
}

/**
 * `isReplaced`: whether another host is to be waited for, or begun on. A later attempt takes the place of any; an earlier one, as a run
 * that was reset has it, that of a host that can't be found.
 */
function hostOf(
  ready: JobReady,
  { run, hold, heard }: { run: CancellationScope; hold: Hold; heard: Heard },
): Host & { isReplaced(): boolean } {
  const { taskQueue, workspace } = ready;
  let isGone = false;
  // Once so, it stays so: what was begun there may be heard of when the job has ended elsewhere.
  let wasReplaced = false;
  const isReplaced = () => {
    wasReplaced ||= hold.end !== undefined || heard.waiting.some(({ attempt }) => isGone || attempt > ready.attempt);
    return wasReplaced;
  };
  return {
    isReplaced,
    isLost: () => isGone || isReplaced(),
    done: ready.done ?? [],
    keep: (failedAt) =>
      hostSteps.keepJob
        .executeWithOptions({ taskQueue, summary: 'keep the workspace', startToCloseTimeout: '3 minutes' }, [
          { workspace, failedAt },
        ])
        .catch((error: unknown) => {
          if (isCancellation(error)) throw error;
        }),
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

/**
 * Ends a job whose steps are done, and returns what is known of it. What they came to stands: where their host is lost meanwhile, the one
 * that takes its place has nothing to do. Throws nothing.
 */
function close(ready: JobReady, { hold, heard, began }: { hold: Hold; heard: Heard; began: number }): Promise<HeldJob> {
  return CancellationScope.nonCancellable(async () => {
    let facts: HeldJob | undefined;
    for (let host = ready; hold.end === undefined; host = takeNewest(heard)) {
      const said = await closeAt(host);
      facts ??= said;
      const isNext = ({ attempt }: JobReady) => said === undefined || attempt > host.attempt;
      await condition(() => hold.end !== undefined || heard.waiting.some(isNext));
      if (hold.end !== undefined) break;
    }
    const held = await hold.holding.catch(() => undefined);
    if (held?.attempt === ready.attempt) return held;
    return facts ?? held ?? { durationMs: Date.now() - began, tail: '', attempt: ready.attempt, url: ready.url };
  });
}

/**
 * Tells a host to let go of a job, and returns what that knows of it. Never rejects: one that does not hear it is gone, and what it held
 * ends without its heartbeats.
 */
function closeAt(
  { taskQueue, workspace }: JobReady,
  how: Omit<CloseJobInput, 'workspace'> = {},
): Promise<HeldJob | undefined> {
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
