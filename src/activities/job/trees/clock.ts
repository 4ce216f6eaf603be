/** A moment, by the machine's clock, which may be set, and by one that nobody sets. In milliseconds. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** What two readings in a row may lie apart, and less than a process takes to start. */
const SLACK_MS = 20;
/** What reading both clocks may take for one moment, in milliseconds, and how often they are read until it does not. */
const CLOSE_MS = 5;
const TRIES = 100;

/** Returns now. Both clocks are read again where the process waited for the CPU between them. */
export function now(): Moment {
  for (let tries = 1; ; tries++) {
    const before = performance.now();
    const wallMs = Date.now();
    const monotonicMs = performance.now();
    if (monotonicMs - before <= CLOSE_MS || tries === TRIES) return { wallMs, monotonicMs };
  }
}

/** Returns whether the clock was set back since then, so that what came after has times from before. */
export function clockWasSetBack(since: Moment, { wallMs, monotonicMs }: Moment = now()): boolean {
  return wallMs - since.wallMs < monotonicMs - since.monotonicMs - SLACK_MS;
}
