import { join } from 'node:path';
import { TypedSearchAttributes } from '@temporalio/common';
import pino from 'pino';
import { afterEach, expect, test } from 'vitest';
import { deliveryId } from '../../src/intake/delivery-id.js';
import { mirrorMark } from '../../src/runs/forgotten-mirrors.js';
import { toPairs } from '../../src/runs/search-attributes.js';
import { createActs } from '../../src/server/api/answers/acts.js';
import type { SharedDeps } from '../../src/server/api/answers/deps.js';
import { installationAnswers } from '../../src/server/api/answers/installation.js';
import type { ForgetCounts } from '../../src/server/api/contract.js';
import { createActRecord } from '../../src/server/api/operator-acts.js';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { aDelivery } from '../store/a-delivery.js';
import { closers } from '../support/harness/closers.js';
import { configOf } from '../support/harness/config.js';
import { testDatabase } from '../support/postgres.js';
import { tempFolder } from '../support/temp-folder.js';
import { testClient, unique } from '../support/temporal.js';

const { add, close } = closers();
afterEach(close);

const openStore = {
  SQLite: async () => openSqliteStore({ path: join(await tempFolder('forget-case'), 'store.db') }),
  Postgres: async () => {
    const database = await testDatabase();
    add({ close: () => database.drop() });
    return openPostgresStore({ url: database.url, migrate: 'apply' });
  },
};

/** An installation, as who asks its API has it. */
async function installation(kind: keyof typeof openStore) {
  const taskQueue = unique('forget-case');
  const client = add(await testClient());
  const store: Store = add(await openStore[kind]());
  const acts = createActs(createActRecord({ records: store.records, log: pino({ level: 'silent' }) }));
  const config = configOf({ sources: { hub: { kind: 'github', secrets: [{ env: 'A' }] } } }, { A: 'a' });
  const answers = installationAnswers({ client, taskQueue, store, acts, config } as unknown as SharedDeps);
  const deliver = async (key: string, repository: string) => {
    const [event] = aDelivery(key).events;
    const about = { ...event, repository: { ...(event as { repository: object }).repository, fullName: repository } };
    const id = deliveryId('hub', key);
    await store.inbox.accept(aDelivery(key, { id, source: 'hub', events: [about as never], verdicts: [] }));
    const typedSearchAttributes = new TypedSearchAttributes(
      toPairs({ HookyardRepository: repository, HookyardSource: 'hub', HookyardDelivery: id }),
    );
    const handle = await client.workflow.start('any', { workflowId: unique(key), taskQueue, typedSearchAttributes });
    return { id, handle };
  };
  const listed = async (status: 'Running' | 'Terminated') =>
    (await client.workflow.count(`TaskQueue = '${taskQueue}' AND ExecutionStatus = '${status}'`)).count;
  const forget = async (body: object) => {
    const sum: { [name: string]: number } = {};
    for (let from: unknown, done = false; !done; done = from === undefined) {
      const asked = { ...body, ...(from !== undefined && { from }) };
      const answer = await answers.forget({ body: asked, by: 'anna', how: 'api' });
      for (const [name, count] of Object.entries(answer?.counts ?? {})) sum[name] = (sum[name] ?? 0) + count;
      // As it comes back from who asks.
      from = answer?.next && JSON.parse(JSON.stringify(answer.next));
    }
    return sum as unknown as ForgetCounts;
  };
  return { store, deliver, listed, forget };
}

