import { type Client, WorkflowNotFoundError } from '@temporalio/client';

/** What Temporal does not know counts as open. */
const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);

/** Returns whether a run is not open any more, or gone with its Temporal. Rejects if Temporal does not answer. */
export async function hasEnded(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return ENDED.has(status.name);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  }
}
