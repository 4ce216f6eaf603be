import { retryAfterMs } from '../../http/retry-after.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The longest waits between attempts of an outbound message, as Standard Webhooks recommends: about 28 hours in all. */
export const SCHEDULE: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  10 * HOUR,
];

/**
 * Returns how long to wait after attempt number `attempt` (from 1), in milliseconds: the schedule's wait, the last fifth of it random, so
 * that not everything comes at once after an outage, and at least what the endpoint's `Retry-After` asks for.
 */
export function waitAfter(
  attempt: number,
  { retryAfter, schedule = SCHEDULE }: { retryAfter: string | undefined; schedule?: readonly number[] },
): number {
  const most = schedule[Math.min(attempt, schedule.length) - 1] ?? SECOND;
  const jittered = Math.max(Math.min(SECOND, most), most * (0.8 + Math.random() / 5));
  return Math.round(Math.max(jittered, retryAfterMs(retryAfter, Date.now()) ?? 0));
}
