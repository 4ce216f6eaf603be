import type { Client } from '@temporalio/client';

/** A worker asks for a minute, and then anew: whoever has not for longer than this is gone. Temporal remembers it for five minutes. */
const GONE_MS = 90_000;
const DEADLINE_MS = 2_000;
/** Temporal's enum: of workflow tasks. */
const WORKFLOW = 1;

/** Returns how many workers ask Temporal for work of a task queue. Rejects where it does not answer. */
export async function countWorkers({
  client,
  taskQueue,
}: {
  readonly client: Client;
  readonly taskQueue: string;
}): Promise<number> {
  const { pollers } = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: WORKFLOW,
    }),
  );
  const since = Date.now() - GONE_MS;
  const isThere = ({ lastAccessTime }: NonNullable<typeof pollers>[number]) =>
    Number(lastAccessTime?.seconds ?? 0) * 1_000 > since;
  return new Set((pollers ?? []).filter(isThere).map(({ identity }) => identity)).size;
}
