import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Logger } from '../../log.js';
import { SET_ASIDE } from '../../runs/set-aside.js';
import { createCrashCounts, type Death, type RunAtWork } from './crash-counts.js';
import { runsAtWork } from './runs-at-work.js';

/** What {@link createCrashWatch} works with. */
export interface CrashWatchDeps {
  readonly client: Client;
  readonly taskQueue: string;
  readonly log: Logger;
}

/** What looks at the runs of a worker process that has died. */
export interface CrashWatch {
  /** Sets the runs aside that have done it more than once. Never rejects. */
  died(pid: number, death: Death): Promise<void>;
}

const DEADLINE_MS = 5_000;

/** Returns what ends the runs that take their worker down again and again, so that all others go on. */
export function createCrashWatch({ client, taskQueue, log }: CrashWatchDeps): CrashWatch {
  const crashes = createCrashCounts();
  const setAside = async ({ workflowId, runId, automation, at }: RunAtWork) => {
    const reason = `${SET_ASIDE}: the worker process died more than once while it was at work on it (${at})`;
    const end = () => client.workflow.getHandle(workflowId, runId).terminate(reason);
    try {
      await client.withDeadline(Date.now() + DEADLINE_MS, end);
      log.error({ run: workflowId, automation, at }, WAS_SET_ASIDE);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return;
      log.error({ run: workflowId, automation, at, because: (error as Error).message }, NOT_SET_ASIDE);
    }
  };
  return {
    async died(pid, death) {
      try {
        const atWork = await runsAtWork({ client, taskQueue, pid });
        if (atWork.length > 0)
          log.info({ runs: atWork.map(({ workflowId, at }) => `${workflowId} (${at})`).slice(0, MAX_NAMED) }, AT_WORK);
        for (const run of crashes.record(death, atWork)) await setAside(run);
      } catch (error) {
        log.warn(
          { because: (error as Error).message },
          'which runs the dead worker process was at work on could not be asked: Temporal did not answer in time',
        );
      }
    },
  };
}

const MAX_NAMED = 10;
const AT_WORK = 'what the worker process was at work on when it died';
const WAS_SET_ASIDE =
  'a run was set aside (terminated): the worker process died more than once while it was at work on it; correct the automation, then npx hookyard replay its delivery';
const NOT_SET_ASIDE =
  'a run that takes the worker process down could not be set aside: end it with temporal workflow terminate --workflow-id <run>';
