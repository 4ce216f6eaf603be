import { Context } from '@temporalio/activity';

/** Holds calls back to so many a minute, by name. */
export interface Pace {
  /** Waits for the next turn. Ends with a `CancelledFailure` when the activity is cancelled. */
  turn(name: string, perMinute: number): Promise<void>;
  /** Counts calls that were made without a turn: the pages of a list. */
  charge(name: string, perMinute: number, calls: number): void;
}

/** Below the activity's heartbeat timeout. */
const HEARTBEAT_MS = 5_000;

/**
 * Each process keeps its own turns, so calls may come as often as that from each worker that has a part of a look under
 * way: mostly one, because a look does one thing after another, and more while somebody's look runs beside the scheduled
 * one. The first of a process waits too, for another may have had the one before.
 */
export function createPace(): Pace {
  const next = new Map<string, number>();
  const reserve = (name: string, gapMs: number, calls: number): number => {
    const now = Date.now();
    const at = Math.max(now, next.get(name) ?? now + gapMs);
    next.set(name, at + gapMs * calls);
    return at - now;
  };
  return {
    async turn(name, perMinute) {
      const ms = reserve(name, 60_000 / perMinute, 1);
      if (ms > 0) await Context.current().sleep(ms);
    },
    charge(name, perMinute, calls) {
      reserve(name, 60_000 / perMinute, calls);
    },
  };
}

/** Lets the engine know that the activity lives, also while a call takes long. */
export async function whileBeating<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(beat, HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** What the activity has done so far, for an attempt that goes on from there; kept per activity. */
const progress = new WeakMap<Context, unknown>();

/** Notes what has been done, and tells it to the engine. */
export function note(details: unknown): void {
  progress.set(Context.current(), details);
  beat();
}

/** A heartbeat replaces the details of the one before, also those of an earlier attempt. */
function beat(): void {
  const context = Context.current();
  context.heartbeat(progress.get(context) ?? context.info.heartbeatDetails);
}
