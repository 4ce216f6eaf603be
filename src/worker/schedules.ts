import {
  type Client,
  isGrpcServiceError,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOptions,
  ServiceError,
} from '@temporalio/client';
import type { Config } from '../config/config.js';
import type { ScheduleEvent } from '../events/event.js';
import type { Logger } from '../log.js';
import type { RunOptions } from '../runs/options.js';
import { cronScheduleId, schedulePrefix } from '../runs/schedule-id.js';
import { searchAttributesOf, withoutChanging } from '../runs/search-attributes.js';
import type { Automation } from '../triggers/automation.js';
import type { CronTrigger } from '../triggers/kinds/cron.js';
import { sourceSchedules } from './source-schedules.js';

/** What Schedules are made with. */
export interface ScheduleDeps {
  readonly client: Client;
  readonly taskQueue: string;
  readonly log: Logger;
}

/** gRPC's status code. */
const INVALID_ARGUMENT = 3;
/** For all Schedules together, in milliseconds. */
const DEADLINE_MS = 30_000;
const DEFAULT_CATCH_UP = '1 hour';

/**
 * Makes Temporal hold one Schedule for each `cron` trigger, and for each source that is reconciled: creates those that
 * are missing, updates those that exist, and deletes those that nothing needs any more. One that an operator has paused
 * stays paused. Several workers may do this at once. Rejects with all that Temporal refused; the rest is done. Returns whether all have
 * the search attributes by which their runs are found: a namespace that was given these lately does not know them yet.
 */
export async function reconcileSchedules(
  deps: ScheduleDeps,
  automations: readonly Automation[],
  sources: Config['sources'] = {},
): Promise<boolean> {
  const { client, log } = deps;
  const wanted = [
    ...automations.flatMap((automation) => schedulesOf(deps, automation)),
    ...sourceSchedules(sources, { taskQueue: deps.taskQueue, prefix: schedulePrefix(deps.taskQueue) }),
  ];
  return client.withDeadline(Date.now() + DEADLINE_MS, async () => {
    const { refused, unindexed } = await putAll(client, wanted);
    const ids = new Set(wanted.map(({ scheduleId }) => scheduleId));
    for await (const { scheduleId } of client.schedule.list()) {
      if (!scheduleId.startsWith(schedulePrefix(deps.taskQueue)) || ids.has(scheduleId)) continue;
      if (await remove(client, scheduleId))
        log.info({ schedule: scheduleId }, 'deleted a Schedule that no automation or source needs any more');
    }
    if (unindexed.length > 0)
      log.warn({ schedules: unindexed }, 'the runs of these Schedules lack search attributes, as the namespace does');
    if (refused.length > 0) throw new Error(refused.join('; '));
    return unindexed.length === 0;
  });
}

/** Deletes a Schedule. Returns whether it was there: what another worker has deleted is listed for a moment more. */
async function remove(client: Client, scheduleId: string): Promise<boolean> {
  try {
    await client.schedule.getHandle(scheduleId).delete();
    return true;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false;
    throw error;
  }
}

/** What came of putting all Schedules. */
interface Put {
  /** Those that Temporal refused, in words. */
  readonly refused: readonly string[];
  /** Those that lack search attributes. */
  readonly unindexed: readonly string[];
}

async function putAll(client: Client, wanted: readonly ScheduleOptions[]): Promise<Put> {
  const refused: string[] = [];
  const unindexed: string[] = [];
  for (const options of wanted) {
    const { scheduleId } = options;
    try {
      if (!(await putIndexed(client, options))) unindexed.push(scheduleId);
    } catch (error) {
      refused.push(`${scheduleId}: ${whyRefused(error as Error)}`);
    }
  }
  return { refused, unindexed };
}

/**
 * A namespace that can't be given the search attributes of this version gets a Schedule with those of the version before, or without any:
 * they are for finding runs, and no reason to have none. Returns whether it has all of them.
 */
async function putIndexed(client: Client, options: ScheduleOptions): Promise<boolean> {
  try {
    await put(client, options);
    return true;
  } catch (error) {
    const { typedSearchAttributes: all } = options.action;
    if (!isInvalid(error) || !Array.isArray(all)) throw error;
    for (const typedSearchAttributes of [withoutChanging(all), []]) {
      try {
        await put(client, { ...options, action: { ...options.action, typedSearchAttributes } });
        return false;
      } catch (second) {
        if (!isInvalid(second)) throw second;
      }
    }
    throw error;
  }
}

function isInvalid(error: unknown): boolean {
  const said = saidByServer(error);
  return isGrpcServiceError(said) && said.code === INVALID_ARGUMENT;
}

function whyRefused(error: Error): string {
  const said = saidByServer(error);
  return isGrpcServiceError(said) ? said.details || said.message : error.message;
}

/** The client wraps what the server says, and says itself no more than that it failed. */
function saidByServer(error: unknown): unknown {
  return error instanceof ServiceError ? error.cause : error;
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
      // A Schedule starts every run with the same input; the run itself fills in the rest.
      deliveryId: '',
      receivedAt: '',
      scheduledAt: '',
      cron,
    };
    return {
      scheduleId: cronScheduleId(deps.taskQueue, name, index),
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
        args: [event, { endsBy: 'outcome' } satisfies RunOptions],
        staticSummary: `time of cron ${cron}`,
        typedSearchAttributes: searchAttributesOf(name, event),
      },
    };
  });
}
