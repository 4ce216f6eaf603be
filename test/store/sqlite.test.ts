import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../../src/store/sqlite/connection.js';
import { migrate } from '../../src/store/sqlite/migrate.js';
import { migrations } from '../../src/store/sqlite/migrations.js';
import { openSqliteStore, type SqliteLimits } from '../../src/store/sqlite/open.js';
import { type NewDelivery, type Store, StoreUnavailableError } from '../../src/store/store.js';
import { tempFolder } from '../support/temp-folder.js';
import { aDelivery } from './a-delivery.js';
import { describeStore } from './conformance.js';
import { startProcess } from './processes.js';
import { countCommits } from './wal.js';

describeStore('SQLite', async () => {
  const folder = await tempFolder('store');
  const store = await openSqliteStore({ path: join(folder, 'store.db') });
  return { store, remove: () => rm(folder, { recursive: true, force: true }) };
});

describe('SQLite by itself', () => {
  let folder: string;
  let path: string;
  const cleanUp: (() => unknown)[] = [];

  beforeEach(async () => {
    folder = await tempFolder('sqlite');
    path = join(folder, 'data', 'store.db');
  });
  afterEach(async () => {
    for (const undo of cleanUp.splice(0).reverse()) await undo();
  });

  async function open(limits: Partial<SqliteLimits> = {}): Promise<Store> {
    const store = await openSqliteStore({ path, limits });
    cleanUp.push(() => store.close());
    return store;
  }

  /** Another connection to the file, as another program would have it. */
  function outsider(): Database.Database {
    const database = new Database(path, { timeout: 1000 });
    cleanUp.push(() => database.open && database.close());
    return database;
  }

  function secondProcess(role: 'accept' | 'claim') {
    const second = startProcess(role, { module: 'store/sqlite/open.js', name: 'openSqliteStore', options: { path } });
    cleanUp.push(async () => {
      second.child.kill('SIGKILL');
      await second.ended;
    });
    return second;
  }

  const accept = (store: Store, count: number, changes: Parameters<typeof aDelivery>[1] = {}) =>
    Promise.all(Array.from({ length: count }, (_, index) => store.inbox.accept(aDelivery(`k${index}`, changes))));

  test('SQLite syncs every commit of a write-ahead log', () => {
    const connection = connect({ path, lockMs: 1000 });
    cleanUp.push(() => connection.close());
    expect(connection.rows('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(connection.rows('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
    expect(connection.rows('PRAGMA busy_timeout')).toEqual([{ timeout: 1000 }]);
  });

  test('SQLite is readable by its owner only', async () => {
    await open();
    for (const file of [path, `${path}-wal`]) expect((await stat(file)).mode & 0o077).toBe(0);
  });

  test('SQLite leaves one file after closing', async () => {
    const store = await open();
    await accept(store, 3);
    await store.close();
    expect(countCommitsIfAny()).toBe(0);
    const again = await open();
    expect(await again.inbox.list({ limit: 10 })).toHaveLength(3);
  });

  function countCommitsIfAny(): number {
    try {
      return countCommits(path);
    } catch {
      return 0;
    }
  }

  test('SQLite commits what arrives together in few transactions', async () => {
    const store = await open();
    // A reader that stays keeps the log from being started anew, so that every commit can be counted.
    const reader = outsider();
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM deliveries').all();
    const before = countCommits(path);
    for (const key of ['a', 'b', 'c']) await store.inbox.accept(aDelivery(key));
    expect(countCommits(path) - before).toBe(3);
    await accept(store, 500);
    expect(countCommits(path) - before - 3).toBeLessThan(250);
    expect((await store.inbox.backlog()).pending).toBe(503);
  });

  test('SQLite takes the bytes of a body that has a buffer to itself, and refuses to keep them as nothing', async () => {
    const { inbox } = await open();
    const body = Buffer.alloc(100_000, 'x');
    expect(await inbox.accept(aDelivery('once', { body }))).toEqual({ stored: true });
    expect(body.length).toBe(0);
    await expect(inbox.accept(aDelivery('twice', { body }))).rejects.toThrow('given to the store before');
    expect(await inbox.find('twice')).toBeUndefined();
    const stored = await inbox.body(aDelivery('once').id);
    expect(stored?.equals(Buffer.alloc(100_000, 'x'))).toBe(true);
  });

  test('SQLite refuses the same bytes a second time in one turn, without harm to what is asked for with them', async () => {
    const { inbox } = await open();
    const body = Buffer.alloc(100_000, 'x');
    const results = await Promise.allSettled([
      inbox.accept(aDelivery('once', { body })),
      inbox.accept(aDelivery('twice', { body })),
      inbox.accept(aDelivery('other')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await inbox.find('once')).toMatchObject({ bodyBytes: 100_000 });
    expect(await inbox.find('twice')).toBeUndefined();
    expect(await inbox.find('other')).toBeDefined();
  });

  test('SQLite has every delivery that was answered before the process was killed', async () => {
    const second = secondProcess('accept');
    await second.printed(300);
    second.child.kill('SIGKILL');
    await second.ended;
    expect(second.lines.length).toBeGreaterThanOrEqual(300);
    const store = await open();
    for (const key of second.lines) {
      const found = await store.inbox.find(key);
      expect(found, key).toMatchObject({ bodyBytes: 15_000, dispatches: [{ workflowId: `ci/hub/${key}` }] });
      expect((await store.inbox.body(`id-${key}`))?.equals(Buffer.alloc(15_000, key))).toBe(true);
    }
  });

  test('SQLite gives a dispatch to one of two processes', async () => {
    const store = await open();
    await accept(store, 400);
    const both = [secondProcess('claim'), secondProcess('claim')];
    await Promise.all(both.map((each) => each.printed(1)));
    for (const { child } of both) child.stdin.write('go\n');
    await Promise.all(both.map(({ ended }) => ended));
    const shares = both.map(({ lines }) => lines.slice(1));
    const all = shares.flat();
    expect(all).toHaveLength(400);
    expect(new Set(all).size).toBe(400);
  });

  test('SQLite stays protected from other processes while this one opens and closes it a second time', async () => {
    const store = await open();
    await accept(store, 1);
    const again = await open();
    await again.close();
    // Whoever believes to be the last that closes the file removes its log, with what others go on writing there.
    const second = secondProcess('claim');
    await second.printed(1);
    second.child.stdin.write('go\n');
    await second.ended;
    expect(await readdir(join(folder, 'data'))).toContain('store.db-wal');
    await store.inbox.accept(aDelivery('later'));
    expect(await (await open()).inbox.find('later')).toBeDefined();
  });

  test('SQLite numbers log lines without a gap when two stores write one job', async () => {
    const stores = await Promise.all([open(), open()]);
    const job = { workflowId: 'w', job: 'j' };
    const line = { at: 1, stream: 'stdout', attempt: 1, text: 'x' } as const;
    await Promise.all(stores.flatMap((store) => Array.from({ length: 30 }, () => store.logs.append(job, [line]))));
    const lines = await stores[0]?.logs.read(job, { after: 0, limit: 100 });
    expect(lines?.map(({ number }) => number)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  });

  test('SQLite can be opened for the first time by several at once', async () => {
    const stores = await Promise.all([open(), open(), open(), open()]);
    await Promise.all(stores.map((store, index) => store.inbox.accept(aDelivery(`k${index}`))));
    expect(await stores[0]?.inbox.list({ limit: 10 })).toHaveLength(4);
  });

  test('SQLite refuses to write while somebody else keeps it locked, and goes on afterwards', async () => {
    const store = await open({ lockMs: 100 });
    await accept(store, 1);
    const other = outsider();
    other.exec('BEGIN IMMEDIATE');
    const results = await Promise.allSettled([
      store.inbox.accept(aDelivery('a')),
      store.inbox.accept(aDelivery('b')),
      store.inbox.backlog(),
    ]);
    expect(results[0]).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailableError) });
    expect(results[1]).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailableError) });
    expect(results[2]).toMatchObject({ status: 'fulfilled', value: { pending: 1 } });
    other.exec('ROLLBACK');
    expect(await store.inbox.accept(aDelivery('a'))).toEqual({ stored: true });
  });

  test('SQLite refuses to write when there is no room left, keeps what it has, and goes on when there is', async () => {
    const store = await open({ fileBytes: 1_000_000 });
    let kept = 0;
    // Each has bytes of its own: the store takes them.
    const large = (changes: Partial<NewDelivery>) => ({ body: Buffer.alloc(100_000, 'x'), ...changes });
    const fill = async () => {
      for (; kept < 50; kept += 1) {
        await store.inbox.accept(aDelivery(`big${kept}`, large({ receivedAt: 1000 + kept, repeatedSince: Infinity })));
      }
    };
    await expect(fill()).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(kept).toBeGreaterThan(3);
    expect(kept).toBeLessThan(50);
    expect(await store.inbox.list({ limit: 100 })).toHaveLength(kept);
    expect(await store.inbox.find(`big${kept}`)).toBeUndefined();
    // Nobody of one transaction is told that it is on disk when the transaction isn't.
    const together = await Promise.allSettled([1, 2, 3].map((n) => store.inbox.accept(aDelivery(`t${n}`, large({})))));
    for (const [index, { status }] of together.entries()) {
      expect((await store.inbox.find(`t${index + 1}`)) !== undefined).toBe(status === 'fulfilled');
    }
    await store.inbox.settle([{ id: 'ci/hub/big0', outcome: 'done' }]);
    await store.inbox.settle([{ id: 'ci/hub/big1', outcome: 'done' }]);
    expect(await store.inbox.prune({ before: 1002, limit: 10 })).toBe(2);
    expect(await store.inbox.accept(aDelivery('after', { body: Buffer.alloc(100_000, 'y') }))).toEqual({
      stored: true,
    });
  });

  test('SQLite refuses more than may wait, at once, and takes more when some are answered', async () => {
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

  test('SQLite refuses a file of a newer version', async () => {
    await (await open()).close();
    const other = outsider();
    other.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    other.close();
    await expect(open()).rejects.toThrow(
      `newer version of Hookyard (schema ${migrations.length + 1}; this one knows ${migrations.length})`,
    );
  });

  test('SQLite lets what waited in a file of the version before take turns', async () => {
    const before = connect({ path, lockMs: 1000 });
    for (const migration of migrations.slice(0, 2)) before.exec(migration);
    before.exec('PRAGMA user_version = 2');
    for (const [n, source] of ['hub', 'hub', 'lab'].entries()) {
      before.run(
        `INSERT INTO deliveries (seq, id, source, key, body_hash, event_name, received_at, headers, events, verdicts, body_bytes)
         VALUES (?, ?, ?, ?, ?, 'push', ?, '{}', '[{}]', '[]', 2)`,
        ...[n, `d${n}`, source, `k${n}`, `h${n}`, n],
      );
      before.run(
        `INSERT INTO dispatches (id, kind, delivery, workflow_id, name, due_at, since) VALUES (?, 'start', ?, ?, 'ci', ?, ?)`,
        ...[`${source}/${n}`, n, `${source}/${n}`, n, n],
      );
    }
    before.close();
    const store = await open();
    const claimed = await store.inbox.claim({ limit: 3, leaseMs: 60_000 });
    expect(claimed.map(({ id }) => id)).toEqual(['hub/0', 'lab/2', 'hub/1']);
  });

  test('SQLite lists what a version before has stored among the deliveries of any repository, since nobody knows whose it is', async () => {
    const before = connect({ path, lockMs: 1000 });
    for (const migration of migrations.slice(0, 14)) before.exec(migration);
    before.exec('PRAGMA user_version = 14');
    for (const [n, events] of ['[{}]', '[]', '[{}]'].entries())
      before.run(
        `INSERT INTO deliveries (seq, id, source, key, body_hash, event_name, received_at, headers, events, verdicts, body_bytes)
         VALUES (?, ?, 'hub', ?, ?, 'push', ?, '{}', ?, '[]', 2)`,
        ...[n, `d${n}`, `k${n}`, `h${n}`, n, events],
      );
    before.close();
    const store = await open();
    await store.inbox.accept(aDelivery('new', { receivedAt: 2 }));
    await store.inbox.accept(aDelivery('of none', { receivedAt: 3, events: [] }));
    const listed = async (repository: string, limit: number) =>
      (await store.inbox.list({ repository, limit })).map(({ key }) => key);
    expect(await listed('ada/engine', 10)).toEqual(['new', 'k2', 'k0']);
    expect(await listed('ada/engine', 2)).toEqual(['new', 'k2']);
    expect(await listed('ada/other', 10)).toEqual(['k2', 'k0']);
  });

  test('SQLite tells of each step by which a file of a version before is brought up to date, and of none of a new file', async () => {
    const steps: unknown[] = [];
    const before = connect({ path, lockMs: 1000 });
    migrate(before, (step) => void steps.push(step));
    expect(steps).toEqual([]);
    before.exec(`DROP INDEX signals_by_run; PRAGMA user_version = ${migrations.length - 1}`);
    migrate(before, (step) => void steps.push(step));
    expect(steps).toEqual([{ step: migrations.length, of: migrations.length }]);
    before.close();
    expect(await (await open()).inbox.list({ limit: 1 })).toEqual([]);
  });

  test('SQLite refuses a file that is no database, and a folder', async () => {
    path = join(folder, 'text');
    await writeFile(path, 'this is not a database, though it is long enough to be one. '.repeat(100));
    await expect(open()).rejects.toThrow('not a database');
    path = folder;
    await expect(open()).rejects.toThrow('Unable to open');
  });
});
