/** How often something may be done. */
export interface TokenBucketOptions {
  /** So often at once. */
  readonly burst: number;
  /** So often in the long run. */
  readonly perSecond: number;
}

/**
 * Returns a function that tells whether something may be done now, and counts it if so: a token bucket. `now`: in milliseconds, by a clock
 * that nobody sets.
 */
export function createTokenBucket(
  { burst, perSecond }: TokenBucketOptions,
  now: () => number = () => performance.now(),
): () => boolean {
  let left = burst;
  let at = now();
  return () => {
    const before = at;
    at = now();
    left = Math.min(burst, left + ((at - before) / 1_000) * perSecond);
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
