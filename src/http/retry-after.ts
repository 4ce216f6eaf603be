const MAX_MS = 3_600_000;
const SECONDS = /^\d+(?:\.\d+)?$/;

/**
 * Returns how long `Retry-After` asks to wait, in milliseconds, at least a second and at most an hour; undefined when
 * the header is missing or malformed. It holds seconds or an HTTP date (RFC 9110, 10.2.3); some services have parts of seconds, and what
 * comes twice, from a service and the proxy before it, is the longer one. `now`: Unix ms.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (!header) return undefined;
  const parts = header.split(',').map((part) => part.trim());
  if (parts.every((part) => SECONDS.test(part))) return bounded(Math.max(...parts.map(Number)) * 1000);
  // A date has a time of day. `Date` takes almost anything else for one too: `-1` for a month.
  const wait = header.includes(':') ? Date.parse(header) - now : Number.NaN;
  return Number.isNaN(wait) ? undefined : bounded(wait);
}

/**
 * Returns `ms`, but at least a second and at most an hour: a wrong clock or header must not delay an activity for days.
 */
export function bounded(ms: number): number {
  return Math.min(Math.max(ms, 1000), MAX_MS);
}
