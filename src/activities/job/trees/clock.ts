/** A moment, by the machine's clock, which may be set, and by one that nobody sets. In milliseconds. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** What two readings in a row may lie apart, and less than a process takes to start. */
const SLACK_MS = 20;

/** Returns now. */
export function now(): Moment {
  return { wallMs: Date.now(), monotonicMs: performance.now() };
}

/** Returns whether the clock was set back since then, so that what came after has times from before. */
export function clockWasSetBack(since: Moment, { wallMs, monotonicMs }: Moment = now()): boolean {
  return wallMs - since.wallMs < monotonicMs - since.monotonicMs - SLACK_MS;
}
