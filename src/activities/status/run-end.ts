import { type Client, type WorkflowExecutionStatusName, WorkflowNotFoundError } from '@temporalio/client';
import { reportedProblem } from '../../runs/reported-problem.js';
import type { DispatchRecord, Inbox } from '../../store/store.js';

/** In milliseconds. */
const DEADLINE_MS = 5_000;

/** What becomes of statuses whose run can't say more. */
const ENDS = {
  RUNNING: undefined,
  PAUSED: undefined,
  CONTINUED_AS_NEW: undefined,
  UNSPECIFIED: undefined,
  UNKNOWN: undefined,
  COMPLETED: 'the run ended and said no more',
  FAILED: 'the run failed',
  CANCELLED: 'the run was cancelled',
  TERMINATED: 'the run was terminated',
  TIMED_OUT: 'the run timed out',
} as const satisfies Record<WorkflowExecutionStatusName, string | undefined>;

/**
 * Returns in words why a run says no more; undefined while it may, also where it waits to begin. The newest run under the
 * workflow id counts: an operator may have reset it. Throws what Temporal's client does when Temporal does not answer.
 */
export async function endOf(
  { client, inbox }: { readonly client: Client; readonly inbox: Pick<Inbox, 'findStart'> },
  workflowId: string,
): Promise<string | undefined> {
  try {
    const run = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    return ENDS[run.status.name] ?? reportedProblem(run);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return whyNotThere(await inbox.findStart(workflowId));
  }
}

/** Returns why Temporal does not know a run; undefined for one that may begin still. */
function whyNotThere(start: DispatchRecord | undefined): string | undefined {
  switch (start?.state) {
    case 'pending':
    case 'waiting':
      return undefined;
    case 'superseded':
      return `superseded by ${start.supersededBy ?? 'a newer run'}`;
    case 'refused':
      return start.because ?? 'the run was refused';
    case 'failed':
      return 'the run could not be started';
    default:
      return 'the run is gone: it was deleted';
  }
}
