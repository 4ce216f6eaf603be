import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createApprovals } from '../../src/activities/runs/approvals.js';
import { deliveryId } from '../../src/intake/delivery-id.js';
import { mirrorMark } from '../../src/runs/forgotten-mirrors.js';
import { toPairs } from '../../src/runs/search-attributes.js';
import { createActs } from '../../src/server/api/answers/acts.js';
import type { SharedDeps } from '../../src/server/api/answers/deps.js';
import { installationAnswers } from '../../src/server/api/answers/installation.js';
import type { ForgetAnswer, ForgetCounts } from '../../src/server/api/contract.js';
import { forget } from '../../src/server/api/forget.js';
import { forgetLanes } from '../../src/server/api/forget-lanes.js';
import { createActRecord, listActs } from '../../src/server/api/operator-acts.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { comment } from '../../src/triggers/index.js';
import { aClaim } from '../store/a-claim.js';
import { aDelivery } from '../store/a-delivery.js';
import { activity } from '../support/harness/activity.js';
import { configOf } from '../support/harness/config.js';
import { tempFolder } from '../support/temp-folder.js';
import { awayClient, testClient, unique } from '../support/temporal.js';
import { aComment } from '../waits/an-event.js';

const CANARY = 'canary-4f1c9e7a';
/** Temporal's `COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION`. */
const CONTINUE_AS_NEW = 10;

let taskQueue: string;
let client: Awaited<ReturnType<typeof testClient>>;
let store: Store;
let path: string;
beforeEach(async () => {
  taskQueue = unique('forget');
  client = await testClient();
  path = join(await tempFolder('forget'), 'store.db');
  store = await openSqliteStore({ path });
});
afterEach(async () => {
  await store.close();
  await client.close();
});

/** A delivery about a repository, whose run has written of it. */
async function deliver(key: string, repository: string, source = 'hub') {
  const id = deliveryId(source, key);
  const [event] = aDelivery(key, { source, id }).events;
  const about = {
    ...event,
    deliveryId: id,
    repository: { ...(event as { repository: object }).repository, fullName: repository },
  };
  const body = Buffer.from(`${CANARY} ${key}`);
  const workflowId = unique(`ci/${source}/${key}`);
  const verdicts = [{ automation: 'ci', outcome: 'start' as const, because: CANARY, workflowId }];
  await store.inbox.accept(aDelivery(key, { id, source, body, bodyHash: key, events: [about as never], verdicts }));
  await store.logs.append({ workflowId, job: 'test' }, [{ at: 1, stream: 'stdout', attempt: 1, text: CANARY }]);
  await store.records.upsert({ collection: 'orders', key, version: 1, data: CANARY, run: workflowId });
  const typedSearchAttributes = new TypedSearchAttributes(
    toPairs({ HookyardRepository: repository, HookyardSource: source, HookyardDelivery: id }),
  );
  const handle = await client.workflow.start('any', { workflowId, taskQueue, typedSearchAttributes });
  return { id, workflowId, handle };
}

async function all(body: object): Promise<ForgetCounts> {
  let sum: Record<string, number> = {};
  let from: unknown;
  do {
    const answer = (await forget(
      { client, taskQueue, store },
      { ...body, ...(from !== undefined && { from }) },
    )) as ForgetAnswer;
    sum = Object.fromEntries(Object.entries(answer.counts).map(([name, count]) => [name, count + (sum[name] ?? 0)]));
    from = answer.next;
  } while (from !== undefined);
  return sum as unknown as ForgetCounts;
}

const openRuns = () => client.workflow.count(`TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`);
const endedRuns = () => client.workflow.count(`TaskQueue = '${taskQueue}' AND ExecutionStatus != 'Running'`);

