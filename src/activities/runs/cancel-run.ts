import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { CANCEL_SIGNAL, type CancelReason } from '../../runs/names.js';

/**
 * Cancels an open run, which is told why just before: the part of it that is at work, where it continues as new meanwhile. One that
 * has ended stays as it is.
 */
export async function cancelRun(
  client: Client,
  { workflowId }: { readonly workflowId: string },
  because: string,
): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    await handle.signal(CANCEL_SIGNAL, { because } satisfies CancelReason);
    await handle.cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
