import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BackupError } from '../../src/store/backup/backup-error.js';
import { importFile } from '../../src/store/postgres/import/import-file.js';
import { COPIED, nameOf } from '../../src/store/postgres/import/tables.js';
import { migratePostgres } from '../../src/store/postgres/migrate.js';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import type { Store } from '../../src/store/store.js';
import { push } from '../../src/triggers/index.js';
import { type TestDatabase, testDatabase } from '../support/postgres.js';
import { tempFolder } from '../support/temp-folder.js';
import { aClaim, inLane } from './a-claim.js';
import { aDelivery } from './a-delivery.js';
import { aDataFolder, backUp } from './backup/a-data-folder.js';

let database: TestDatabase;
let data: string;
let path: string;
let file: Store;

beforeEach(async () => {
  database = await testDatabase();
  await migratePostgres({ url: database.url });
  ({ data, store: file } = await aDataFolder());
  path = join(data, 'hookyard.db');
});
afterEach(async () => {
  await file.close();
  await database.drop();
});

const copy = (more: Partial<Parameters<typeof importFile>[0]> = {}) =>
  importFile({
    path,
    url: database.url,
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...more,
  });

/** Opens the database as a server does, for as long as `work` takes. */
async function served<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openPostgresStore({ url: database.url, migrate: 'check' });
  return work(store).finally(() => store.close());
}

async function everythingIn({ inbox, logs, records, attempts }: Store) {
  const deliveries = await inbox.list({ limit: 500 });
  return {
    deliveries,
    bodies: await Promise.all(deliveries.map(async ({ id }) => (await inbox.body(id))?.toString('base64'))),
    backlog: await inbox.backlog(),
    lines: await logs.read({ workflowId: 'ci/hub/k1', job: 'build' }, { after: 0, limit: 100 }),
    records: await records.list('issues', { limit: 100 }),
    attempts: await attempts.list({ limit: 100 }),
  };
}

