import { type Client, ScheduleNotFoundError } from '@temporalio/client';
import type { Sources } from '../providers/source.js';
import { schedulePrefix } from '../runs/schedule-id.js';
import { sourceSchedules } from './source-schedules.js';

/** For all sources together, in milliseconds. */
const DEADLINE_MS = 10_000;

/**
 * Has the Schedule of each source that is reconciled look for missed deliveries now, unless it does or is paused: for a
 * receiver that was away. A Schedule that no worker has made yet looks when it is made. Returns the names of the Schedules
 * that look. Rejects while Temporal is away.
 */
export async function lookNow(
  { client, taskQueue }: { readonly client: Client; readonly taskQueue: string },
  sources: Sources,
): Promise<string[]> {
  const looking: string[] = [];
  await client.withDeadline(Date.now() + DEADLINE_MS, async () => {
    for (const { scheduleId } of sourceSchedules(sources, { taskQueue, prefix: schedulePrefix(taskQueue) })) {
      const schedule = client.schedule.getHandle(scheduleId);
      try {
        if ((await schedule.describe()).state.paused) continue;
        await schedule.trigger('SKIP');
        looking.push(scheduleId);
      } catch (error) {
        if (!(error instanceof ScheduleNotFoundError)) throw error;
      }
    }
  });
  return looking;
}
