import { retry } from '../../async/retry.js';
import type { Logger } from '../../log.js';
import { StoreHeldError } from '../store.js';
import { buildIndexes } from './build-indexes.js';
import { createDatabase, type Database, type Queries } from './database.js';
import { StoreSchemaError } from './errors.js';
import { DEFAULT_LIMITS } from './limits.js';
import { type Migration, migrations } from './migrations.js';
import type { DatabaseUrl } from './pool.js';

/** A change of the schema may rewrite a table. */
const MIGRATION_MS = 30 * 60_000;
/** For others to end what they are at. While a change waits for a table, deliveries wait behind it: so it gives up and tries again. */
const TABLE_LOCK_MS = 3_000;
const HELD = { tries: 20, pauseMs: 3_000 };
/** The number of the lock under which one process at a time migrates. It must never change. */
const LOCK = 7_246_110_853;

/** Which migrations a database has, and which are missing. */
export interface SchemaState {
  readonly version: number;
  readonly missing: readonly Migration[];
}

/**
 * Brings the schema up to date, a step after the other, and answers which were applied. Safe when several
 * processes do it at once: one works, the others wait and find nothing to do. Throws {@link StoreSchemaError} if the
 * schema is of a newer Hookyard, and {@link StoreHeldError} if others hold a table for two minutes.
 */
export async function migratePostgres(options: { url: DatabaseUrl; log?: Logger }): Promise<readonly Migration[]> {
  return withDatabase(options, async (database) => {
    const applied: Migration[] = [];
    for (;;) {
      const step = await retry(() => database.transaction(applyNext), {
        again: (error, tries) => error instanceof StoreHeldError && tries < HELD.tries,
        pauseMs: () => HELD.pauseMs,
      });
      if (!step) return applied;
      if ('indexes' in step && !(await applyIndexes(database, step, options.log))) continue;
      options.log?.info({ version: step.version, name: step.name }, 'the schema of the database was migrated');
      applied.push(step);
    }
  });
}

/** Returns the migrations that {@link migratePostgres} would apply. Throws as it does. */
export function pendingMigrations(options: { url: DatabaseUrl }): Promise<readonly Migration[]> {
  return withDatabase(options, async (database) => (await schemaState(database)).missing);
}

/** Throws {@link StoreSchemaError} unless the schema is exactly the one that this version works with. */
export async function requireSchema(queries: Queries): Promise<void> {
  const { version, missing } = await schemaState(queries);
  if (missing.length === 0) return;
  throw new StoreSchemaError(
    `The database's schema is older than this version of Hookyard (schema ${version}; it needs ${migrations.length}). ` +
      'Before you start it, run: hookyard migrate',
  );
}

async function schemaState(queries: Queries): Promise<SchemaState> {
  const [table] = await queries.rows<{ there: boolean }>(
    `SELECT to_regclass('hookyard_migrations') IS NOT NULL AS there`,
  );
  const version = table?.there ? await newestVersion(queries) : 0;
  if (version > migrations.length) {
    throw new StoreSchemaError(
      `The database was written by a newer version of Hookyard (schema ${version}; this one knows ` +
        `${migrations.length}). Run that version, or use another database.`,
    );
  }
  return { version, missing: migrations.filter((step) => step.version > version) };
}

async function newestVersion(queries: Queries): Promise<number> {
  const [row] = await queries.rows<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM hookyard_migrations',
  );
  return row?.version ?? 0;
}

/** Applies the next step, and returns it. One that builds indexes is only returned: no transaction may do that. */
async function applyNext(queries: Queries): Promise<Migration | undefined> {
  await queries.rows('SELECT pg_advisory_xact_lock($1::bigint)', LOCK);
  const [step] = (await schemaState(queries)).missing;
  if (!step || 'indexes' in step) return step;
  await queries.rows(
    `CREATE TABLE IF NOT EXISTS hookyard_migrations (
       version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
  );
  await queries.rows(`SET LOCAL lock_timeout = ${TABLE_LOCK_MS}`);
  await queries.rows(step.sql);
  await queries.rows(RECORD, step.version, step.name);
  return step;
}

const RECORD =
  'INSERT INTO hookyard_migrations (version, name) VALUES ($1, $2) ON CONFLICT (version) DO NOTHING RETURNING 1';

/** Returns whether it was this process that did it. */
async function applyIndexes(
  database: Database,
  { indexes, version, name }: Extract<Migration, { readonly indexes: unknown }>,
  log: Logger | undefined,
): Promise<boolean> {
  let isMine = false;
  const done = async () => {
    isMine = (await database.rows(RECORD, version, name)).length > 0;
  };
  await buildIndexes(database, { indexes, done, ...(log && { log }) });
  return isMine;
}

async function withDatabase<T>(
  { url, log }: { url: DatabaseUrl; log?: Logger },
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const limits = { ...DEFAULT_LIMITS, connections: 1, statementMs: MIGRATION_MS };
  const database = createDatabase({ url, limits, ...(log && { log }) });
  return work(database).finally(() => database.close());
}