test('what is forgotten of a repository is in neither store, file nor Temporal, and what is another one is', async () => {
  const mine = await deliver('k1', 'acme/app');
  const other = await deliver('k2', 'acme/app-2');
  await store.records.upsert({ collection: 'hookyard.heads', key: 'hub#acme/app', version: 1, data: { [CANARY]: 1 } });
  for (const { handle } of [mine, other]) await handle.terminate();
  // Temporal lists each a moment after it has begun: that none runs is true before that, too.
  await expect.poll(async () => (await endedRuns()).count, { timeout: 20_000 }).toBe(2);
  const expected = { deliveries: 1, lines: 1, records: 2, runs: 1, waiting: 0, open: 0, attempts: 0, bodyBytes: 18 };
  expect(await all({ repository: 'acme/app', dryRun: true })).toEqual(expected);
  expect(await all({ repository: 'acme/app' })).toEqual(expected);
  await expect
    .poll(() => mine.handle.describe().catch((error) => error.constructor), { timeout: 120_000 })
    .toBe(WorkflowNotFoundError);
  expect((await other.handle.describe()).status.name).toBe('TERMINATED');
  expect(await store.logs.jobs(other.workflowId)).toEqual(['test']);
  expect(await all({ repository: 'acme/app' })).toMatchObject({ deliveries: 0, records: 0 });
  const [mark] = await store.records.list('hookyard.forgotten', { limit: 10 });
  expect(mark?.data).toEqual({ repository: mirrorMark('acme/app'), at: mark?.version });
  expect(await all({ source: 'hub' })).toMatchObject({ deliveries: 1, records: 1 });
  expect(await store.inbox.accept(aDelivery('k1', { id: mine.id }))).toMatchObject({ repeats: 'key' });
  await store.close();
  expect(readFileSync(path).includes(CANARY)).toBe(false);
  store = await openSqliteStore({ path });
}, 180_000);

test('a delivery whose run has not ended is left, and told', async () => {
  const { id, handle } = await deliver('k1', 'acme/app');
  await expect.poll(async () => (await openRuns()).count, { timeout: 10_000 }).toBe(1);
  expect(await all({ delivery: id })).toMatchObject({ deliveries: 0, waiting: 1, runs: 0, open: 1 });
  expect(await store.inbox.body(id)).toBeDefined();
  await handle.terminate();
  await expect.poll(async () => (await openRuns()).count, { timeout: 10_000 }).toBe(0);
  expect(await all({ delivery: id.slice(0, 12) })).toMatchObject({ deliveries: 1, waiting: 0, runs: 1, open: 0 });
});

test('what a run has written that has gone on as a new one stays until that has ended', async () => {
  const { id, workflowId, handle } = await deliver('k1', 'acme/app');
  const { namespace } = client.options;
  const poll = () => client.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } });
  const { taskToken, history } = await client.connection.withDeadline(Date.now() + 20_000, poll);
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const { workflowType = null, searchAttributes = null } = started ?? {};
  const goesOn = { workflowType, searchAttributes, taskQueue: { name: taskQueue } };
  await client.workflowService.respondWorkflowTaskCompleted({
    ...{ namespace, taskToken },
    commands: [{ commandType: CONTINUE_AS_NEW, continueAsNewWorkflowExecutionCommandAttributes: goesOn }],
  });
  const ended = () => client.workflow.count(`TaskQueue = '${taskQueue}' AND ExecutionStatus = 'ContinuedAsNew'`);
  // The end of the one and the beginning of the next are listed each in its own time.
  const listed = async () => [(await ended()).count, (await openRuns()).count];
  await expect.poll(listed, { timeout: 20_000 }).toEqual([1, 1]);
  expect(await all({ repository: 'acme/app' })).toMatchObject({ lines: 0, runs: 1, waiting: 1, open: 1 });
  expect(await store.logs.jobs(workflowId)).toEqual(['test']);
  await handle.terminate();
  await expect.poll(async () => (await openRuns()).count, { timeout: 10_000 }).toBe(0);
  expect(await all({ delivery: id })).toMatchObject({ deliveries: 1, lines: 1 });
  expect(await store.logs.jobs(workflowId)).toEqual([]);
});

