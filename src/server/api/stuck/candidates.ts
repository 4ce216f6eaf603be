import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { ofTaskQueue } from '../../../runs/query-text.js';
import { askVisibility } from '../ask-visibility.js';

/** What lists of runs that may be stuck ask. */
export interface CandidatesDeps {
  readonly client: Client;
  readonly taskQueue: string;
  /** How many are looked at each time. */
  readonly most?: number;
}

/** Which runs may be stuck, as Temporal is asked for them. */
export const STUCK_AMONG = { open: `ExecutionStatus = 'Running'`, aside: `ExecutionStatus = 'Terminated'` } as const;

/** Runs that are looked at each time, of the open ones and of those that were terminated: the newest. */
const MAX_RUNS = 200;
/** Runs of one page of a list whose beginning is mostly enough. */
const PAGE = 50;
/** So often each list and each count is asked for at most: whether runs were replayed takes a count for each. */
export const MAX_TRIES = 12;

/** Runs that are looked at, of a list. */
export interface Candidates {
  readonly runs: readonly WorkflowExecutionInfo[];
  /** False if there are more. */
  readonly complete: boolean;
}

/**
 * Returns the newest open runs. Temporal lists open runs first, so those of the list of all runs are taken that come before the first that
 * has ended: on SQLite, whoever asks for open runs alone has it look through those of all task queues.
 */
export async function newestOpen(deps: CandidatesDeps): Promise<Candidates> {
  const most = mostOf(deps);
  const query = ofTaskQueue(deps.taskQueue);
  return askVisibility(async () => {
    const runs: WorkflowExecutionInfo[] = [];
    for await (const run of deps.client.workflow.list({ query, pageSize: Math.min(most, PAGE) })) {
      if (run.closeTime !== undefined) break;
      if (runs.push(run) === most) return { runs, complete: false };
    }
    return { runs, complete: true };
  }, MAX_TRIES);
}

/** Returns the newest runs of those that a query means. */
export async function newest(deps: CandidatesDeps, which: string): Promise<Candidates> {
  const most = mostOf(deps);
  return askVisibility(async () => {
    const runs: WorkflowExecutionInfo[] = [];
    for await (const run of listCandidates(deps, which)) if (runs.push(run) === most) break;
    return { runs, complete: runs.length < most };
  }, MAX_TRIES);
}

/** Returns how many runs are looked at each time. */
export function mostOf({ most = MAX_RUNS }: Pick<CandidatesDeps, 'most'>): number {
  return most;
}

/** Lists runs of this installation from the newest to the oldest, so many at each question as are looked at each time. */
export function listCandidates(deps: CandidatesDeps, which: string): AsyncIterable<WorkflowExecutionInfo> {
  const query = `${ofTaskQueue(deps.taskQueue)} AND ${which}`;
  return deps.client.workflow.list({ query, pageSize: mostOf(deps) });
}
