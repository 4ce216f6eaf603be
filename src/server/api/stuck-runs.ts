import {
  type Client,
  isGrpcServiceError,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { mapAtOnce } from '../../async/at-once.js';
import { queryText } from '../../runs/query-text.js';
import { reportedProblem } from '../../runs/reported-problem.js';
import { SET_ASIDE } from '../../runs/set-aside.js';
import { runUrl } from '../../runs/url.js';
import { HttpError } from '../http/http-error.js';
import type { StuckRun, StuckRunsAnswer } from './contract.js';

/** What {@link listStuckRuns} asks. */
export interface StuckRunsDeps {
  readonly client: Client;
  readonly taskQueue: string;
  readonly uiUrl: string | undefined;
}

/** Runs that are looked at, of the open ones and of those that were terminated: the newest. */
const MAX_RUNS = 200;
const AT_ONCE = 16;
const DEADLINE_MS = 8_000;
/** By then an activity has been tried for hours. */
const MANY_ATTEMPTS = 100;
/** `HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT` of Temporal's API. */
const CLOSE_EVENT = 2;
/** gRPC's status code. */
const NOT_FOUND = 5;

/**
 * Lists the runs that don't go on by themselves: those that Temporal reports problems of, those with an activity that fails
 * again and again, and those that were set aside and not replayed since. Throws {@link HttpError} with 503 when Temporal
 * does not answer.
 */
export async function listStuckRuns(deps: StuckRunsDeps): Promise<StuckRunsAnswer> {
  const { client, taskQueue, uiUrl } = deps;
  const of = async (status: string, look: (run: WorkflowExecutionInfo) => Promise<string | undefined>) => {
    const query = `TaskQueue = ${queryText(taskQueue)} AND ExecutionStatus = "${status}"`;
    const found: WorkflowExecutionInfo[] = [];
    for await (const run of client.workflow.list({ query, pageSize: MAX_RUNS }))
      if (found.push(run) === MAX_RUNS) break;
    const looked = await mapAtOnce(found, AT_ONCE, async (run): Promise<StuckRun | undefined> => {
      const because = await look(run).catch(unlessGone);
      if (because === undefined) return undefined;
      const { workflowId, runId, type, startTime } = run;
      const url = runUrl(uiUrl, { namespace: client.options.namespace, workflowId, runId });
      return { run: workflowId, automation: type, since: startTime.toISOString(), because, ...(url && { url }) };
    });
    return { stuck: looked.filter((run) => run !== undefined), complete: found.length < MAX_RUNS };
  };
  const list = async () => {
    const open = await of('Running', async ({ workflowId, runId }) =>
      whyStuck(await client.workflow.getHandle(workflowId, runId).describe()),
    );
    const ended = await of('Terminated', async (run) => {
      const because = await whySetAside(client, run);
      return because !== undefined && (await wasReplayed(client, run)) ? undefined : because;
    });
    return { runs: [...open.stuck, ...ended.stuck], complete: open.complete && ended.complete };
  };
  try {
    return await client.withDeadline(Date.now() + DEADLINE_MS, list);
  } catch {
    throw new HttpError(503, 'Temporal does not answer; try again later', { 'retry-after': '5' });
  }
}

/** A run that was deleted is listed for a while. */
function unlessGone(error: unknown): undefined {
  if (error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && error.code === NOT_FOUND)) return;
  throw error;
}

/** Returns whether somebody has asked for the run again: then nobody has to look at this one. */
async function wasReplayed(client: Client, { workflowId, runId, startTime }: WorkflowExecutionInfo): Promise<boolean> {
  const first = workflowId.replace(/\/replay-\d+$/, '');
  const query = `WorkflowId STARTS_WITH ${queryText(`${first}/replay-`)} AND StartTime > "${startTime.toISOString()}"
    AND RunId != "${runId}"`;
  const { count } = await client.workflow.count(query);
  return count > 0;
}

function whyStuck(run: WorkflowExecutionDescription): string | undefined {
  const problem = reportedProblem(run);
  if (problem !== undefined) return problem;
  const activity = run.raw.pendingActivities?.find(({ attempt }) => (attempt ?? 0) >= MANY_ATTEMPTS);
  if (!activity) return undefined;
  const said = activity.lastFailure?.message ?? 'no failure is known';
  return `the activity ${activity.activityType?.name} has been tried ${activity.attempt} times: ${said}`;
}

/** Returns the reason that a run was terminated with; undefined if it was not set aside. */
export async function whySetAside(
  client: Client,
  { workflowId, runId }: Pick<WorkflowExecutionInfo, 'workflowId' | 'runId'>,
): Promise<string | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    historyEventFilterType: CLOSE_EVENT,
  });
  const reason = history?.events?.[0]?.workflowExecutionTerminatedEventAttributes?.reason;
  return reason?.startsWith(SET_ASIDE) ? reason : undefined;
}