test('a delivery that an open run has waited for is left; once that has ended, its own data stays', async () => {
  const begin = await deliver('k1', 'acme/app');
  const comes = aDelivery('k2', { events: [aComment()], verdicts: [] });
  await store.waits.open({
    ...{ id: 'w', workflowId: begin.workflowId, runId: 'r', title: 'a comment', on: [comment()], source: 'hub' },
    ...{ repository: '1', about: { kind: 'repository' }, until: Date.now() + 3_600_000 },
    after: { deliveryId: begin.id, receivedAt: Date.now() },
  });
  await store.inbox.accept(comes);
  await store.waits.look({ source: 'hub', repository: '1' });
  expect(await all({ delivery: comes.id })).toMatchObject({ deliveries: 0, waiting: 1 });
  await begin.handle.terminate();
  expect(await all({ delivery: comes.id })).toMatchObject({ deliveries: 1, waiting: 0, lines: 0, records: 0 });
  expect(await store.logs.jobs(begin.workflowId)).toEqual(['test']);
});

test('records that no run has written, but that name the repository, are not in the file any more either', async () => {
  const lines = `${CANARY} `.repeat(20);
  for (let n = 0; n < 16; n += 1) {
    const data = n % 2 ? { repository: 'acme/app', description: lines } : { repository: 'acme/app-2' };
    await store.records.upsert({ collection: 'hookyard.statuses', key: `hub#${n}`, version: 1, data });
  }
  await store.close();
  store = await openSqliteStore({ path });
  expect(await all({ repository: 'acme/app' })).toMatchObject({ records: 8 });
  await store.close();
  expect(readFileSync(path).includes(CANARY)).toBe(false);
  store = await openSqliteStore({ path });
});

test('nothing is in the file of what a forgotten record held before it was changed', async () => {
  const of = { collection: 'hookyard.statuses', version: 1 };
  const names = { at: 9, ids: {}, names: { 'acme/app': 5, 'acme/app-2': 4 } };
  for (let n = 0; n < 8; n += 1) {
    await store.records.upsert({ ...of, key: `keep#${n}`, data: { repository: 'acme/app-2' } });
    const data = { repository: 'acme/app', description: `${CANARY} `.repeat(10) };
    await store.records.upsert({ ...of, key: `hub#${n}`, data });
  }
  await store.records.upsert({ ...of, collection: 'hookyard.repositories', key: 'hub', data: names });
  await store.close();
  store = await openSqliteStore({ path });
  for (let n = 0; n < 8; n += 1)
    await store.records.upsert({
      ...of,
      key: `hub#${n}`,
      version: 2,
      data: { repository: 'acme/app', description: 'passed' },
    });
  expect(await all({ repository: 'acme/app' })).toMatchObject({ records: 9 });
  await store.close();
  const file = readFileSync(path);
  expect([CANARY, '"acme/app"'].map((text) => file.includes(text))).toEqual([false, false]);
  store = await openSqliteStore({ path });
});

test('a delivery that could not be read is one of the repository that its body names', async () => {
  const body = (name: string) => Buffer.from(JSON.stringify({ repository: { full_name: name } }));
  for (const [key, name] of [
    ['k1', 'acme/app'],
    ['k2', 'acme/app-2'],
  ] as const)
    await store.inbox.accept(
      aDelivery(key, { body: body(name), bodyHash: key, events: [], verdicts: [], ignored: 'a ping' }),
    );
  expect(await all({ repository: 'acme/app', dryRun: true })).toMatchObject({ deliveries: 1 });
});

