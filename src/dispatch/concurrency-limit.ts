/**
 * How many dispatches may be under way at once. Temporal and its workers share a database: while starts come as fast as
 * they can be made, little else gets done, and the runs complete later than if they had been started later. So as soon as
 * a start takes much longer than the quickest of late, fewer go out at once; one always may.
 */
export interface Pace {
  /** At least one. */
  limit(): number;
  /** Temporal took one, in this many milliseconds. */
  answered(ms: number): void;
}

const FIRST_LIMIT = 4;
const MAX = 32;
/** A start may take this many times as long as the quickest, and some milliseconds, before it counts as held up. */
const SLOWER = 2.5;
const SLACK_MS = 8;
/** What was the quickest once is forgotten by and by: another engine, or another network, may be behind the address. */
const FORGET = 1.002;
const LESS = 0.85;

export function createPace(): Pace {
  let limit = FIRST_LIMIT;
  let quickest = Number.POSITIVE_INFINITY;
  return {
    limit: () => Math.floor(limit),
    answered(ms) {
      quickest = Math.min(quickest * FORGET, ms);
      const isHeldUp = ms > quickest * SLOWER + SLACK_MS;
      limit = isHeldUp ? Math.max(1, limit * LESS) : Math.min(MAX, limit + 1 / limit);
    },
  };
}
