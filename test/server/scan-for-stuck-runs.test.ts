import { afterAll, beforeAll, expect, test } from 'vitest';
import { SET_ASIDE } from '../../src/runs/set-aside.js';
import { createStuckRounds } from '../../src/server/api/stuck/scan-for-stuck-runs.js';
import { listStuckRuns } from '../../src/server/api/stuck/stuck-runs.js';
import { testClient, unique } from '../support/temporal.js';

let client: Awaited<ReturnType<typeof testClient>>;

beforeAll(async () => {
  client = await testClient();
});
afterAll(() => client.close());

test('a stuck run behind more younger ones than are looked at each time is found from look to look, until it is replayed', async () => {
  const taskQueue = unique('stuck-rounds');
  const deps = { client, taskQueue, uiUrl: undefined, most: 2 };
  const rounds = createStuckRounds(deps);
  // No worker takes the runs: they are there, and nothing more.
  const start = (workflowId: string) => client.workflow.start('any', { workflowId, taskQueue });
  const aside = unique('aside/github/k');
  await (await start(aside)).terminate(`${SET_ASIDE}: the worker process died of it`);
  for (let n = 0; n < 4; n += 1) await (await start(unique('ended/github/k'))).terminate('no longer needed');
  // Temporal lists the end of a run a moment after its beginning.
  const all = async () =>
    (await client.workflow.count(`TaskQueue = "${taskQueue}" AND ExecutionStatus = 'Terminated'`)).count;
  await expect.poll(all, { timeout: 10_000 }).toBe(5);
  const answer = async () => {
    const { runs, complete } = await listStuckRuns({ ...deps, rounds });
    return { runs: runs.map(({ run }) => run), complete };
  };

  expect(await answer()).toEqual({ runs: [], complete: false });
  await rounds.look();
  expect([rounds.isUnderWay(), await answer()]).toEqual([true, { runs: [], complete: false }]);
  await rounds.look();
  await rounds.look();
  expect([rounds.isUnderWay(), await answer()]).toEqual([false, { runs: [aside], complete: true }]);

  const again = await start(`${aside}/replay-1`);
  await expect.poll(answer, { timeout: 10_000 }).toEqual({ runs: [], complete: true });
  await again.terminate('no longer needed');
});

test('a round that finds more than are remembered does not say that these are all', async () => {
  const taskQueue = unique('many-stuck');
  const deps = { client, taskQueue, uiUrl: undefined };
  for (let n = 0; n < 3; n += 1) {
    const run = await client.workflow.start('any', { workflowId: unique('aside/github/k'), taskQueue });
    await run.terminate(`${SET_ASIDE}: the worker process died of it`);
  }
  const all = async () =>
    (await client.workflow.count(`TaskQueue = "${taskQueue}" AND ExecutionStatus = 'Terminated'`)).count;
  await expect.poll(all, { timeout: 10_000 }).toBe(3);
  const some = createStuckRounds({ ...deps, mostKept: 2 });
  const enough = createStuckRounds({ ...deps, mostKept: 3 });
  for (const rounds of [some, enough]) await rounds.look();
  expect([some.found().aside.length, some.isWhole()]).toEqual([2, false]);
  expect([enough.found().aside.length, enough.isWhole()]).toEqual([3, true]);
});
