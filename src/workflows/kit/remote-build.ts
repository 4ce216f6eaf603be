import type { Duration } from '@temporalio/common/lib/time.js';
import { ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { RemoteBuildOutcome } from '../../activities/contract/index.js';
import { link } from '../../events/markdown.js';
import { beginInCell, keepCellOpen } from '../run/cell.js';
import { reasonOf } from '../run/failure.js';
import { keepSlot } from '../run/lane.js';
import { type ProgressStep, progress } from '../run/progress.js';

/** A build that runs elsewhere. */
export interface RemoteBuild {
  readonly wait: () => Promise<RemoteBuildOutcome>;
  readonly cancel: () => Promise<void>;
}

/** A build that is to be started. */
export interface CalledBuild {
  readonly step: ProgressStep;
  /** The same each time that its author tries it again. */
  readonly name: string;
  readonly timeout: Duration | undefined;
}

/**
 * Starts a build, waits for it within the timeout, and cancels it when the run is cancelled or time is up. Throws when it
 * can't be started, or is not done in time.
 */
export function awaitRemoteBuild(called: CalledBuild, start: () => Promise<RemoteBuild>): Promise<RemoteBuildOutcome> {
  return keepCellOpen(progress.track(keepSlot(() => run(called, start))));
}

async function run(
  { step, name, timeout = '2 hours' }: CalledBuild,
  start: () => Promise<RemoteBuild>,
): Promise<RemoteBuildOutcome> {
  let build: RemoteBuild | undefined;
  const inCell = beginInCell(name, { isBuild: true });
  try {
    build = await start();
    const outcome = await CancellationScope.withTimeout(timeout, build.wait);
    inCell(outcome.passed);
    step.end(
      outcome.passed ? 'passed' : outcome.outcome === 'cancelled' ? 'cancelled' : 'failed',
      link(outcome.conclusion, outcome.url),
      { because: `${outcome.conclusion}, see ${outcome.url}` },
    );
    return outcome;
  } catch (error) {
    inCell(false);
    const stopped = isCancellation(error);
    // A timeout cancels the waiting too; only a run that was asked to end counts as cancelled.
    const cancelled = stopped && CancellationScope.current().consideredCancelled;
    const because = stopped ? `not done within ${timeout}` : reasonOf(error);
    if (cancelled) step.end('cancelled');
    else step.fail(because);
    if (stopped && build) await quietly(build.cancel);
    throw stopped && !cancelled
      ? ApplicationFailure.nonRetryable(`the remote build was ${because}`, 'TimedOut')
      : error;
  }
}

/** Cancels a build though the run is cancelled itself; what goes wrong is a trouble of the run. */
export async function quietly(cancel: () => Promise<void>): Promise<void> {
  try {
    await CancellationScope.nonCancellable(cancel);
  } catch (error) {
    progress.step('Cancel the remote build').fail(reasonOf(error));
  }
}

/** Runs all, settles as the first of them does, and cancels the rest. */
export async function firstOf<T>(contenders: readonly (() => Promise<T>)[]): Promise<T> {
  const scope = new CancellationScope();
  try {
    return await scope.run(() => Promise.race(contenders.map((contender) => contender())));
  } finally {
    scope.cancel();
  }
}
