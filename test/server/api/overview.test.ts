import { afterAll, beforeAll, expect, test } from 'vitest';
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
const overview = () =>
  createOverview({
    ...{ client, taskQueue, uiUrl: undefined, builtIn: () => [], log: keepLog().log },
    config: { sources: {} } as never,
    store: { inbox: { list: async () => [], arrivalTimes: async () => [] } },
    readiness: async () => ({ ready: true, store: 'answers', temporal: 'answers' }),
    refused: () => undefined,
  })();

test('a run that goes on is shown however many wait that began later, and all are counted', async () => {
  const { workflowId } = await start('runs', 'nothing');
  for (let at = 0; at < 30; at++) await start('waits', 'lane');
  const count = async () => (await client.workflow.count(`TaskQueue = '${taskQueue}'`)).count;
  await expect.poll(count, { timeout: 10_000 }).toBe(31);
  // Of a Temporal that is slow to answer, it leaves out what it has not been told.
  const shown = async () => {
    const { running, waiting, counts } = await overview();
    return { running: running?.map(({ run }) => run), waiting: waiting?.length, counts };
  };
  await expect
    .poll(shown, { timeout: 20_000 })
    .toEqual({ running: [workflowId], waiting: 12, counts: { red: 0, running: 1, waiting: 30 } });
});
