/**
 * Decides how many dispatches may be under way at once. Temporal and its workers share a database: starts that come as
 * fast as they can be made slow everything else down, and the runs complete later than if they had been started later.
 * So the limit falls as soon as a start takes much longer than the quickest of late, and rises again while none does.
 */
export interface ConcurrencyLimit {
  /** Returns a whole number, at least 1. */
  limit(): number;
  /** Takes into account that Temporal accepted a dispatch in `ms` milliseconds. */
  observe(ms: number): void;
}

const FIRST_LIMIT = 4;
const MAX_LIMIT = 32;
/** A start is slow if it takes longer than this many times the quickest and some milliseconds. */
const SLOW_FACTOR = 2.5;
const SLACK_MS = 8;
/** The quickest time grows by this with each start: another Temporal server or network may be behind the address. */
const FORGET_FACTOR = 1.002;
const DECREASE_FACTOR = 0.85;

/** Returns a limit that has observed nothing. */
export function createConcurrencyLimit(): ConcurrencyLimit {
  let limit = FIRST_LIMIT;
  let quickestMs = Number.POSITIVE_INFINITY;
  return {
    limit: () => Math.floor(limit),
    observe(ms) {
      quickestMs = Math.min(quickestMs * FORGET_FACTOR, ms);
      const isSlow = ms > quickestMs * SLOW_FACTOR + SLACK_MS;
      limit = isSlow ? Math.max(1, limit * DECREASE_FACTOR) : Math.min(MAX_LIMIT, limit + 1 / limit);
    },
  };
}
