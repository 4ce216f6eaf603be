const MAX_MS = 3_600_000;

/**
 * Returns how long `Retry-After` asks to wait, in milliseconds, at least a second and at most an hour; undefined when
 * the header is missing or malformed. It holds seconds or an HTTP date (RFC 9110, 10.2.3). `now`: Unix ms.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (!header) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : bounded(wait);
}

/**
 * Returns `ms`, but at least a second and at most an hour: a wrong clock or header must not delay an activity for days.
 */
export function bounded(ms: number): number {
  return Math.min(Math.max(ms, 1000), MAX_MS);
}
