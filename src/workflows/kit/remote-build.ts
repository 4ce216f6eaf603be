import type { Duration } from '@temporalio/common/lib/time.js';
import { ActivityFailure, ApplicationFailure, CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import type { FailureType, RemoteBuildOutcome } from '../../activities/contract/index.js';
import { link } from '../../events/markdown.js';
import { beginInCell, keepCellOpen } from '../run/cells/cell.js';
import { reasonOf } from '../run/failure.js';
import { keepSlot } from '../run/lane.js';
import { type ProgressStep, progress } from '../run/progress.js';

/** A build that runs elsewhere. */
export interface RemoteBuild {
  readonly wait: () => Promise<RemoteBuildOutcome>;
  readonly cancel: () => Promise<void>;
  /** Its page, where the service has named it. */
  readonly url: string | undefined;
}

/** Runs that an older version started leave a build alone that could not be triggered, or asked for, to the end. */
const CANCELS_WHAT_FAILED = 'cancels-builds-that-failed';

/** A build is cancelled in this time, or not at all. */
export const CANCELLING = { startToCloseTimeout: '4 minutes', scheduleToCloseTimeout: '20 minutes' } as const;

/** A build that is to be started. */
export interface CalledBuild {
  readonly step: ProgressStep;
  /** The same each time that its author tries it again. */
  readonly name: string;
  readonly timeout: Duration | undefined;
}

/**
 * Starts a build, waits for it within the timeout, and cancels it when the run is cancelled, time is up, or nobody can tell how it does.
 * Throws when it can't be started, or is not done in time.
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
    step.end('running', link('its page', build.url));
    const { url = build.url, ...ended } = await CancellationScope.withTimeout(timeout, build.wait);
    const outcome = { ...ended, ...(url !== undefined && { url }) };
    inCell(outcome.passed);
    step.end(
      outcome.passed ? 'passed' : outcome.outcome === 'cancelled' ? 'cancelled' : 'failed',
      link(outcome.conclusion, url),
      { because: url === undefined ? outcome.conclusion : `${outcome.conclusion}, see ${url}` },
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
    if (build && (stopped || patched(CANCELS_WHAT_FAILED))) await quietly(build.cancel);
    throw stopped && !cancelled
      ? ApplicationFailure.nonRetryable(`the remote build was ${because}`, 'TimedOut')
      : error;
  }
}

/**
 * Cancels what a trigger may have made that has failed with this, of which nobody has heard; undefined where nothing is to be cancelled.
 * It is called where the trigger is awaited: an async function around that would be one more turn of the event loop, and runs that an older
 * version started would go on in another order. `once`: one look has to do. `before`: whether older versions have done so for a run that
 * was cancelled.
 */
export function cancelLost(
  error: unknown,
  cancel: (lost: { readonly once?: true }) => Promise<void>,
  before = false,
): Promise<void> | undefined {
  const type = error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.type;
  const isAnswer = type === ('Refused' satisfies FailureType);
  // Whoever can't be asked can't be told to cancel either.
  const isNowhere =
    type === ('NotConfigured' satisfies FailureType) || type === ('PrivateAddress' satisfies FailureType);
  if (!(before && isCancellation(error)) && (isNowhere || !patched(CANCELS_WHAT_FAILED))) return undefined;
  return quietly(() => cancel(isAnswer ? { once: true } : {}));
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
