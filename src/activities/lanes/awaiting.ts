import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';

/**
 * Returns those of some runs that have nothing under way but children: no activity, as jobs are, and nothing that Temporal has yet to tell
 * them. Throws where Temporal does not answer.
 */
export async function awaitingOf(workflowIds: readonly string[]): Promise<readonly string[]> {
  const awaiting = await Promise.all(workflowIds.map(isAwaiting));
  return workflowIds.filter((_, i) => awaiting[i]);
}

async function isAwaiting(workflowId: string): Promise<boolean> {
  try {
    const { raw, status } = await Context.current().client.workflow.getHandle(workflowId).describe();
    const { pendingActivities, pendingWorkflowTask } = raw;
    return status.name === 'RUNNING' && !pendingActivities?.length && !pendingWorkflowTask;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
