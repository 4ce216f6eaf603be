import { Context } from '@temporalio/activity';

/** Keeps API calls below a number per minute, by name. */
export interface RateLimit {
  /** Waits until a call may be made. Throws a `CancelledFailure` when the activity is cancelled. */
  acquire(name: string, perMinute: number): Promise<void>;
  /** Counts calls that were made without {@link acquire}: the pages of a list. */
  charge(name: string, perMinute: number, calls: number): void;
}

/**
 * Returns a limit of this process. Each worker has its own, so a source may be asked as often as that by each worker
 * that runs a part of a pass: mostly one, because a pass does one thing after another, and more while a pass that
 * somebody asked for runs beside the scheduled one. The first call of a process waits too: another worker may just have
 * made one.
 */
export function createRateLimit(): RateLimit {
  const next = new Map<string, number>();
  const reserve = (name: string, gapMs: number, calls: number): number => {
    const now = Date.now();
    const at = Math.max(now, next.get(name) ?? now + gapMs);
    next.set(name, at + gapMs * calls);
    return at - now;
  };
  return {
    async acquire(name, perMinute) {
      const ms = reserve(name, 60_000 / perMinute, 1);
      if (ms > 0) await Context.current().sleep(ms);
    },
    charge(name, perMinute, calls) {
      reserve(name, 60_000 / perMinute, calls);
    },
  };
}