const inForm = { 'content-type': 'application/x-www-form-urlencoded' };
test.each<[string, (owner: string, name: string) => string, Record<string, string>?]>([
  [
    'in a form',
    (owner, name) => `payload=${encodeURIComponent(JSON.stringify({ repository: { full_name: `${owner}/${name}` } }))}`,
    inForm,
  ],
  ['with an escaped slash', (owner, name) => `{"full_name":"${owner}\\/${name}"}`],
  ['by project and slug', (key, slug) => JSON.stringify({ old: { slug, project: { key } } })],
  ['by two names', (project, name) => JSON.stringify({ repository: { name, project: { name: project } } })],
])(
  'a delivery that could not be read is one of the repository that its body names %s',
  async (_, body, headers = {}) => {
    const ignored = 'no automation can listen to it';
    for (const [key, owner, name] of [
      ['k1', 'Acme', 'app'],
      ['k2', 'acme', 'app-2'],
      ['k3', 'app', 'acme'],
    ] as const)
      await store.inbox.accept(
        aDelivery(key, {
          headers,
          body: Buffer.from(body(owner, name)),
          bodyHash: key,
          events: [],
          verdicts: [],
          ignored,
        }),
      );
    expect(await all({ repository: 'acme/app' })).toMatchObject({ deliveries: 1 });
    expect((await store.inbox.list({ limit: 9 })).filter(({ bodyBytes }) => bodyBytes > 0)).toHaveLength(2);
  },
);

test('of what is known of all repositories of a source, what names another one stays', async () => {
  const of = { collection: 'hookyard.repositories', key: 'hub' };
  const ids = { 'acme/app': { id: '1', at: 5 }, 'acme/old': { id: '2', at: 3 }, 'acme/new': { id: '2', at: 4 } };
  const data = { at: 9, names: { 'acme/app': 5, 'acme/new': 4 }, ids };
  await store.records.upsert({ ...of, version: 3, data });
  expect(await all({ repository: 'acme/app', dryRun: true })).toMatchObject({ records: 1 });
  expect(await all({ repository: 'acme/app' })).toMatchObject({ records: 1 });
  const { 'acme/app': _, ...others } = ids;
  const kept = async () => (await store.records.get(of.collection, of.key))?.data;
  expect(await kept()).toEqual({ at: 9, names: { 'acme/new': 4 }, ids: others });
  expect(await all({ repository: 'acme/app' })).toMatchObject({ records: 0 });
  expect(await all({ source: 'hub' })).toMatchObject({ records: 1 });
  expect(await kept()).toBeUndefined();
});

test('lanes of a repository, whose titles hold its name, are forgotten but for those that somebody is in or holds up', async () => {
  const laneOf = (repository: string, number: number, source = 'hub') =>
    JSON.stringify(['automation', source, repository, 'ci', 'pull-request', 'pull request', `${number}`]);
  const enter = async (repository: string, number: number, source?: string) => {
    const [workflowId, lane] = [unique('ci'), laneOf(repository, number, source)];
    const claim = aClaim({ lane, title: `ci ${repository} #${number}` });
    await store.lanes.enter({ workflowId, automation: 'ci', claim });
    return workflowId;
  };
  await enter('acme/app', 1);
  const ended = [
    await enter('acme/app', 2),
    await enter('Acme/App', 3),
    await enter('acme/app-2', 4),
    await enter('acme/app', 5, 'lab'),
    await enter('acme/app', 6),
  ];
  await store.lanes.setMode({ lane: laneOf('acme/app', 6), mode: 'paused', by: 'ada' });
  await store.lanes.leave(ended);
  const titles = async () => (await store.lanes.list({ named: '', limit: 10 })).map(({ title }) => title);
  expect(await all({ repository: 'acme/app', source: 'hub', dryRun: true })).toMatchObject({ records: 2 });
  expect(await titles()).toHaveLength(6);
  expect(await all({ repository: 'acme/app', source: 'hub' })).toMatchObject({ records: 2 });
  expect(await titles()).toEqual(['ci acme/app #1', 'ci acme/app #5', 'ci acme/app #6', 'ci acme/app-2 #4']);
  const ofNobody = await forgetLanes(store, { delivery: 'd', dryRun: false });
  expect(ofNobody).toBe(0);
  expect(await all({ repository: 'ACME/app' })).toMatchObject({ records: 1 });
  expect(await all({ source: 'hub' })).toMatchObject({ records: 1 });
  expect(await titles()).toEqual(['ci acme/app #1', 'ci acme/app #6']);
}, 60_000);

test('a delivery that is not there, and nothing at all, are refused', async () => {
  expect(await forget({ client, taskQueue, store }, { delivery: 'nowhere' })).toBeUndefined();
  await expect(forget({ client, taskQueue, store }, {})).rejects.toMatchObject({ status: 400 });
});

