import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { toPairs } from '../../../src/runs/search-attributes.js';
import { SET_ASIDE } from '../../../src/runs/set-aside.js';
import { createOverview, type OverviewDeps } from '../../../src/server/api/overview.js';
import { listStuckRuns } from '../../../src/server/api/stuck/stuck-runs.js';
import { keepLog } from '../../support/harness/log.js';
import { testClient, unique } from '../../support/temporal.js';

const taskQueue = unique('overview');
let client: Awaited<ReturnType<typeof testClient>>;

beforeAll(async () => {
  client = await testClient();
});
afterAll(() => client.close());

/** A run that no worker takes. */
const start = (name: string, waiting: string) =>
  client.workflow.start('ci', {
    ...{ workflowId: unique(`ci/github/${name}`), taskQueue },
    typedSearchAttributes: toPairs({ HookyardOutcome: 'none', HookyardWaiting: waiting }),
  });
const home = (how: Partial<Pick<OverviewDeps, 'client' | 'mostOpen' | 'taskQueue' | 'acts'>> = {}) =>
  createOverview({
    ...{ client, taskQueue, uiUrl: undefined, builtIn: () => [], log: keepLog().log, ...how },
    config: { sources: {} } as never,
    store: { inbox: { list: async () => [], arrivalTimes: async () => [] } },
    readiness: async () => ({ ready: true, store: 'answers', temporal: 'answers' }),
    refused: () => undefined,
  });

test('a run that goes on is shown however many wait that began later, and all are counted', async () => {
  const { workflowId } = await start('runs', 'nothing');
  for (let at = 0; at < 30; at++) await start('waits', 'lane');
  const ended = await start('ends', 'nothing');
  await ended.terminate();
  const count = async () =>
    (await client.workflow.count(`TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`)).count;
  await expect.poll(count, { timeout: 10_000 }).toBe(31);
  // Of a Temporal that is slow to answer, it leaves out what it has not been told.
  const shown = async (mostOpen?: number) => {
    const { running, waiting, counts } = await home(mostOpen === undefined ? {} : { mostOpen })();
    return { running: running?.map(({ run }) => run), waiting: waiting?.length, counts };
  };
  const expected = { running: [workflowId], waiting: 12, counts: { red: 1, running: 1, waiting: 30 } };
  await expect.poll(() => shown(), { timeout: 20_000 }).toEqual(expected);
  // Also where the beginning of the list of all runs does not have all that are open.
  await expect.poll(() => shown(5), { timeout: 20_000 }).toEqual(expected);
});

test('who looks again soon has Temporal look through neither all that are open nor those that were terminated', async () => {
  // Looks of the test before may go on still, behind answers that did not wait for them: what these ask is not counted.
  const own = await testClient();
  const listed = vi.spyOn(own.workflowService, 'listWorkflowExecutions');
  try {
    const look = home({ client: own });
    await look();
    await wait(2_100);
    await look();
    const asked = () => listed.mock.calls.map(([{ query }]) => query ?? '');
    const withStatus = (status: string) => asked().filter((query) => query.includes(`ExecutionStatus = '${status}'`));
    // Each that is open is looked at before, which neither answer waits for where it takes long.
    await expect.poll(() => withStatus('Terminated'), { timeout: 20_000 }).not.toEqual([]);
    expect(withStatus('Running')).toEqual([]);
    expect(withStatus('Terminated')).toHaveLength(1);
    // What fails and what runs may change at any time.
    expect(asked().filter((query) => query.includes('CloseTime >='))).toHaveLength(2);
  } finally {
    listed.mockRestore();
    await own.close();
  }
});

const stuckOf = async (queue: string) =>
  (await listStuckRuns({ client, taskQueue: queue, uiUrl: undefined })).runs.map(({ run }) => run);

/** A run of its own task queue that was set aside, once Temporal tells of it. */
async function setAside(queue: string): Promise<string> {
  const { workflowId } = await client.workflow.start('any', { workflowId: unique('aside/github/k'), taskQueue: queue });
  await client.workflow.getHandle(workflowId).terminate(`${SET_ASIDE}: the worker process died of it`);
  await expect.poll(() => stuckOf(queue), { timeout: 10_000 }).toEqual([workflowId]);
  return workflowId;
}

test('a run that somebody has started again is not stuck for who looks again soon', async () => {
  const queue = unique('overview-again');
  const run = await setAside(queue);
  let made = 0;
  const look = home({ taskQueue: queue, acts: { made: () => made } });
  const shown = async () => (await look()).stuck?.map((one) => one.run);
  await expect.poll(shown, { timeout: 10_000 }).toEqual([run]);
  await client.workflow.start('any', { workflowId: `${run}/replay-1`, taskQueue: queue });
  made += 1;
  await expect.poll(() => stuckOf(queue), { timeout: 10_000 }).toEqual([]);
  await expect.poll(shown, { timeout: 5_000 }).toEqual([]);
});

test('where the look for stuck runs is slow each time, what the one before has found is shown', async () => {
  const queue = unique('overview-slow');
  const run = await setAside(queue);
  const { workflowService } = client;
  const list = workflowService.listWorkflowExecutions.bind(workflowService) as (request: object) => Promise<unknown>;
  const slow = async (request: { readonly query?: string }) => {
    if (request.query?.includes("ExecutionStatus = 'Terminated'")) await wait(1_400);
    return list(request);
  };
  const listed = vi.spyOn(workflowService, 'listWorkflowExecutions').mockImplementation(slow as never);
  const now = performance.now.bind(performance);
  let later = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + later);
  try {
    const look = home({ taskQueue: queue });
    expect((await look()).stuck).toBeUndefined();
    await wait(1_000);
    const shown = async () => {
      // What was found before is old, and the look takes longer than an answer waits.
      later += 12_000;
      const { stuck } = await look();
      await wait(1_000);
      return stuck?.map((one) => one.run);
    };
    await expect.poll(shown, { timeout: 20_000 }).toEqual([run]);
    // A look that is under way still may come in time for one more answer.
    const muchLater = async () => {
      later += 100_000;
      return (await look()).stuck;
    };
    await expect.poll(muchLater, { timeout: 20_000 }).toBeUndefined();
  } finally {
    clock.mockRestore();
    listed.mockRestore();
  }
});
