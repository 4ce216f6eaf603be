import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

/** How often to ask, in milliseconds: the first interval, growing by half each time up to the last. */
export interface Pace {
  readonly firstMs: number;
  readonly lastMs: number;
  /** How many failures in a row are taken for trouble that passes. */
  readonly toleratedFailures: number;
}

export interface PollOptions {
  readonly pace: Pace;
  /** Give up after this long. Default: the activity's own timeout ends it. */
  readonly forMs?: number;
  /** Sent with each heartbeat, for the next attempt to go on from. */
  readonly details?: unknown;
}

/** The longest silence between two heartbeats while waiting, in milliseconds. */
const HEARTBEAT_MS = 10_000;

/**
 * Asks until there is an answer, and gives it; undefined when `forMs` have passed without one. A refusal is tolerated
 * like any other failure, because what was just started may not be visible everywhere yet; only what a person must
 * change, and our own mistakes, end the wait at once. Throws a `CancelledFailure` when the activity is cancelled.
 */
export async function poll<T>(ask: () => Promise<T | undefined>, options: PollOptions): Promise<T | undefined> {
  const { pace, forMs = Number.POSITIVE_INFINITY, details } = options;
  const until = Date.now() + forMs;
  let interval = pace.firstMs;
  let failures = 0;
  for (;;) {
    Context.current().heartbeat(details);
    let failure: ApplicationFailure | undefined;
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
      failures = 0;
    } catch (error) {
      failures += 1;
      if (!mayPass(error) || failures > pace.toleratedFailures) throw error;
      failure = error;
    }
    const pause = Math.max(interval, askedDelay(failure));
    if (Date.now() + pause > until) {
      if (failure) throw failure;
      return undefined;
    }
    await wait(pause, details);
    interval = Math.min(interval * 1.5, pace.lastMs);
  }
}

function mayPass(error: unknown): error is ApplicationFailure {
  return error instanceof ApplicationFailure && error.type !== 'NotConfigured' && error.type !== 'PrivateAddress';
}

function askedDelay(failure: ApplicationFailure | undefined): number {
  return typeof failure?.nextRetryDelay === 'number' ? failure.nextRetryDelay : 0;
}

async function wait(ms: number, details: unknown): Promise<void> {
  const context = Context.current();
  for (let left = ms; left > 0; left -= HEARTBEAT_MS) {
    context.heartbeat(details);
    await context.sleep(Math.min(left, HEARTBEAT_MS));
  }
}
