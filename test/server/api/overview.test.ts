import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { toPairs } from '../../../src/runs/search-attributes.js';
import { createOverview } from '../../../src/server/api/overview.js';
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
const home = (how: { readonly mostOpen?: number } = {}) =>
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
  const listed = vi.spyOn(client.workflowService, 'listWorkflowExecutions');
  try {
    const look = home();
    await look();
    await wait(2_100);
    await look();
    const asked = listed.mock.calls.map(([{ query }]) => query ?? '');
    const withStatus = (status: string) => asked.filter((query) => query.includes(`ExecutionStatus = '${status}'`));
    expect(withStatus('Running')).toEqual([]);
    expect(withStatus('Terminated')).toHaveLength(1);
    // What fails and what runs may change at any time.
    expect(asked.filter((query) => query.includes('CloseTime >='))).toHaveLength(2);
  } finally {
    listed.mockRestore();
  }
});
