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
  /** Looked at first, and however many others are open: they were at work when one before it died. */
  readonly suspects: readonly (OpenRun & Pick<RunAtWork, 'begun'>)[];
}

interface OpenRun {
  readonly workflowId: string;
  readonly runId: string;
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
 * workflow task counts as lost, and waits for another worker. `complete`: false if Temporal did not answer for all in time.
 */
export async function runsAtWork({
  client,
  taskQueue,
  pid,
  suspects,
}: AtWorkDeps): Promise<{ readonly runs: readonly RunAtWork[]; readonly complete: boolean }> {
  const identity = `${pid}@${hostname()}`;
  const known = new Set(suspects.map(({ runId }) => runId));
  const look = async ({ workflowId, runId }: OpenRun): Promise<RunAtWork | undefined> => {
    const run = await client.workflow.getHandle(workflowId, runId).describe().catch(unlessGone);
    const work = run && workOf(run, identity);
    return work && { workflowId, runId, automation: run.type, ...work };
  };
  const found: (RunAtWork | undefined)[] = [];
  const all = async () => {
    found.push(...(await mapAtOnce(suspects, AT_ONCE, look)));
    const open: OpenRun[] = [];
    const query = `TaskQueue = ${queryText(taskQueue)} AND ExecutionStatus = "Running"`;
    for await (const { workflowId, runId } of client.workflow.list({ query, pageSize: MAX_RUNS })) {
      if (!known.has(runId)) open.push({ workflowId, runId });
      if (open.length === MAX_RUNS) break;
    }
    await mapAtOnce(open, AT_ONCE, async (run) => void found.push(await look(run)));
    return true;
  };
  const complete = await client.withDeadline(Date.now() + DEADLINE_MS, all).catch(() => false);
  return {
    runs: inTurn(
      found.filter((run) => run !== undefined),
      suspects,
    ),
    complete,
  };
}

/**
 * Marks the runs whose code waited for the one thread of a worker: it takes them as they come. What was begun by a process
 * that died before, and that Temporal still waits for, had no turn.
 */
function inTurn(runs: readonly RunAtWork[], counted: AtWorkDeps['suspects']): readonly RunAtWork[] {
  const lost = new Set(counted.map(({ runId, begun }) => `${runId} ${begun}`));
  const [first] = runs
    .filter(({ at, runId, begun }) => at === CODE && !lost.has(`${runId} ${begun}`))
    .sort((one, other) => one.begun.localeCompare(other.begun));
  return runs.map((run) => (run.at === CODE && run !== first ? { ...run, waited: true } : run));
}

/** What a run is at work at between its activities. */
const CODE = 'workflow code';

/** A run that was deleted is listed for a while. */
function unlessGone(error: unknown): undefined {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

function workOf({ raw }: WorkflowExecutionDescription, identity: string): Pick<RunAtWork, 'at' | 'begun'> | undefined {
  const { pendingWorkflowTask: task } = raw;
  if (task?.state === STARTED) return { at: CODE, begun: textOf(task.startedTime) };
  const activity = raw.pendingActivities?.find(
    ({ state, lastWorkerIdentity, activityType }) =>
      state === STARTED && lastWorkerIdentity === identity && !JOB_ACTIVITIES.includes(activityType?.name ?? ''),
  );
  const at = activity?.activityType?.name;
  return at ? { at, begun: textOf(activity.lastStartedTime) } : undefined;
}

/** `google.protobuf.Timestamp`, to the nanosecond: texts of one length sort as the times do. */
function textOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined): string {
  return `${time?.seconds ?? 0}.${String(time?.nanos ?? 0).padStart(9, '0')}`;
}
