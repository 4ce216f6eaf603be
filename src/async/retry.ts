import { setTimeout as wait } from 'node:timers/promises';

/** How often and how something is tried again. */
export interface Retry {
  /** Whether to try again after this error; `tries` counts those that have failed, from 1. */
  readonly again: (error: unknown, tries: number) => boolean;
  /** The pause after so many tries, in milliseconds. */
  readonly pauseMs: (tries: number) => number;
  /** False lets the process end during a pause. */
  readonly ref?: boolean;
}

/**
 * Returns what `work` resolves to, trying again while `again` says so; then throws the last error. The `p-retry`
 * package never tries again after a TypeError of ours, and its pauses are not those of {@link backoffMs}.
 */
export async function retry<T>(work: () => Promise<T>, { again, pauseMs, ref = true }: Retry): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!again(error, tries)) throw error;
      await wait(pauseMs(tries), undefined, { ref });
    }
  }
}
