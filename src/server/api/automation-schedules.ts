import type { Client } from '@temporalio/client';
import { cronScheduleId } from '../../runs/schedule-id.js';
import type { Automation } from '../../triggers/automation.js';
import type { CronTrigger } from '../../triggers/kinds/cron.js';
import type { ShownSchedule } from './contract.js';

/** What {@link schedulesOf} asks. */
export interface SchedulesDeps {
  readonly client: Client;
  readonly taskQueue: string;
}

const DEADLINE_MS = 1_500;
const NEXT_TIMES = 3;

/** Returns when an automation's `cron` triggers start it. What Temporal does not tell in time has no next times. */
export function schedulesOf(deps: SchedulesDeps, { name, on }: Automation): Promise<ShownSchedule[]> {
  const crons = on.filter((trigger): trigger is CronTrigger => trigger.kind === 'schedule');
  return Promise.all(
    crons.map(async ({ cron, timezone }, index) => ({
      ...{ cron, ...(timezone !== undefined && { timezone }) },
      ...(await asTemporalSays(deps, cronScheduleId(deps.taskQueue, name, index))),
    })),
  );
}

async function asTemporalSays({ client }: SchedulesDeps, id: string): Promise<Pick<ShownSchedule, 'next' | 'paused'>> {
  const ask = () => client.schedule.getHandle(id).describe();
  const found = await client.withDeadline(Date.now() + DEADLINE_MS, ask).catch(() => undefined);
  if (found?.state.paused) return { next: [], paused: true };
  return { next: (found?.info.nextActionTimes ?? []).slice(0, NEXT_TIMES).map((time) => time.toISOString()) };
}
