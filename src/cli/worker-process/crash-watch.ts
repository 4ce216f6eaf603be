import type { Client } from '@temporalio/client';
import type { Logger } from '../../log.js';
import type { SetAside } from '../processes/set-aside.js';
import { createCrashCounts, type Death } from './crash-counts.js';
import { runsAtWork } from './runs-at-work.js';

/** What {@link createCrashWatch} works with. */
export interface CrashWatchDeps {
  readonly client: Client;
  readonly taskQueue: string;
  readonly setAside: SetAside;
  readonly log: Logger;
}

/** What looks at the runs of a worker process that has died. */
export interface CrashWatch {
  /** Sets the runs aside that have done it more than once. Never rejects. */
  died(pid: number, death: Death): Promise<void>;
}

/** Returns what ends the runs that take their worker down again and again, so that all others go on. */
export function createCrashWatch({ client, taskQueue, setAside, log }: CrashWatchDeps): CrashWatch {
  const crashes = createCrashCounts();
  return {
    async died(pid, death) {
      const { runs, complete } = await runsAtWork({ client, taskQueue, pid, suspects: crashes.counted() });
      if (!complete) log.warn({ found: runs.length }, NOT_ALL);
      const doing = runs.filter(({ waited }) => !waited).map(({ workflowId, at }) => `${workflowId} (${at})`);
      if (doing.length > 0) log.info({ runs: doing.slice(0, MAX_NAMED) }, AT_WORK);
      for (const { at, ...run } of crashes.record(death, runs))
        await setAside({
          ...run,
          because: `the worker process died more than once while it was at work on it (${at})`,
        });
    },
  };
}

const MAX_NAMED = 10;
const NOT_ALL =
  'not all runs that the dead worker process was at work on are known: Temporal did not answer for all in time';
const AT_WORK = 'what the worker process was at work on when it died';