test('who has approved code for a repository, and what was closed there, is forgotten by its name', async () => {
  const log = pino({ level: 'silent' });
  const { noteApproval, closeApprovals } = createApprovals({ store, log });
  const run = <I, O>(fn: (input: I) => Promise<O>, input: I) => activity({ taskQueue }, client).run(fn, input);
  for (const repositoryId of ['1', '2']) {
    const of = { source: 'hub', repository: repositoryId === '1' ? 'acme/app' : 'acme/app-2', repositoryId, number: 7 };
    const since = '2026-11-24T10:00:00Z';
    await run(noteApproval, { ...of, automation: 'ci', sha: 'a'.repeat(40), since, by: 'ada' });
    await run(closeApprovals, { ...of, closedAt: since });
  }
  expect(await all({ repository: 'acme/app' })).toMatchObject({ records: 2 });
  for (const name of ['hookyard.approvals', 'hookyard.closed'])
    expect((await store.records.list(name, { limit: 9 })).map(({ key }) => key.slice(0, 7))).toEqual(['hub#2#7']);
});

test('who had a repository forgotten stays known, and its name does not', async () => {
  const { handle } = await deliver('k1', 'acme/shop');
  await handle.terminate();
  await expect.poll(async () => (await endedRuns()).count, { timeout: 20_000 }).toBe(1);
  const acts = createActs(createActRecord({ records: store.records, log: pino({ level: 'silent' }) }));
  const config = configOf({ sources: { hub: { kind: 'github', secrets: [{ env: 'A' }] } } }, { A: 'a' });
  const answers = installationAnswers({ client, taskQueue, store, acts, config } as unknown as SharedDeps);
  const asked = async (body: object) => {
    for (let from: unknown, done = false; !done; done = from === undefined)
      from = (await answers.forget({ body: { ...body, ...(from !== undefined && { from }) }, by: 'anna', how: 'api' }))
        ?.next;
    return (await listActs(store.records, { limit: 10 })).acts.map(({ by, act, on }) => `${by} ${act} ${on}`);
  };
  expect(await asked({ repository: 'acme/shop', dryRun: true })).toEqual([]);
  expect(await asked({ repository: 'acme/shop' })).toEqual(['anna forget a repository']);
  expect(await asked({ source: 'hub' })).toEqual(['anna forget hub', 'anna forget a repository']);
});

test('while Temporal is away nothing is forgotten, and whoever asks is told to ask again', async () => {
  const { id } = await deliver('k1', 'acme/app');
  const away = awayClient();
  try {
    for (const body of [{ repository: 'acme/app' }, { delivery: id }, { source: 'hub', from: { step: 'runs' } }])
      await expect(forget({ client: away, taskQueue, store }, body), JSON.stringify(body)).rejects.toMatchObject({
        status: 503,
        message: expect.stringContaining('Temporal does not answer'),
      });
  } finally {
    await away.connection.close();
  }
  expect(await store.inbox.body(id)).toBeDefined();
});

test('where the namespace lacks search attributes, whoever forgets is told so, and not that Temporal is away', async () => {
  const { id } = await deliver('k1', 'acme/app');
  const details = "invalid query: column name 'HookyardRepository' is not a valid search attribute";
  const said = Object.assign(new Error(`3 INVALID_ARGUMENT: ${details}`), {
    code: 3,
    details,
    metadata: { get: () => [] },
  });
  const asked = vi.spyOn(client.workflowService, 'listWorkflowExecutions').mockRejectedValue(said);
  try {
    for (const body of [{ repository: 'acme/app' }, { delivery: id }, { source: 'hub', from: { step: 'runs' } }])
      await expect(forget({ client, taskQueue, store }, body), JSON.stringify(body)).rejects.toMatchObject({
        status: 409,
        message: expect.stringContaining('temporal operator search-attribute create'),
      });
  } finally {
    asked.mockRestore();
  }
  expect(await store.inbox.body(id)).toBeDefined();
});