test.each(['SQLite', 'Postgres'] as const)(
  'a repository is forgotten in whatever case its name is typed, and no other one (%s)',
  async (kind) => {
    const { store, deliver, listed, forget } = await installation(kind);
    const [one, renamed, open, other] = [
      await deliver('k1', 'acme/app'),
      await deliver('k2', 'Acme/App'),
      await deliver('k3', 'Acme/app'),
      await deliver('k4', 'acme/app-2'),
    ];
    for (const [key, full_name] of [
      ['k5', 'Acme/App'],
      ['k6', 'acme/app.'],
    ] as const)
      await store.inbox.accept(
        aDelivery(key, {
          ...{ source: 'hub', events: [], verdicts: [], ignored: 'a ping' },
          ...{ body: Buffer.from(JSON.stringify({ repository: { full_name } })), bodyHash: key },
        }),
      );
    const names = { 'Acme/App': 5, 'acme/app-2': 4 };
    const known = { collection: 'hookyard.repositories', key: 'hub' };
    await store.records.upsert({ ...known, version: 1, data: { at: 9, names, ids: {} } });
    await store.records.upsert({ collection: 'orders', key: 'Acme/App#7', version: 1, data: {} });
    await store.records.upsert({ collection: 'orders', key: '8', version: 1, data: { of: 'acme/App' } });
    await store.records.upsert({ collection: 'orders', key: '9', version: 1, data: { of: 'acme/App-2' } });
    for (const { handle } of [one, renamed, other]) await handle.terminate();
    await expect
      .poll(async () => [await listed('Running'), await listed('Terminated')], { timeout: 20_000 })
      .toEqual([1, 3]);

    const expected = { deliveries: 3, waiting: 1, runs: 2, open: 1, records: 3 };
    expect(await forget({ repository: 'ACME/app', dryRun: true })).toMatchObject(expected);
    expect(await forget({ repository: 'ACME/app' })).toMatchObject(expected);

    expect(await store.inbox.body(one.id)).toBeUndefined();
    for (const { id } of [open, other]) expect(await store.inbox.body(id)).toBeDefined();
    expect((await other.handle.describe()).status.name).toBe('TERMINATED');
    expect((await store.records.list('orders', { limit: 9 })).map(({ key }) => key)).toEqual(['9']);
    expect((await store.records.get(known.collection, known.key))?.data).toMatchObject({ names: { 'acme/app-2': 4 } });
    const marks = await store.records.list('hookyard.forgotten', { limit: 9 });
    expect(marks.map(({ data }) => (data as { repository: string }).repository).sort()).toEqual(
      ['ACME/app', 'acme/app', 'Acme/App', 'Acme/app'].map(mirrorMark).sort(),
    );
  },
  120_000,
);

test('runs are found in any case though a forget of before has left no delivery that tells how they write it', async () => {
  const { store, deliver, listed, forget } = await installation('SQLite');
  for (const [key, name] of [
    ['k1', 'acme/app'],
    ['k2', 'Acme/App'],
    ['k3', 'Acme/App-2'],
  ] as const) {
    const { id, handle } = await deliver(key, name);
    await handle.terminate();
    await store.forgetting.delivery(id);
  }
  const known = { collection: 'hookyard.repositories', key: 'hub' };
  const data = { at: 9, names: { 'Acme/App': 5, 'Acme/App-2': 5 }, ids: {} };
  await store.records.upsert({ ...known, version: 1, data });
  await expect.poll(() => listed('Terminated'), { timeout: 20_000 }).toBe(3);
  expect(await forget({ repository: 'ACME/APP' })).toMatchObject({ deliveries: 0, runs: 2, records: 1 });
});

test('who names another repository in what goes on with a forget has it not forgotten', async () => {
  const { deliver, listed, forget } = await installation('SQLite');
  const other = await deliver('k1', 'acme/other');
  await other.handle.terminate();
  await expect.poll(() => listed('Terminated'), { timeout: 20_000 }).toBe(1);
  const from = { step: 'runs', spellings: ['acme/other'] };
  expect(await forget({ repository: 'acme/app', from })).toMatchObject({ runs: 0 });
  expect((await other.handle.describe()).status.name).toBe('TERMINATED');
});

test('a name of which nothing is kept is told as that: who has asked is no record of it', async () => {
  const { forget } = await installation('SQLite');
  expect(Object.values(await forget({ repository: 'no/body' }))).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
});
