import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

/** How long to wait between requests, in milliseconds: `firstMs`, growing by half each time up to `lastMs`. */
export interface PollInterval {
  readonly firstMs: number;
  readonly lastMs: number;
  /** How many failures in a row are taken for temporary. */
  readonly toleratedFailures: number;
}

/** How often and how long something is asked for. */
export interface PollOptions {
  readonly interval: PollInterval;
  /** Give up after this long. Default: the activity's own timeout ends it. */
  readonly forMs?: number;
  /** Sent with each heartbeat, for the next attempt to go on from. */
  readonly details?: unknown;
}

/** The longest silence between two heartbeats while waiting, in milliseconds. */
const HEARTBEAT_MS = 10_000;

/**
 * Calls `ask` until it returns something, and returns that; undefined when `forMs` have passed without it. A refusal is
 * tolerated like any other failure, because what was just started may not be visible everywhere yet; only what a person
 * must change, and our own mistakes, end the wait at once. Throws a `CancelledFailure` when the activity is cancelled.
 */
export async function poll<T>(ask: () => Promise<T | undefined>, options: PollOptions): Promise<T | undefined> {
  const { interval, forMs = Number.POSITIVE_INFINITY, details } = options;
  const until = Date.now() + forMs;
  let waitMs = interval.firstMs;
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
      if (!mayPass(error) || failures > interval.toleratedFailures) throw error;
      failure = error;
    }
    const pause = Math.max(waitMs, askedDelay(failure));
    if (Date.now() + pause > until) {
      if (failure) throw failure;
      return undefined;
    }
    await wait(pause, details);
    waitMs = Math.min(waitMs * 1.5, interval.lastMs);
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
