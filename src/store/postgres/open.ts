import { retry } from '../../async/retry.js';
import type { Logger } from '../../log.js';
import { stopAtDamage } from '../stop-at-damage.js';
import { type Store, StoreUnavailableError } from '../store.js';
import { storeOver } from '../store-over.js';
import { createBackend } from './backend.js';
import { createDatabase } from './database.js';
import { DEFAULT_LIMITS, type PostgresLimits } from './limits.js';
import { migratePostgres, requireSchema } from './migrate.js';
import type { DatabaseUrl } from './pool.js';

const PAUSE_MS = 500;
const WHAT_TO_DO =
  'stop Hookyard, repair the database (its own log names the table or index) or restore a backup, and start Hookyard again';

/**
 * Opens a store in a Postgres database. Any number of servers and workers may have it open; they need nothing else in
 * common. A promise resolves only after its transaction has been committed with `synchronous_commit`.
 *
 * `migrate`: `apply` brings the schema up to date, `check` refuses one that is older. Waits a while for a database that
 * is not up yet. Throws `StoreSchemaError`, `UnfitDatabaseError`, {@link StoreUnavailableError}, or a plain error if
 * the database refuses this user.
 */
export async function openPostgresStore(options: {
  readonly url: DatabaseUrl;
  readonly migrate: 'apply' | 'check';
  readonly log?: Logger;
  readonly limits?: Partial<PostgresLimits>;
}): Promise<Store> {
  const { url } = options;
  const log = options.log && { log: options.log };
  const limits: PostgresLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const database = createDatabase({ url, limits, ...log });
  try {
    await onceReachable(
      async () => {
        if (options.migrate === 'apply') await migratePostgres({ url, ...log });
        await requireSchema(database);
      },
      { openMs: limits.openMs, ...log },
    );
  } catch (error) {
    await database.close();
    throw error;
  }
  return storeOver(stopAtDamage(createBackend(database, limits), WHAT_TO_DO));
}

function onceReachable(work: () => Promise<void>, { openMs, log }: { openMs: number; log?: Logger }): Promise<void> {
  const until = performance.now() + openMs;
  return retry(work, {
    again(error, tries) {
      if (!(error instanceof StoreUnavailableError) || performance.now() + PAUSE_MS >= until) return false;
      if (tries === 1) log?.warn({ because: error.message }, 'the database is unavailable: waiting for it');
      return true;
    },
    pauseMs: () => PAUSE_MS,
  });
}
