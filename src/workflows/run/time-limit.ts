import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import { TIMED_OUT } from '../../runs/names.js';
import { noteCancelReason } from './cancel-reason.js';
import { progress } from './progress.js';

const ENDS_IN_TIME = 'end-after-timeout';
/** Of a run whose author has taken the limit away meanwhile. */
const NEVER = '365 days';
/** After this the run ends though the author's function goes on: it may have caught its cancellation. */
const GRACE = '10 minutes';

/** Waits that do not count which are under way. Module state: the workflow sandbox gives each run its own. */
let pauses = 0;
/** How long the run has worked, in milliseconds, and since when it does now (Unix ms). */
let worked = 0;
let since: number | undefined;

/**
 * Does an automation's work, and ends it when it takes longer than `timeout`: what is under way is cancelled, as when somebody
 * cancels the run, and the run fails as {@link TIMED_OUT}.
 */
export async function inTime<T>(timeout: Duration | undefined, work: () => Promise<T>): Promise<T> {
  // The history decides: an author may set a limit, or take it away, while runs are open.
  if ((timeout === undefined && !workflowInfo().unsafe.isReplaying) || !patched(ENDS_IN_TIME)) return work();
  const scope = new CancellationScope();
  let isDone = false;
  const result = scope.run(work).finally(() => {
    isDone = true;
  });
  // Awaited below.
  result.catch(() => undefined);
  const isLate = await passes(msToNumber(timeout ?? NEVER), () => isDone).catch((error: unknown) => {
    if (isCancellation(error)) return false;
    throw error;
  });
  if (!isLate || timeout === undefined) return result;
  const because = `timed out after ${typeof timeout === 'number' ? `${timeout / 1000} seconds` : timeout}`;
  noteCancelReason(because);
  progress.step('Timeout').fail(because);
  scope.cancel();
  await CancellationScope.nonCancellable(() => condition(() => isDone, GRACE));
  throw ApplicationFailure.create({ message: because, type: TIMED_OUT, nonRetryable: true });
}

/** Waits for people, or for what they do next: that is none of the time that a run has. Returns what `wait` does, and throws what it throws. */
export async function offTheClock<T>(wait: () => Promise<T>): Promise<T> {
  pauses += 1;
  try {
    return await wait();
  } finally {
    pauses -= 1;
  }
}

/** Returns how long a run that has a time limit has worked, in milliseconds. */
export function workedMs(): number {
  return worked + (since === undefined ? 0 : Date.now() - since);
}

/** Counts the time in which an earlier part of the run has worked, in milliseconds. */
export function workedBefore(ms: number): void {
  worked = ms;
}

/** Resolves to true once the run has worked for so long, or to false once the work is done. */
async function passes(ms: number, isDone: () => boolean): Promise<boolean> {
  for (;;) {
    since = Date.now();
    const isOver = !(await condition(() => isDone() || pauses > 0, Math.max(1, ms - worked)));
    worked = workedMs();
    since = undefined;
    if (isOver) return true;
    if (isDone()) return false;
    await condition(() => isDone() || pauses === 0);
  }
}
