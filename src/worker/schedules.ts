import { type Client, ScheduleAlreadyRunning, type ScheduleOptions } from '@temporalio/client';
import type { Config } from '../config/config.js';
import type { ScheduleEvent } from '../events/event.js';
import type { Logger } from '../log.js';
import { searchAttributesOf } from '../runs/search-attributes.js';
import type { Automation } from '../triggers/automation.js';
import type { CronTrigger } from '../triggers/kinds/cron.js';
import { sourceSchedules } from './source-schedules.js';

export interface ScheduleDeps {
  readonly client: Client;
  readonly taskQueue: string;
  readonly log: Logger;
}

/** For all of it, in milliseconds. */
const DEADLINE_MS = 30_000;
const DEFAULT_CATCH_UP = '1 hour';

/**
 * Makes Temporal hold one Schedule for each `cron` trigger, and for each source whose missed deliveries are looked for:
 * creates what is missing, brings up to date what is there, and deletes those that nothing asks for any more. One that an
 * operator has paused stays paused. Several workers may do this at once. Rejects with what could not be done; the rest is.
 */
export async function reconcileSchedules(
  deps: ScheduleDeps,
  automations: readonly Automation[],
  sources: Config['sources'] = {},
): Promise<void> {
  const { client, log } = deps;
  const wanted = [
    ...automations.flatMap((automation) => schedulesOf(deps, automation)),
    ...sourceSchedules(sources, { taskQueue: deps.taskQueue, prefix: prefixOf(deps) }),
  ];
  await client.withDeadline(Date.now() + DEADLINE_MS, async () => {
    const refused = await putAll(client, wanted);
    const ids = new Set(wanted.map(({ scheduleId }) => scheduleId));
    for await (const { scheduleId } of client.schedule.list()) {
      if (!scheduleId.startsWith(prefixOf(deps)) || ids.has(scheduleId)) continue;
      await client.schedule.getHandle(scheduleId).delete();
      log.info({ schedule: scheduleId }, 'a schedule was deleted: nothing asks for it any more');
    }
    if (refused.length > 0) throw new Error(refused.join('; '));
  });
}

/** Answers in words what Temporal did not take: one that it refuses is no reason to leave the others. */
async function putAll(client: Client, wanted: readonly ScheduleOptions[]): Promise<string[]> {
  const refused: string[] = [];
  for (const options of wanted)
    await put(client, options).catch((error: Error) => refused.push(`${options.scheduleId}: ${error.message}`));
  return refused;
}

async function put(client: Client, options: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { scheduleId, memo: _, searchAttributes: __, typedSearchAttributes: ___, ...changed } = options;
    await client.schedule.getHandle(scheduleId).update(({ state }) => ({ ...changed, state }) as never);
  }
}

function schedulesOf(deps: ScheduleDeps, { name, on }: Automation): ScheduleOptions[] {
  const crons = on.filter((trigger): trigger is CronTrigger => trigger.kind === 'schedule');
  return crons.map(({ cron, timezone, jitter, catchUp = DEFAULT_CATCH_UP }, index) => {
    const event: ScheduleEvent = {
      kind: 'schedule',
      source: 'schedule',
      provider: 'hookyard',
      // A Schedule starts every run with the same input; the run itself knows the rest.
      deliveryId: '',
      receivedAt: '',
      scheduledAt: '',
      cron,
    };
    return {
      scheduleId: `${prefixOf(deps)}${name}/${index}`,
      spec: {
        cronExpressions: [cron],
        ...(timezone && { timezone }),
        ...(jitter && { jitter: jitter as `${number} minutes` }),
      },
      policies: { overlap: 'SKIP', catchupWindow: catchUp as `${number} hours` },
      action: {
        type: 'startWorkflow',
        workflowType: name,
        taskQueue: deps.taskQueue,
        // Another installation in this namespace may have an automation of this name.
        workflowId: `${name}/schedule/${deps.taskQueue}/${index}`,
        args: [event],
        staticSummary: `time of cron ${cron}`,
        typedSearchAttributes: searchAttributesOf(name, event),
      },
    };
  });
}

/** Two installations in one namespace have task queues of their own. */
function prefixOf({ taskQueue }: ScheduleDeps): string {
  return `hookyard/${encodeURIComponent(taskQueue)}/`;
}
