import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migratePostgres, pendingMigrations } from '../../src/store/postgres/migrate.js';
import { migrations } from '../../src/store/postgres/migrations.js';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import { type TestDatabase, testDatabase } from '../support/postgres.js';
import { aDelivery } from './a-delivery.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

const names = (steps: readonly { name: string }[]) => steps.map(({ name }) => name);

test('an older schema is refused where nobody may change it, with what to run', async () => {
  await expect(openPostgresStore({ url: database.url, migrate: 'check' })).rejects.toMatchObject({
    name: 'StoreSchemaError',
    message: expect.stringContaining('run: hookyard migrate'),
  });
  expect(await database.sql(`SELECT to_regclass('hookyard_deliveries') AS "table"`)).toEqual([{ table: null }]);
});

test('migrating answers what it applied, once, and then the schema is right', async () => {
  const { url } = database;
  expect(names(await pendingMigrations({ url }))).toEqual(names(migrations));
  expect(names(await migratePostgres({ url }))).toEqual(names(migrations));
  expect(await migratePostgres({ url })).toEqual([]);
  expect(await pendingMigrations({ url })).toEqual([]);
  await (await openPostgresStore({ url, migrate: 'check' })).close();
});

test('several that migrate at once share the work', async () => {
  const { url } = database;
  const applied = await Promise.all([1, 2, 3, 4, 5].map(() => migratePostgres({ url })));
  // Each may have done any of the steps.
  const inOrder = applied.flat().sort((one, other) => one.version - other.version);
  expect(names(inOrder)).toEqual(names(migrations));
});

test('several may open an empty database at once', async () => {
  const open = () => openPostgresStore({ url: database.url, migrate: 'apply' });
  const stores = await Promise.all([open(), open(), open(), open()]);
  await Promise.all(stores.map((store, index) => store.inbox.accept(aDelivery(`k${index}`))));
  expect(await stores[0]?.inbox.list({ limit: 10 })).toHaveLength(4);
  await Promise.all(stores.map((store) => store.close()));
});

test('a migration that has to wait for a backup lets others write meanwhile, and is done once that has ended', async () => {
  const { url } = database;
  const [first, ...later] = migrations;
  await database.sql(first && 'sql' in first ? first.sql : '');
  await database.sql(
    'CREATE TABLE hookyard_migrations (version integer PRIMARY KEY, name text, applied_at timestamptz DEFAULT now())',
  );
  await database.sql(`INSERT INTO hookyard_migrations (version, name) VALUES (1, 'the first')`);
  const backup = new Client({ connectionString: url });
  await backup.connect();
  await backup.query('BEGIN; LOCK TABLE hookyard_dispatches IN ACCESS SHARE MODE');
  const migrating = migratePostgres({ url });
  const waiting = async () =>
    (
      await database.sql(
        `SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
         WHERE NOT granted AND d.datname = current_database()`,
      )
    ).length;
  await expect.poll(waiting, { timeout: 30_000, interval: 20 }).toBeGreaterThan(0);
  // Waits behind the migration as long as that waits.
  await database.sql(`SET statement_timeout = '20s'; UPDATE hookyard_dispatches SET attempts = attempts`);
  await backup.end();
  expect(names(await migrating)).toEqual(names(later));
});

/** The schema as it is before its last indexes are built. */
async function withoutIndexes(): Promise<void> {
  await migratePostgres({ url: database.url });
  for (const index of INDEXES) await database.sql(`DROP INDEX ${index}`);
  await database.sql(`DELETE FROM hookyard_migrations WHERE version >= 15`);
}

const INDEXES = ['by_repository', 'by_name', 'unnamed'].map((name) => `hookyard_deliveries_${name}`);
const wholeIndexes = async () =>
  (
    await database.sql(
      `SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       WHERE i.indisvalid AND c.relname IN (${INDEXES.map((name) => `'${name}'`).join(', ')})`,
    )
  ).map(({ name }) => name);

