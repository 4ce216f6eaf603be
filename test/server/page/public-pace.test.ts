import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { mapAtOnce } from '../../../src/async/at-once.js';
import { push } from '../../../src/triggers/index.js';
import { deliver } from '../../support/harness/delivery.js';
import { repository, uniquePush } from '../../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../../support/harness/receiver.js';
import { testClient, unique } from '../../support/temporal.js';
import { ask } from './ask.js';

const automations = () => [{ name: 'ci', on: [push()], file: 'ci.ts' }];
const taskQueue = unique('public-pace');
const key = unique('key');
const run = `ci/github/${key}`;
let temporal: Awaited<ReturnType<typeof testClient>>;
let receiver: Receiver;

beforeAll(async () => {
  temporal = await testClient();
  const sources = { github: { options: { publicLogs: true } } };
  const config = { taskQueue, trustedProxies: 1, signIn: { loopback: 'required' }, sources };
  receiver = await startReceiver({ client: temporal, automations, config });
  await deliver(receiver.url, { id: key, body: uniquePush({ repository: { ...repository, private: false } }) });
  await receiver.store.logs.append({ workflowId: run, job: 'build' }, [
    { at: 1, stream: 'stdout', attempt: 1, step: 'test', text: 'seen' },
  ]);
  await temporal.workflow.start('ci', { workflowId: run, taskQueue });
  await temporal.workflow.getHandle(run).terminate();
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(async () => {
  await receiver?.close();
  await temporal?.close();
});

/** Asks as somebody who has not signed in and comes from an address, eight times at once, and returns the statuses. */
const askFrom = (address: string, paths: readonly string[]) =>
  mapAtOnce(paths, 8, async (path) => (await ask(receiver, path, { headers: { 'x-forwarded-for': address } })).status);

test.each([
  ['run', `/runs/${run}`, '192.0.2.1'],
  ['log', `/runs/${run}/logs/build`, '192.0.2.2'],
])('whoever looks at the page of a %s again and again has Temporal asked seldom', async (_, path, address) => {
  const asked = vi.spyOn(temporal.workflowService, 'describeWorkflowExecution');
  // Answers are used for two seconds, however long these take.
  const began = performance.now();
  const statuses = await askFrom(
    address,
    Array.from({ length: 60 }, () => path),
  );
  const looks = 1 + Math.ceil((performance.now() - began) / 2_000);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(asked.mock.calls.length).toBeGreaterThan(0);
  expect(asked.mock.calls.length).toBeLessThanOrEqual(3 * looks);
});

test.each([
  ['pages of runs', (n: number) => `/runs/${run}?n=${n}`, '192.0.2.3'],
  ['logs', (n: number) => `/runs/${run}/logs/build?after=${n}`, '192.0.2.4'],
])(
  'a stranger who asks for ever other %s is refused in the end, and nobody else',
  async (_, pathOf, address) => {
    const pathsFrom = (first: number, count: number) => Array.from({ length: count }, (__, n) => pathOf(first + n));
    expect(await askFrom(address, pathsFrom(0, 40))).not.toContain(429);
    let statuses: readonly number[] = [];
    for (let asked = 40; asked < 400 && !statuses.includes(429); asked += 40)
      statuses = await askFrom(address, pathsFrom(asked, 40));
    expect(statuses).toContain(429);
    expect(await askFrom('198.51.100.7', pathsFrom(400, 5))).toEqual([200, 200, 200, 200, 200]);
  },
  60_000,
);
