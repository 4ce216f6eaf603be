import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../log.js';

const EVERY_MS = 5_000;

/** What is done again and again, and until when. */
export interface Sweep {
  readonly pass: () => Promise<void>;
  /** For the log: what a pass does. */
  readonly what: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** The pause between two passes, in milliseconds; five seconds by default. */
  readonly everyMs?: number;
}

/**
 * Calls `pass` again and again, with a pause between. One that fails is logged, once for a row of them, and called
 * again. Resolves when the signal has aborted and the pass that was under way has ended.
 */
export async function sweepAgain({ pass, what, signal, log, everyMs = EVERY_MS }: Sweep): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await pass();
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === 1 && !signal.aborted) log.warn({ err: error }, `${what}: this did not work, and is tried again`);
    }
    // Ends early when it is stopped.
    await wait(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
