import { inspect } from 'node:util';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PostgresLimits } from '../../src/store/postgres/limits.js';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import { type Store, StoreUnavailableError } from '../../src/store/store.js';
import { type TestDatabase, testDatabase } from '../support/postgres.js';
import { aDelivery } from './a-delivery.js';
import { describeStore } from './conformance.js';
import { startProcess } from './processes.js';

describeStore('Postgres', async () => {
  const database = await testDatabase();
  const store = await openPostgresStore({ url: database.url, migrate: 'apply' });
  return { store, remove: () => database.drop() };
});

describe('Postgres by itself', () => {
  let database: TestDatabase;
  const cleanUp: (() => unknown)[] = [];

  beforeEach(async () => {
    database = await testDatabase();
  });
  afterEach(async () => {
    for (const undo of cleanUp.splice(0).reverse()) await undo();
    await database.drop();
  });

  async function open(limits: Partial<PostgresLimits> = {}): Promise<Store> {
    const store = await openPostgresStore({ url: database.url, migrate: 'apply', limits });
    cleanUp.push(() => store.close());
    return store;
  }

  /** A connection of somebody else's. */
  async function outsider(): Promise<Client> {
    const client = new Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    cleanUp.push(() => client.end());
    return client;
  }

  function secondProcess(role: 'accept' | 'claim') {
    const options = { url: database.url, migrate: 'check' };
    const second = startProcess(role, { module: 'store/postgres/open.js', name: 'openPostgresStore', options });
    cleanUp.push(async () => {
      second.child.kill('SIGKILL');
      await second.ended;
    });
    return second;
  }

  const accept = (store: Store, count: number) =>
    Promise.all(Array.from({ length: count }, (_, index) => store.inbox.accept(aDelivery(`k${index}`))));

  test.each([
    ['key', (index: number, server: string) => aDelivery(`k${index}`, { body: Buffer.from(`${server} ${index}`) })],
    ['body', (index: number, server: string) => aDelivery(`${server}${index}`, { body: Buffer.from(`b ${index}`) })],
  ])('Postgres keeps one of what reaches two servers at the same instant with the same %s', async (_, delivery) => {
    const [one, other] = [await open(), await open()];
    for (let round = 0; round < 20; round++) {
      const indexes = Array.from({ length: 20 }, (_, index) => round * 100 + index);
      const [here, there] = await Promise.all([
        Promise.all(indexes.map((index) => one.inbox.accept(delivery(index, 'one')))),
        // In another order, so that each waits for the other somewhere.
        Promise.all(indexes.toReversed().map((index) => other.inbox.accept(delivery(index, 'other')))),
      ]);
      const both = here.map(({ stored }, at) => [stored, there.at(-1 - at)?.stored].sort());
      expect(both).toEqual(indexes.map(() => [false, true]));
    }
    expect((await one.inbox.backlog()).pending).toBe(400);
  });

  test('Postgres commits what arrives together in few transactions', async () => {
    const store = await open();
    await accept(store, 500);
    const [row] = await database.sql<{ transactions: string }>(
      'SELECT count(DISTINCT xmin::text) AS transactions FROM hookyard_deliveries',
    );
    expect(Number(row?.transactions)).toBeLessThan(20);
  });

  test('Postgres has every delivery that was answered before the process was killed', async () => {
    const store = await open();
    const second = secondProcess('accept');
    await second.printed(300);
    second.child.kill('SIGKILL');
    await second.ended;
    for (const key of second.lines) {
      expect(await store.inbox.find(key), key).toMatchObject({ dispatches: [{ workflowId: `ci/hub/${key}` }] });
      expect((await store.inbox.body(`id-${key}`))?.equals(Buffer.alloc(15_000, key))).toBe(true);
    }
  });

  test('Postgres gives a dispatch to one of two processes', async () => {
    const store = await open();
    await accept(store, 400);
    const both = [secondProcess('claim'), secondProcess('claim')];
    await Promise.all(both.map((each) => each.printed(1)));
    for (const { child } of both) child.stdin.write('go\n');
    await Promise.all(both.map(({ ended }) => ended));
    const all = both.flatMap(({ lines }) => lines.slice(1));
    expect(all).toHaveLength(400);
    expect(new Set(all).size).toBe(400);
  });

  test('Postgres lets sources take turns also between dispatchers that claim at once', async () => {
    const stores = [await open(), await open(), await open()];
    const [first] = stores as [Store];
    await accept(first, 60);
    for (const key of ['a', 'b', 'c']) await first.inbox.accept(aDelivery(key, { source: 'lab' }));
    const claimed: string[][] = [];
    while (claimed.flat().length < 63) {
      const some = await Promise.all(stores.map(({ inbox }) => inbox.claim({ limit: 2, leaseMs: 60_000 })));
      claimed.push(some.flat().map(({ id }) => id));
      for (const one of some) {
        const numbers = one.flatMap(({ id }) => (id.startsWith('ci/hub/k') ? Number(id.slice(8)) : []));
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }
    }
    expect(new Set(claimed.flat()).size).toBe(63);
    // In two rounds of three claims, each of which has a turn for each source.
    expect(claimed.slice(0, 2).flat()).toEqual(expect.arrayContaining(['ci/lab/a', 'ci/lab/b', 'ci/lab/c']));
  });

  test('Postgres starts what a server of the version before keeps, which names no flow', async () => {
    const store = await open();
    await accept(store, 2);
    await database.sql(`UPDATE hookyard_dispatches SET flow = DEFAULT WHERE id = 'ci/hub/k1'`);
    const claim = async () => (await store.inbox.claim({ limit: 1, leaseMs: 60_000 })).map(({ id }) => id);
    expect([await claim(), await claim(), await claim()]).toEqual([['ci/hub/k0'], ['ci/hub/k1'], []]);
  });

  test("Postgres counts leases by the database's clock, whatever the process's says", async () => {
    const store = await open();
    await accept(store, 1);
    expect(await store.inbox.claim({ limit: 1, leaseMs: 60_000 })).toHaveLength(1);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    cleanUp.push(() => vi.useRealTimers());
    expect(await store.inbox.claim({ limit: 1, leaseMs: 60_000 })).toEqual([]);
    // A delivery that a clock running ahead has received is due all the same.
    await store.inbox.accept(aDelivery('ahead'));
    expect(await store.inbox.claim({ limit: 1, leaseMs: 60_000 })).toMatchObject([{ workflowId: 'ci/hub/ahead' }]);
  });

  test('Postgres takes what its clock has put off after what is due, and no more than asked for', async () => {
    const store = await open();
    await accept(store, 6);
    await database.sql(
      `UPDATE hookyard_dispatches SET due_at = due_at + 86400000 WHERE id IN ('ci/hub/k0', 'ci/hub/k1')`,
    );
    const claim = async (limit: number) =>
      (await store.inbox.claim({ limit, leaseMs: 60_000 })).map(({ workflowId }) => workflowId.slice(-2));
    expect(await claim(3)).toEqual(['k2', 'k3', 'k4']);
    expect(await claim(2)).toEqual(['k5', 'k0']);
    expect(await claim(5)).toEqual(['k1']);
    expect(await claim(5)).toEqual([]);
  });

  test('Postgres takes a retry at most a minute later, whatever the clock of who failed says', async () => {
    const store = await open();
    await accept(store, 1);
    const dueAt = Date.now() + 600_000;
    await store.inbox.settle([{ id: 'ci/hub/k0', outcome: 'retry', dueAt, error: 'no answer' }]);
    expect(await store.inbox.nextDue()).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  test('Postgres leases nothing whose event it cannot read', async () => {
    const store = await open({ statementMs: 2_000 });
    await accept(store, 1);
    const other = await outsider();
    await other.query('BEGIN');
    await other.query('LOCK TABLE hookyard_deliveries IN ACCESS EXCLUSIVE MODE');
    await expect(store.inbox.claim({ limit: 1, leaseMs: 60_000 })).rejects.toBeInstanceOf(StoreUnavailableError);
    await other.query('ROLLBACK');
    expect(await store.inbox.claim({ limit: 1, leaseMs: 60_000 })).toMatchObject([{ attempt: 1 }]);
  });

  test('Postgres numbers log lines without a gap when two stores write one job', async () => {
    const stores = [await open(), await open()];
    const job = { workflowId: 'w', job: 'j' };
    const line = { at: 1, stream: 'stdout', attempt: 1, text: 'x' } as const;
    await Promise.all(stores.flatMap((store) => Array.from({ length: 30 }, () => store.logs.append(job, [line]))));
    const lines = await stores[0]?.logs.read(job, { after: 0, limit: 100 });
    expect(lines?.map(({ number }) => number)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  });

  test('Postgres keeps the newest version of a record that two stores write', async () => {
    const stores = [await open(), await open()];
    const versions = Array.from({ length: 40 }, (_, index) => index);
    await Promise.all(
      versions.map((version) =>
        stores[version % 2]?.records.upsert({ collection: 'c', key: 'k', version, data: version }),
      ),
    );
    expect(await stores[0]?.records.get('c', 'k')).toMatchObject({ version: 39, data: 39 });
  });

  test('Postgres does not prune what is being started again at this moment', async () => {
    const store = await open();
    await store.inbox.accept(aDelivery('k', { receivedAt: 1000, verdicts: [] }));
    const other = await outsider();
    await other.query('BEGIN');
    await other.query('SELECT seq FROM hookyard_deliveries FOR KEY SHARE');
    expect(await store.inbox.prune({ before: 2000, limit: 10 })).toBe(0);
    await other.query('COMMIT');
    expect(await store.inbox.prune({ before: 2000, limit: 10 })).toBe(1);
  });

  test('Postgres refuses to write while somebody else keeps it locked, and goes on afterwards', async () => {
    const store = await open({ statementMs: 2_000 });
    await accept(store, 1);
    const other = await outsider();
    await other.query('BEGIN');
    await other.query('LOCK TABLE hookyard_deliveries IN EXCLUSIVE MODE');
    const results = await Promise.allSettled([
      store.inbox.accept(aDelivery('a')),
      store.inbox.accept(aDelivery('b')),
      store.inbox.backlog(),
    ]);
    expect(results[0]).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailableError) });
    expect(results[1]).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailableError) });
    expect(results[2]).toMatchObject({ status: 'fulfilled', value: { pending: 1 } });
    await other.query('ROLLBACK');
    expect(await store.inbox.accept(aDelivery('a'))).toEqual({ stored: true });
  });

  test('Postgres goes on after all of its connections were cut', async () => {
    const store = await open();
    await accept(store, 5);
    await Promise.all(Array.from({ length: 8 }, () => store.inbox.backlog()));
    const cut = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                 WHERE datname = '${database.name}' AND pid <> pg_backend_pid()`;
    const underWay = Array.from({ length: 50 }, (_, index) => store.inbox.accept(aDelivery(`during${index}`)));
    const settled = Promise.allSettled(underWay);
    await database.sql(cut);
    const results = await settled;
    // A connection that was cut while nobody used it may be found out by the next call only.
    await vi.waitFor(async () => expect(await store.inbox.accept(aDelivery('after'))).toBeDefined(), {
      timeout: 10_000,
    });
    await vi.waitFor(() => Promise.all(Array.from({ length: 10 }, () => store.inbox.backlog())), { timeout: 10_000 });
    for (const [index, result] of results.entries()) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(StoreUnavailableError);
      else expect(await store.inbox.find(`during${index}`)).toBeDefined();
    }
    expect(await store.inbox.find('after')).toBeDefined();
  });

  test('Postgres refuses more than may wait, at once, and takes more when some are answered', async () => {
    const store = await open({ requests: 10, bytes: 50_000 });
    const many = await Promise.allSettled(Array.from({ length: 15 }, (_, i) => store.inbox.accept(aDelivery(`k${i}`))));
    expect(many.map(({ status }) => status).filter((status) => status === 'fulfilled')).toHaveLength(10);
    expect(many[10]).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailableError) });
    const large = await Promise.allSettled(
      ['x', 'y', 'z'].map((key) => store.inbox.accept(aDelivery(key, { body: Buffer.alloc(20_000, key) }))),
    );
    expect(large.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(await store.inbox.accept(aDelivery('more'))).toEqual({ stored: true });
  });

  test('Postgres gives up on an answer that does not come in time', async () => {
    const store = await open({ answerMs: 100 });
    const other = await outsider();
    await other.query('BEGIN');
    await other.query('LOCK TABLE hookyard_deliveries IN EXCLUSIVE MODE');
    await expect(store.inbox.accept(aDelivery('a'))).rejects.toThrow('did not answer within 100 ms');
    await other.query('ROLLBACK');
  });

  test('Postgres is refused in words where commits are not synced', async () => {
    await database.sql(`ALTER DATABASE ${database.name} SET synchronous_commit = off`);
    await expect(open()).rejects.toThrow('synchronous_commit = off');
    await database.sql(`ALTER DATABASE ${database.name} RESET synchronous_commit`);
    await open();
  });

  test('Postgres tells of a database that is away without telling its password', async () => {
    const away = (url: string) =>
      openPostgresStore({ url, migrate: 'check', limits: { openMs: 0 } }).catch((error: unknown) => error);
    const refused = await away('postgres://ada:hunter2secret@127.0.0.1:1/none');
    expect(refused).toBeInstanceOf(StoreUnavailableError);
    const wrong = await Promise.all(
      [
        'postgres://ada:hunter2secret@127.0.0.1:port/none',
        'mysql://ada:hunter2secret@127.0.0.1/none',
        'hunter2secret',
      ].map(away),
    );
    for (const error of wrong) expect((error as Error).message).toContain('must be postgres://');
    for (const error of [refused, ...wrong]) expect(inspect(error, { showHidden: true })).not.toContain('hunter2');
  });

  test('Postgres says at once that there is no such database', async () => {
    const url = new URL(database.url);
    url.pathname = `/${database.name}_none`;
    await expect(openPostgresStore({ url: url.href, migrate: 'apply' })).rejects.toThrow('does not exist');
  });
});
