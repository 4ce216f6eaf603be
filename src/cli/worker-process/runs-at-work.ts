import { hostname } from 'node:os';
import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { JOB_ACTIVITIES } from '../../activities/job-activities.js';
import { mapAtOnce } from '../../async/at-once.js';
import { queryText } from '../../runs/query-text.js';
import type { RunAtWork } from './crash-counts.js';

/** What {@link runsAtWork} asks. */
export interface AtWorkDeps {
  readonly client: Client;
  readonly taskQueue: string;
  /** Of the worker process that died. */
  readonly pid: number;
}

/** Open runs that are looked at: those that were started last. */
const MAX_RUNS = 500;
const AT_ONCE = 16;
const DEADLINE_MS = 8_000;
/** `PENDING_WORKFLOW_TASK_STATE_STARTED` and `PENDING_ACTIVITY_STATE_STARTED` of Temporal's API. */
const STARTED = 2;

/**
 * Returns the runs that a dead worker process was at work on, by what Temporal still waits for: a workflow task or an
 * activity. Jobs don't count: their steps are processes of their own. Has to be asked within some seconds: after that a
 * workflow task counts as lost, and waits for another worker.
 */
export async function runsAtWork({ client, taskQueue, pid }: AtWorkDeps): Promise<readonly RunAtWork[]> {
  const identity = `${pid}@${hostname()}`;
  return client.withDeadline(Date.now() + DEADLINE_MS, async () => {
    const open: { workflowId: string; runId: string }[] = [];
    const query = `TaskQueue = ${queryText(taskQueue)} AND ExecutionStatus = "Running"`;
    for await (const { workflowId, runId } of client.workflow.list({ query, pageSize: MAX_RUNS })) {
      open.push({ workflowId, runId });
      if (open.length === MAX_RUNS) break;
    }
    const looked = await mapAtOnce(open, AT_ONCE, async ({ workflowId, runId }): Promise<RunAtWork | undefined> => {
      const run = await client.workflow.getHandle(workflowId, runId).describe().catch(unlessGone);
      const work = run && workOf(run, identity);
      return work && { workflowId, runId, automation: run.type, ...work };
    });
    return looked.filter((run) => run !== undefined);
  });
}

/** A run that was deleted is listed for a while. */
function unlessGone(error: unknown): undefined {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

function workOf({ raw }: WorkflowExecutionDescription, identity: string): Pick<RunAtWork, 'at' | 'begun'> | undefined {
  const { pendingWorkflowTask: task } = raw;
  if (task?.state === STARTED) return { at: 'workflow code', begun: textOf(task.startedTime) };
  const activity = raw.pendingActivities?.find(
    ({ state, lastWorkerIdentity, activityType }) =>
      state === STARTED && lastWorkerIdentity === identity && !JOB_ACTIVITIES.includes(activityType?.name ?? ''),
  );
  const at = activity?.activityType?.name;
  return at ? { at, begun: textOf(activity.lastStartedTime) } : undefined;
}

/** `google.protobuf.Timestamp`, to the nanosecond. */
function textOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined): string {
  return `${time?.seconds ?? 0}.${time?.nanos ?? 0}`;
}
