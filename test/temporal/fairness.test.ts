import type { Client } from '@temporalio/client';
import type { Priority } from '@temporalio/common';
import { expect, test } from 'vitest';
import { priorityOf } from '../../src/runs/priority.js';
import { connectClient } from '../../src/temporal/connect.js';
import { useDevServers } from './dev-servers.js';

const servers = useDevServers();

/** Starts workflows that nobody works at, and returns in which order the server then hands their tasks out. */
async function handedOut(client: Client, starts: readonly { id: string; priority: Priority }[]): Promise<string[]> {
  const taskQueue = 'a-queue';
  for (const { id: workflowId, priority } of starts)
    await client.workflow.start('nobody', { taskQueue, workflowId, priority });
  const order: string[] = [];
  for (const _ of starts) {
    const task = await client.withDeadline(Date.now() + 20_000, () =>
      client.workflowService.pollWorkflowTaskQueue({
        ...{ namespace: 'default', taskQueue: { name: taskQueue }, identity: 'the test' },
      }),
    );
    order.push(task.workflowExecution?.workflowId ?? '');
  }
  return order;
}

test('a small repository is not starved by a large one, and what is urgent goes first', async () => {
  const server = await servers.start();
  const client = connectClient({ namespace: 'default', options: { address: server.address } });
  try {
    const large = priorityOf({ source: 'github', repository: 'acme/monorepo' });
    const small = priorityOf({ source: 'github', repository: 'acme/tool' });
    const many = (count: number, name: string, priority: Priority) =>
      Array.from({ length: count }, (_, n) => ({ id: `${name} ${n}`, priority }));
    const order = await handedOut(client, [
      ...many(12, 'large', large),
      ...many(3, 'small', small),
      ...many(2, 'urgent', priorityOf({ source: 'github', repository: 'acme/monorepo' }, 1)),
    ]);
    const lastPlaceOf = (name: string) => order.findLastIndex((id) => id.startsWith(name));
    // They came last of 17. The server reads what waits in the background, so one that came earlier may be out already.
    expect(lastPlaceOf('urgent')).toBeLessThan(4);
    // Each of the small one's is at most a turn behind one of the large one's.
    expect(lastPlaceOf('small')).toBeLessThan(10);
  } finally {
    await client.connection.close();
  }
});
