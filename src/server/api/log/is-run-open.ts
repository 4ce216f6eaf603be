import { type Client, WorkflowNotFoundError } from '@temporalio/client';

/** Somebody waits for a log, and that is worth more than to know this. */
const DEADLINE_MS = 200;

/** Returns whether a run goes on; undefined while Temporal does not answer at once. */
export async function isRunOpen(client: Client, run: string): Promise<boolean | undefined> {
  const call = () => client.workflow.getHandle(run).describe();
  return client.withDeadline(Date.now() + DEADLINE_MS, call).then(
    ({ status }) => status.name === 'RUNNING',
    (error: unknown) => (error instanceof WorkflowNotFoundError ? false : undefined),
  );
}