const rowsOf = async (table: string) => (await database.sql<{ n: string }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n;
const isEmpty = async () => {
  for (const name of COPIED.map(nameOf)) expect([name, await rowsOf(name)]).toEqual([name, '0']);
};

test('everything in the file is in the database: deliveries, bodies, what waits, logs, records, attempts', async () => {
  const expected = await everythingIn(file);
  const imported = await copy();
  expect(await served(everythingIn)).toEqual(expected);
  expect(Object.fromEntries(imported.map(({ table, rows }) => [table, rows]))).toEqual({
    deliveries: 3,
    bodies: 3,
    dispatches: 4,
    lanes: 0,
    lane_entries: 0,
    waits: 0,
    log_jobs: 1,
    log_lines: 2,
    records: 2,
    outbound_attempts: 1,
  });
});

test('what comes after goes on: keys repeat, versions guard, numbers count on, and what was started is not again', async () => {
  await copy();
  await served(async ({ inbox, logs, records, attempts }) => {
    expect(await inbox.accept(aDelivery('k1'))).toMatchObject({ stored: false, repeats: 'key' });
    expect(await inbox.accept(aDelivery('new'))).toEqual({ stored: true });
    expect(await inbox.signal({ id: 's1', workflowId: 'w', signal: 'approve', payload: 1 })).toBe(false);
    expect(await records.upsert({ collection: 'issues', key: '7', version: 2, data: {} })).toBe('older');
    expect(await records.upsert({ collection: 'issues', key: '9', version: 1, data: {} })).toBe('written');
    await attempts.add({ messageId: 'm2', endpoint: 'partner', attempt: 1, at: 6, durationMs: 1 });
    const job = { workflowId: 'ci/hub/k1', job: 'build' };
    await logs.append(job, [{ at: 2, stream: 'stdout', attempt: 2, text: 'three' }]);
    expect((await logs.read(job, { after: 2, limit: 10 })).map(({ number }) => number)).toEqual([3]);
    await logs.append({ workflowId: 'other', job: 'x' }, [{ at: 2, stream: 'stdout', attempt: 1, text: 'first' }]);
    const claimed = await inbox.claim({ limit: 100, leaseMs: 1_000 });
    expect(claimed.map(({ id }) => id).sort()).toEqual(['ci/hub/k2', 'ci/hub/k3', 'ci/hub/new', 's1']);
    expect((await inbox.find('k1'))?.dispatches).toMatchObject([{ state: 'done', runId: 'r1' }]);
  });
});

test('waits go on: a run gets what had arrived, and one that was given something before is told nothing again', async () => {
  const about = { kind: 'branch', branch: 'main' } as const;
  const wait = {
    ...{ workflowId: 'w', runId: 'r', title: 'a push about main', source: 'hub', repository: '9007199254740993' },
    ...{ on: [push()], about, until: Date.now() + 3_600_000 },
  };
  const after = { deliveryId: aDelivery('k1').id, receivedAt: 0 };
  await file.waits.open({ ...wait, id: 'given', after });
  await file.waits.look(wait);
  const given = await file.waits.given('given');
  expect(given?.event.kind).toBe('push');
  const next = { deliveryId: given?.event.deliveryId ?? '', receivedAt: 0, inclusive: true } as const;
  await file.waits.open({ ...wait, id: 'open', after: next });
  await file.inbox.accept(aDelivery('later'));
  await copy();
  await served(async ({ waits }) => {
    expect(await waits.given('given')).toEqual(given);
    await waits.look(wait);
    expect((await waits.given('open'))?.event).not.toEqual(given?.event);
    expect(await waits.list({ limit: 10, workflowId: 'w' })).toEqual([]);
  });
});

test('lanes go on: who waits is let on in order, and whoever arrives is newer than all that were there', async () => {
  for (const key of ['a', 'b', 'c']) await file.inbox.accept(inLane(key));
  const claim = aClaim({ lane: 'another', skipOutdated: true });
  const enter = (store: Store, workflowId: string) => store.lanes.enter({ workflowId, automation: 'ci', claim });
  for (const key of ['gone 1', 'gone 2', 'gone 3', 'gone 4']) {
    await enter(file, key);
    await file.lanes.leave([key]);
  }
  await file.lanes.setMode({ lane: 'deploy', mode: 'paused', by: 'ada', reason: 'until Monday' });
  const expected = await file.lanes.list({ limit: 10 });
  expect((await copy()).filter(({ table }) => table.startsWith('lane')).map(({ rows }) => rows)).toEqual([2, 3]);
  await served(async (store) => {
    expect(await store.lanes.list({ limit: 10 })).toEqual(expected);
    await store.lanes.leave(['a']);
    await store.lanes.setMode({ lane: 'deploy', mode: 'open', by: 'ada' });
    expect(await store.inbox.findStart('b')).toMatchObject({ state: 'pending' });
    for (const key of ['holder', 'next']) await enter(store, key);
    await store.lanes.leave(['holder']);
    expect(await enter(store, 'next')).toEqual({ state: 'runs' });
  });
});

test('values that are easily spoiled stay what they are, however many there are', async () => {
  const odd = ['NULL', '', '{"a",b}', '\\', "it's", 'a\nb\t\r', '🦊 é \u2028', '\ufffd', '"'];
  for (const [index, text] of odd.entries()) {
    await file.inbox.accept(aDelivery(`odd ${text || 'empty'}`, { eventName: text || 'x', ignored: text }));
    await file.logs.append({ workflowId: 'ci/hub/k1', job: 'build' }, [
      { at: index, stream: 'stdout', attempt: 1, text, step: text },
    ]);
  }
  for (const [index, version] of [1e21, -0.5, 1_700_000_000_000.25, 9_007_199_254_740_991, '', '10', 'é'].entries())
    await file.records.upsert({ collection: 'issues', key: `v${index}`, version, data: { odd } });
  for (const body of [
    Buffer.alloc(0),
    Buffer.from([0, 255, 0, 128]),
    Buffer.alloc(9_000_000, 'ab'),
    Buffer.alloc(9_000_001, 1),
  ])
    await file.inbox.accept(aDelivery(`body of ${body.length}`, { body }));
  await Promise.all(Array.from({ length: 2_200 }, (_, n) => file.inbox.accept(aDelivery(`many ${n}`))));
  const expected = await everythingIn(file);
  const imported = await copy();
  expect(await served(everythingIn)).toEqual(expected);
  expect(imported.find(({ table }) => table === 'deliveries')?.rows).toBe(3 + odd.length + 4 + 2_200);
});

test('the two kinds of store have the same tables and columns, and all of them are copied', async () => {
  const db = new Database(path);
  const tables = db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .all([]) as { name: string }[];
  expect(tables.map(({ name }) => name).sort()).toEqual(COPIED.map(({ name }) => name).sort());
  for (const table of COPIED) {
    const own = (db.prepare(`SELECT name FROM pragma_table_info('${table.name}')`).all([]) as { name: string }[])
      .map(({ name }) => name)
      .flatMap((name) =>
        table.name === 'records' && name === 'version' ? ['version_number', 'version_text'] : [name],
      );
    const theirs = await database.sql<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = '${nameOf(table)}'`,
    );
    expect([table.name, own.sort()]).toEqual([table.name, theirs.map(({ name }) => name).sort()]);
  }
  db.close();
});

test('a database with something in it is refused, and stays as it is', async () => {
  await served(({ inbox }) => inbox.accept(aDelivery('theirs')));
  await expect(copy()).rejects.toThrow('hookyard_deliveries has rows already');
  expect(await served(async ({ inbox }) => (await inbox.list({ limit: 10 })).map(({ key }) => key))).toEqual([
    'theirs',
  ]);
});

test('what the database changes on its way in is noticed, and nothing stays there', async () => {
  await database.sql(`
    CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.data := NEW.data || '' ''; RETURN NEW; END';
    CREATE TRIGGER spoil BEFORE INSERT ON hookyard_records FOR EACH ROW EXECUTE FUNCTION spoil()`);
  await expect(copy()).rejects.toThrow('what the database holds of records is not what the file holds');
  await isEmpty();
});

test('a connection that is lost half way leaves nothing, and the next try copies all', async () => {
  // The connection ends itself at the first dispatch: cut from outside, it could outlive a short copy.
  await database.sql(`
    CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql
      AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END';
    CREATE TRIGGER hang_up BEFORE INSERT ON hookyard_dispatches FOR EACH ROW EXECUTE FUNCTION hang_up()`);
  await expect(copy()).rejects.toThrow(/The store is not available/);
  await isEmpty();
  await database.sql('DROP TRIGGER hang_up ON hookyard_dispatches');
  expect((await copy())[0]).toMatchObject({ table: 'deliveries', rows: 3 });
});

test('one that is interrupted leaves nothing', async () => {
  const stop = new AbortController();
  await expect(copy({ onProgress: () => stop.abort(new Error('stopped')), signal: stop.signal })).rejects.toThrow(
    'stopped',
  );
  await isEmpty();
});

test('nobody else writes to the file meanwhile', async () => {
  const db = new Database(path);
  let refused = '';
  await copy({
    onProgress() {
      try {
        db.exec('BEGIN IMMEDIATE; ROLLBACK');
      } catch (error) {
        refused = (error as Error).message;
      }
    },
  });
  db.close();
  expect(refused).toBe('database is locked');
});

test('a store of an older schema is brought up to date first', async () => {
  path = join(await tempFolder('old'), 'hookyard.db');
  writeFileSync(path, gunzipSync(readFileSync('test/compat/stored/store.db.gz')));
  const imported = await copy();
  expect(await rowsOf('hookyard_deliveries')).toBe(String(imported[0]?.rows));
});

test('a backup is not taken for a store, nor changed', async () => {
  const backup = join(await tempFolder('backups'), 'one.backup');
  await backUp(data, backup);
  const before = readFileSync(backup);
  await expect(copy({ path: backup })).rejects.toThrow(/is not the file of a store: that is hookyard\.db/);
  expect(readFileSync(backup).equals(before)).toBe(true);
});

test('of a file that can not be opened it is said that it is the file', async () => {
  const error = await copy({ path: data }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BackupError);
  expect((error as Error).message).toMatch(/ can't be read: .* copy it, with its -wal if there is one/);
  await isEmpty();
});

test('a damaged file is refused before anything is copied', async () => {
  await file.close();
  const bytes = readFileSync(path);
  bytes.fill(0x5a, 8 * 4096, 20 * 4096);
  writeFileSync(path, bytes);
  await expect(copy()).rejects.toThrow(/hookyard\.db is damaged/);
  await isEmpty();
});
