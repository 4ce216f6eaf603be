import { type Client, isGrpcServiceError, type WorkflowExecutionInfo, WorkflowNotFoundError } from '@temporalio/client';
import { mapAtOnce } from '../../../async/at-once.js';
import { queryText } from '../../../runs/query-text.js';
import { askVisibility } from '../ask-visibility.js';
import { MAX_TRIES } from './candidates.js';
import { whySetAside } from './why-set-aside.js';
import { type WhyStuck, whyStuck } from './why-stuck.js';

/** A run by its ids. */
export interface NamedRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** A run as a list of Temporal's and a look at it both tell it. */
export type ToldRun = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'type' | 'startTime'>;

/** A run that is open and does not go on by itself. */
export interface StuckOpenRun extends WhyStuck {
  readonly run: ToldRun;
}

const AT_ONCE = 16;
/** gRPC's status code. */
const NOT_FOUND = 5;

/** Looks at runs, and returns what is said of those of which something is. */
export async function lookAtEach<R, T>(
  runs: readonly R[],
  look: (run: R) => Promise<T | undefined>,
): Promise<readonly T[]> {
  const all = await mapAtOnce(runs, AT_ONCE, (run) => look(run).catch(unlessGone));
  return all.filter((one) => one !== undefined);
}

/** A run that was deleted is listed for a while. */
function unlessGone(error: unknown): undefined {
  if (error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && error.code === NOT_FOUND)) return;
  throw error;
}

/** Returns what says why an open run does not go on; undefined for one that does, or has ended. */
export function lookAtOpen(client: Client) {
  return async ({ workflowId, runId }: NamedRun): Promise<StuckOpenRun | undefined> => {
    const run = await client.workflow.getHandle(workflowId, runId).describe();
    // What Temporal has noted stays there when a run has ended.
    const why = run.status.name === 'RUNNING' ? await whyStuck(client, run) : undefined;
    return why && { run, ...why };
  };
}

/** Returns what says why a run was set aside; undefined for one that was not, or was replayed. */
export function lookAtAside(client: Client) {
  return async (run: ToldRun) => {
    const because = await whySetAside(client, run);
    return because === undefined || (await wasReplayed(client, run)) ? undefined : { run, because };
  };
}

/** Returns whether somebody has asked for the run again: then nobody has to look at this one. */
async function wasReplayed(client: Client, { workflowId, runId, startTime }: ToldRun): Promise<boolean> {
  const first = workflowId.replace(/\/replay-\d+$/, '');
  const since = `"${startTime.toISOString()}"`;
  // No run is executed before it is started: of the two, SQLite has an index of the first alone, and looks through no older ones.
  const later = `ExecutionTime > ${since} AND StartTime > ${since} AND RunId != "${runId}"`;
  const query = `WorkflowId STARTS_WITH ${queryText(`${first}/replay-`)} AND ${later}`;
  const { count } = await askVisibility(() => client.workflow.count(query), MAX_TRIES);
  return count > 0;
}
