import { retryAfterMs } from '../../http/retry-after.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Between attempts of an outbound message, as Standard Webhooks recommends: about 28 hours in all. */
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
 * How long to wait after attempt number `attempt` (from 1), in milliseconds: somewhere up to the schedule's wait, so
 * that after an outage not everything comes at once, and at least what the endpoint asked for.
 */
export function waitAfter(
  attempt: number,
  { retryAfter, schedule = SCHEDULE }: { retryAfter: string | undefined; schedule?: readonly number[] },
): number {
  const most = schedule[Math.min(attempt, schedule.length) - 1] ?? SECOND;
  const jittered = Math.max(Math.min(SECOND, most), Math.random() * most);
  return Math.round(Math.max(jittered, retryAfterMs(retryAfter, Date.now()) ?? 0));
}
