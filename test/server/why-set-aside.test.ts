import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { SET_ASIDE } from '../../src/runs/set-aside.js';
import { whySetAside } from '../../src/server/api/stuck/why-set-aside.js';
import { testClient, unique } from '../support/temporal.js';

let client: Awaited<ReturnType<typeof testClient>>;

beforeAll(async () => {
  client = await testClient();
});
afterAll(() => client.close());

/** A run that no worker takes. */
const start = () => client.workflow.start('any', { workflowId: unique('aside/github/k'), taskQueue: unique('aside') });

test('why a run was terminated is read once, since what has ended stays as it is', async () => {
  const [aside, ended] = [await start(), await start()];
  const reason = `${SET_ASIDE}: the worker process died of it`;
  await aside.terminate(reason);
  await ended.terminate('no longer needed');
  const read = vi.spyOn(client.workflowService, 'getWorkflowExecutionHistory');
  try {
    const why = async ({ workflowId, firstExecutionRunId: runId }: typeof aside) =>
      whySetAside(client, { workflowId, runId });
    const both = async () => [await why(aside), await why(ended)];
    for (let times = 0; times < 3; times += 1) expect(await both()).toEqual([reason, undefined]);
    expect(read).toHaveBeenCalledTimes(2);
  } finally {
    read.mockRestore();
  }
});
