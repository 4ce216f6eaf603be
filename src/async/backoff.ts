/** The first pause and the longest, in milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Returns the pause after so many failures, counted from 1: it doubles from `firstMs` to `maxMs`, and its upper half is
 * random, so that many who failed together do not come back together.
 */
export function backoffMs(failures: number, { firstMs, maxMs }: Backoff): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full * (0.5 + Math.random() / 2));
}
