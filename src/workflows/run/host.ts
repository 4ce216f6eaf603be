import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  isCancellation,
} from '@temporalio/workflow';
import type {
  CloseJobInput,
  FailureType,
  HeldJob,
  HostStep,
  JobReady,
  RunStepInput,
  StepDone,
  StepRan,
} from '../../activities/contract/index.js';
import { cutToBytes } from '../../events/truncate.js';
import { hostSteps } from './activities.js';
import { reasonOf } from './failure.js';
import type { HeardHosts } from './heard-hosts.js';
import type { Hold } from './hold.js';
import { whenRoom } from './message-room.js';

/** The host that holds a job, in one attempt. */
export interface Host {
  /**
   * Runs a step there, and resolves to how it ended. Does not resolve where the host is lost: the job begins anew then. Throws the
   * `CancelledFailure`, and what another host could do no better.
   */
  step(input: Omit<RunStepInput, 'workspace'>, options: StepOptions): Promise<StepRan>;
  /** Has it keep the job's workspace, since a step has not passed, if it can. Throws the `CancelledFailure`. */
  keep(failedAt: number, steps: readonly HostStep[]): Promise<void>;
  /** Has it keep the workspace as a step has left it, if it can, for the next host. Throws the `CancelledFailure`. */
  snapshot(after: number): Promise<void>;
  /** Steps that have run in another run, in whose workspace it goes on. */
  readonly done: readonly StepDone[];
  /** The step, from 1, after which the host before made the snapshot that this one goes on in; 0 where it begins anew. */
  readonly after: number;
  /** Returns whether nothing more can run there. */
  isLost(): boolean;
}

/** How Temporal shows a step, and how long it may take, in milliseconds. */
export interface StepOptions {
  readonly summary: string;
  readonly mostMs: number;
}

/** In bytes: Temporal takes no more than 400. */
const MAX_SUMMARY = 300;
const KEEPING = { startToCloseTimeout: '3 minutes' } as const;

/**
 * Returns the host that has told that it holds a job. `isReplaced`: whether another host is to be waited for, or begun on. A later
 * attempt takes the place of any; an earlier one, as a run that was reset has it, that of a host that can't be found.
 */
export function hostOf(
  ready: JobReady,
  {
    run,
    hold,
    heard,
    shownAs,
  }: { run: CancellationScope; hold: Hold; heard: HeardHosts; shownAs: (what: string) => string },
): Host & { isReplaced(): boolean } {
  const { taskQueue, workspace } = ready;
  const shown = (what: string) => ({ taskQueue, summary: cutToBytes(shownAs(what), MAX_SUMMARY) });
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
    after: ready.after ?? 0,
    keep(failedAt, steps) {
      const input = { workspace, failedAt, steps };
      const options = { ...KEEPING, ...shown('keep the workspace') };
      return ifItCan(whenRoom(input, () => hostSteps.keepJob.executeWithOptions(options, [input])));
    },
    snapshot: (after) =>
      ifItCan(
        hostSteps.snapshotJob.executeWithOptions({ ...KEEPING, ...shown(`snapshot after step ${after}`) }, [
          { workspace, after },
        ]),
      ),
    async step(input, { summary, mostMs }) {
      try {
        const options = { ...shown(summary), startToCloseTimeout: mostMs };
        return await whenRoom(input, () => hostSteps.runStep.executeWithOptions(options, [{ ...input, workspace }]));
      } catch (error) {
        const ran = ranOf(error);
        if (ran) return ran;
        if (isCancellation(error) || isFinal(error)) throw error;
        isGone = true;
        if (run.consideredCancelled) throw new CancelledFailure('cancelled, and its worker was lost');
        // If the worker is there all the same, it gives the job up, and Temporal has it begin anew.
        void CancellationScope.nonCancellable(() => closeAt(ready, { lost: reasonOf(error) }));
        // What always runs is in a scope that nothing cancels.
        const scope = CancellationScope.current();
        await (scope.cancellable ? scope : run).cancelRequested;
        throw error;
      }
    },
  };
}

/**
 * Tells a host to let go of a job, and returns what that knows of it. Never rejects: one that does not hear it is gone, and what it held
 * ends without its heartbeats.
 */
export function closeAt(
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

/** A job goes on without what its host could not do. */
async function ifItCan(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
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