/** Somebody who has written to a table, and has not come to an end. */
async function openWriter(): Promise<Client> {
  const writer = new Client({ connectionString: database.url });
  await writer.connect();
  await writer.query('BEGIN; UPDATE hookyard_deliveries SET event_name = event_name');
  return writer;
}

/**
 * Returns the process that is to build an index of this database and waits for writers, which it does once the index is in the catalog,
 * and not whole. Other tests have theirs on the same server.
 */
const building = async () =>
  (
    await database.sql(
      `SELECT pid FROM pg_stat_progress_create_index
       WHERE datname = current_database() AND phase = 'waiting for writers before build'`,
    )
  )[0]?.pid;
const isBuilding = () => expect.poll(building, { timeout: 30_000, interval: 20 }).toEqual(expect.any(Number));

test('deliveries are stored while a migration builds an index of them, and waits for others', async () => {
  const { url } = database;
  await withoutIndexes();
  const store = await openPostgresStore({ url, migrate: 'apply' });
  await store.inbox.accept(aDelivery('before'));
  for (const index of INDEXES) await database.sql(`DROP INDEX ${index}`);
  await database.sql(`DELETE FROM hookyard_migrations WHERE version >= 15`);
  const writer = await openWriter();
  // Several are asked to, and none of them is in the way of another.
  const migrating = Promise.all([migratePostgres({ url }), migratePostgres({ url })]);
  try {
    await isBuilding();
    expect(await store.inbox.accept(aDelivery('meanwhile'))).toEqual({ stored: true });
    expect(await building()).toEqual(expect.any(Number));
  } finally {
    await writer.query('COMMIT');
    await writer.end();
  }
  expect(
    (await migrating)
      .flat()
      .map(({ version }) => version)
      .sort(),
  ).toEqual([15, 16]);
  expect((await wholeIndexes()).sort()).toEqual([...INDEXES].sort());
  await store.close();
});

test('an index that was cut off while it was built is built anew', async () => {
  const { url } = database;
  await withoutIndexes();
  const store = await openPostgresStore({ url, migrate: 'apply' });
  await store.inbox.accept(aDelivery('before'));
  await store.close();
  for (const index of INDEXES) await database.sql(`DROP INDEX ${index}`);
  await database.sql(`DELETE FROM hookyard_migrations WHERE version >= 15`);
  const writer = await openWriter();
  const migrating = migratePostgres({ url });
  const cut = expect(migrating).rejects.toThrow();
  await isBuilding();
  await database.sql(`SELECT pg_terminate_backend(${await building()})`);
  await cut;
  await writer.query('COMMIT');
  await writer.end();
  expect(await wholeIndexes()).not.toHaveLength(INDEXES.length);
  expect(await database.sql(`SELECT 1 FROM pg_index WHERE NOT indisvalid`)).toHaveLength(1);
  expect(names(await migratePostgres({ url }))).toEqual(names(migrations.slice(14)));
  expect((await wholeIndexes()).sort()).toEqual([...INDEXES].sort());
  expect(await database.sql(`SELECT 1 FROM pg_index WHERE NOT indisvalid`)).toEqual([]);
});

test('a newer schema is refused, also by what would migrate', async () => {
  const { url } = database;
  await migratePostgres({ url });
  const newer = migrations.length + 1;
  await database.sql(`INSERT INTO hookyard_migrations (version, name) VALUES (${newer}, 'of tomorrow')`);
  const words = `newer version of Hookyard (schema ${newer}; this one knows ${migrations.length})`;
  await expect(openPostgresStore({ url, migrate: 'check' })).rejects.toThrow(words);
  await expect(openPostgresStore({ url, migrate: 'apply' })).rejects.toThrow(words);
  await expect(migratePostgres({ url })).rejects.toThrow(words);
});

test('migrations are numbered from 1 without a gap', () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
});
