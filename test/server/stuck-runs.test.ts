import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { SET_ASIDE } from '../../src/runs/set-aside.js';
import { listStuckRuns } from '../../src/server/api/stuck/stuck-runs.js';
import { createStuckRunsMetric } from '../../src/server/stuck-runs-metric.js';
import { testClient, unique } from '../support/temporal.js';

const taskQueue = unique('stuck-runs');
const deps = () => ({ client, taskQueue, uiUrl: undefined });
let client: Awaited<ReturnType<typeof testClient>>;

beforeAll(async () => {
  client = await testClient();
});
afterAll(() => client.close());

/** No worker takes the runs: they are there, and nothing more. */
const start = (workflowId: string) => client.workflow.start('any', { workflowId, taskQueue });
const stuck = async () => (await listStuckRuns(deps())).runs.map(({ run }) => run);
const shown = (text: string) => /^hookyard_stuck_runs (.*)$/m.exec(text)?.[1];

test('a run that was set aside is listed until it was replayed, and one that somebody terminated is not', async () => {
  const [aside, ended] = [unique('aside/github/k'), unique('ended/github/k')];
  await (await start(ended)).terminate('no longer needed');
  await (await start(aside)).terminate(`${SET_ASIDE}: the worker process died of it`);
  await expect.poll(stuck, { timeout: 10_000 }).toEqual([aside]);
  expect(shown(await createStuckRunsMetric(deps())())).toBe('1');

  // Replays are numbered by automation, so the first need not have the number 1.
  const again = await start(`${aside}/replay-2`);
  await expect.poll(stuck, { timeout: 10_000 }).toEqual([]);
  await again.terminate(`${SET_ASIDE}: the worker process died of it`);
  await expect.poll(stuck, { timeout: 10_000 }).toEqual([`${aside}/replay-2`]);
  await (await start(`${aside}/replay-3`)).terminate();
  await expect.poll(stuck, { timeout: 10_000 }).toEqual([]);
});

test('a run whose name could end the text in a query is listed all the same', async () => {
  const named = unique('aside/github/"k\\');
  await (await start(named)).terminate(`${SET_ASIDE}: the worker process died of it`);
  await expect.poll(stuck, { timeout: 10_000 }).toEqual([named]);
});

test('whether all that are open were looked at is told, whatever has ended', async () => {
  const queue = unique('open-runs');
  const open = async () => client.workflow.start('any', { workflowId: unique('open/github/k'), taskQueue: queue });
  for (let n = 0; n < 3; n += 1) await open();
  await (await open()).terminate('no longer needed');
  const count = async (status: string) =>
    (await client.workflow.count(`TaskQueue = '${queue}' AND ExecutionStatus = '${status}'`)).count;
  await expect.poll(() => count('Terminated'), { timeout: 10_000 }).toBe(1);
  await expect.poll(() => count('Running'), { timeout: 10_000 }).toBe(3);
  const complete = async (most: number) => (await listStuckRuns({ ...deps(), taskQueue: queue, most })).complete;
  expect([await complete(2), await complete(4)]).toEqual([false, true]);
});

test('whether a run that was set aside was replayed is looked for among later runs alone', async () => {
  const queue = unique('later-runs');
  const aside = await client.workflow.start('any', { workflowId: unique('aside/github/k'), taskQueue: queue });
  await aside.terminate(`${SET_ASIDE}: the worker process died of it`);
  const counted = vi.spyOn(client.workflowService, 'countWorkflowExecutions');
  try {
    const found = async () => (await listStuckRuns({ ...deps(), taskQueue: queue })).runs.length;
    await expect.poll(found, { timeout: 10_000 }).toBe(1);
    const asked = counted.mock.calls.map(([{ query }]) => query ?? '');
    expect(asked.length).toBeGreaterThan(0);
    for (const query of asked) expect(query).toMatch(/ ExecutionTime > "\d{4}-.* StartTime > "\d{4}-/);
  } finally {
    counted.mockRestore();
  }
});

test('runs that were set aside are told also where Temporal refuses a list or a count, as it was asked for too many', async () => {
  const queue = unique('refused-runs');
  const aside = await client.workflow.start('any', { workflowId: unique('aside/github/k'), taskQueue: queue });
  await aside.terminate(`${SET_ASIDE}: the worker process died of it`);
  const found = async () => (await listStuckRuns({ ...deps(), taskQueue: queue })).runs.length;
  await expect.poll(found, { timeout: 10_000 }).toBe(1);
  const details = 'namespace rate limit exceeded';
  const refusal = () =>
    Object.assign(new Error(`8 RESOURCE_EXHAUSTED: ${details}`), { code: 8, details, metadata: { get: () => [] } });
  const { workflowService } = client;
  const listed = vi.spyOn(workflowService, 'listWorkflowExecutions').mockRejectedValueOnce(refusal());
  const counted = vi.spyOn(workflowService, 'countWorkflowExecutions').mockRejectedValueOnce(refusal());
  try {
    expect(await found()).toBe(1);
    // The open ones and those that were terminated, and whether one was replayed: each of a kind once more.
    expect([listed.mock.calls.length, counted.mock.calls.length]).toEqual([3, 2]);
  } finally {
    listed.mockRestore();
    counted.mockRestore();
  }
});
