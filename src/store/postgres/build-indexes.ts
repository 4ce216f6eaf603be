import { retry } from '../../async/retry.js';
import type { Logger } from '../../log.js';
import { StoreHeldError } from '../store.js';
import type { Database } from './database.js';
import type { NewIndex } from './migrations.js';

/**
 * The number of the lock under which one process at a time builds indexes; it must never change. Nobody waits for it within a statement:
 * building waits for all that others are at, and would wait for them in turn.
 */
const LOCK = 7_246_110_854;
const LOCKED = { tries: 1_800, pauseMs: 1_000 };
/** One that was cut off, by a deadlock for example, is of no use, and is built anew. */
const MAX_TRIES = 5;

/**
 * Builds those indexes that are not there, or were cut off before they were whole, while others read and write. Calls `done` then, before
 * another process may look. Throws {@link StoreHeldError} if another process is at it for half an hour.
 */
export async function buildIndexes(
  database: Database,
  {
    indexes,
    log,
    done,
  }: { readonly indexes: readonly NewIndex[]; readonly log?: Logger; readonly done: () => Promise<void> },
): Promise<void> {
  await retry(() => lock(database), {
    again: (error, tries) => error instanceof StoreHeldError && tries < LOCKED.tries,
    pauseMs: () => LOCKED.pauseMs,
  });
  try {
    for (const index of indexes) await build(database, index, log);
    await done();
  } finally {
    // Where the connection was lost, the lock was too.
    await database.rows('SELECT pg_advisory_unlock($1::bigint)', LOCK).catch(() => undefined);
  }
}

async function lock(database: Database): Promise<void> {
  const [row] = await database.rows<{ mine: boolean }>('SELECT pg_try_advisory_lock($1::bigint) AS mine', LOCK);
  if (!row?.mine) throw new StoreHeldError('another process builds indexes of the database');
}

async function build(database: Database, { name, on }: NewIndex, log: Logger | undefined): Promise<void> {
  for (let tries = 0; ; tries++) {
    const isWhole = await isValid(database, name);
    if (isWhole) return;
    if (tries === MAX_TRIES) throw new StoreHeldError(`the index ${name} was cut off ${tries} times`);
    if (isWhole === false) await database.rows(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
    log?.info(
      { index: name },
      'an index of the database is built, which takes minutes where much is stored; others go on',
    );
    await database.rows(`CREATE INDEX CONCURRENTLY IF NOT EXISTS ${name} ON ${on}`);
  }
}

/** Undefined where there is no such index. */
async function isValid(database: Database, name: string): Promise<boolean | undefined> {
  const [row] = await database.rows<{ valid: boolean }>(
    'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)',
    name,
  );
  return row?.valid;
}
