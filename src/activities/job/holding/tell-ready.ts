import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { backoffMs } from '../../../async/backoff.js';
import { withDeadline } from '../../../async/deadline.js';
import { retry } from '../../../async/retry.js';
import { JOB_READY_SIGNAL } from '../../../runs/names.js';
import type { JobReady } from '../../contract/index.js';
import { refused } from '../../failures.js';

const SIGNAL_MS = 10_000;
const PAUSE = { firstMs: 300, maxMs: 5_000 };

/** Tells the run of the activity at work that a job's steps may run here, until it knows. Throws where the run has ended, and the `CancelledFailure`. */
export async function tellReady(ready: JobReady): Promise<void> {
  const { client, info, cancelled, cancellationSignal } = Context.current();
  const { workflowId = '', runId } = info.workflowExecution ?? {};
  const run = client.workflow.getHandle(workflowId, runId);
  const told = retry(() => withDeadline({ ms: SIGNAL_MS }, () => run.signal(JOB_READY_SIGNAL, ready)), {
    again: (error) => !(error instanceof WorkflowNotFoundError) && !cancellationSignal.aborted,
    pauseMs: (tries) => backoffMs(tries, PAUSE),
  });
  await Promise.race([told, cancelled]).catch((error) => {
    throw error instanceof WorkflowNotFoundError ? refused('the run has ended') : error;
  });
}
