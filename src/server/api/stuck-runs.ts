import { type Client, isGrpcServiceError, type WorkflowExecutionInfo, WorkflowNotFoundError } from '@temporalio/client';
import { mapAtOnce } from '../../async/at-once.js';
import { queryText } from '../../runs/query-text.js';
import { SET_ASIDE } from '../../runs/set-aside.js';
import { runUrl } from '../../runs/url.js';
import { HttpError } from '../http/http-error.js';
import type { StuckRun, StuckRunsAnswer } from './contract.js';
import { type WhyStuck, whyStuck } from './why-stuck.js';

/** What {@link listStuckRuns} asks. */
export interface StuckRunsDeps {
  readonly client: Client;
  readonly taskQueue: string;
  readonly uiUrl: string | undefined;
}

/** A run that is open and does not go on by itself. */
export interface StuckOpenRun extends WhyStuck {
  readonly run: WorkflowExecutionInfo;
}

/** Runs that are looked at, of the open ones and of those that were terminated: the newest. */
const MAX_RUNS = 200;
const AT_ONCE = 16;
const DEADLINE_MS = 8_000;
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
  const { client, uiUrl } = deps;
  const shown = (run: WorkflowExecutionInfo, why: Pick<StuckRun, 'because' | 'helps'>): StuckRun => {
    const { workflowId, runId, type, startTime } = run;
    const url = runUrl(uiUrl, { namespace: client.options.namespace, workflowId, runId });
    return { run: workflowId, automation: type, since: startTime.toISOString(), ...why, ...(url && { url }) };
  };
  const list = async () => {
    const open = await openStuckRuns(deps);
    const aside = await setAsideRuns(deps);
    return {
      runs: [
        ...open.found.map(({ run, because, helps }) => shown(run, { because, helps })),
        ...aside.found.map(({ run, because }) => shown(run, { because, helps: RERUN_IT })),
      ],
      complete: open.complete && aside.complete,
    };
  };
  try {
    return await client.withDeadline(Date.now() + DEADLINE_MS, list);
  } catch {
    throw new HttpError(503, 'Temporal does not answer; try again later', { 'retry-after': '5' });
  }
}

const RERUN_IT = 'correct the automation, then npx hookyard rerun <run>';

/** What was found among the runs that were looked at. */
interface Found<T> {
  readonly found: readonly T[];
  /** False if there are more than were looked at. */
  readonly complete: boolean;
}

/** Returns the open runs whose code Temporal tries again and again: it lists them, however many others are open. */
export function failingRuns(deps: StuckRunsDeps): Promise<Found<StuckOpenRun>> {
  return looked(deps, `ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL`, whyOpen(deps));
}

/**
 * Returns the open runs that do not go on by themselves, each once: those of {@link failingRuns}, and of the newest those that have
 * an activity which fails again and again.
 */
export async function openStuckRuns(deps: StuckRunsDeps): Promise<Found<StuckOpenRun>> {
  const failing = await failingRuns(deps);
  const newest = await stuckAmongNewest(deps);
  const seen = new Set(failing.found.map(({ run }) => run.runId));
  return {
    found: [...failing.found, ...newest.found.filter(({ run }) => !seen.has(run.runId))],
    complete: failing.complete && newest.complete,
  };
}

function stuckAmongNewest(deps: StuckRunsDeps): Promise<Found<StuckOpenRun>> {
  return looked(deps, `ExecutionStatus = 'Running'`, whyOpen(deps));
}

function whyOpen({ client }: StuckRunsDeps) {
  return async (run: WorkflowExecutionInfo): Promise<StuckOpenRun | undefined> => {
    const why = await whyStuck(client, await client.workflow.getHandle(run.workflowId, run.runId).describe());
    return why && { run, ...why };
  };
}

function setAsideRuns(deps: StuckRunsDeps) {
  const { client } = deps;
  return looked(deps, `ExecutionStatus = 'Terminated'`, async (run) => {
    const because = await whySetAside(client, run);
    return because === undefined || (await wasReplayed(client, run)) ? undefined : { run, because };
  });
}

async function looked<T>(
  { client, taskQueue }: StuckRunsDeps,
  which: string,
  look: (run: WorkflowExecutionInfo) => Promise<T | undefined>,
): Promise<Found<T>> {
  const query = `TaskQueue = ${queryText(taskQueue)} AND ${which}`;
  const runs: WorkflowExecutionInfo[] = [];
  for await (const run of client.workflow.list({ query, pageSize: MAX_RUNS })) if (runs.push(run) === MAX_RUNS) break;
  const all = await mapAtOnce(runs, AT_ONCE, (run) => look(run).catch(unlessGone));
  return { found: all.filter((one) => one !== undefined), complete: runs.length < MAX_RUNS };
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
