import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { CANCEL_SIGNAL, type CancelReason } from '../../runs/names.js';

/** Cancels an open run, which is told why just before. One that has ended meanwhile stays as it is. */
export async function cancelRun(
  client: Client,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
  because: string,
): Promise<void> {
  const handle = client.workflow.getHandle(workflowId, runId);
  try {
    await handle.signal(CANCEL_SIGNAL, { because } satisfies CancelReason);
    await handle.cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
