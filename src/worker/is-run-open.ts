import { type Client, WorkflowNotFoundError } from '@temporalio/client';

const DEADLINE_MS = 10_000;

/** Returns whether one execution of a run goes on; undefined while Temporal does not say. */
export function isRunOpen(
  client: Client,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
): Promise<boolean | undefined> {
  const handle = client.workflow.getHandle(workflowId, runId);
  return client
    .withDeadline(Date.now() + DEADLINE_MS, () => handle.describe())
    .then(
      ({ status }) => status.name === 'RUNNING' || status.name === 'PAUSED',
      (error: unknown) => (error instanceof WorkflowNotFoundError ? false : undefined),
    );
}
