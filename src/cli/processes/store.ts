import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { openPostgresStore } from '../../store/postgres/open.js';
import { openSqliteStore } from '../../store/sqlite/open.js';
import type { Store } from '../../store/store.js';
import { UserError } from '../user-error.js';
import { databaseError } from './database-error.js';
import type { Lifecycle } from './lifecycle.js';

/**
 * Opens the store: the database that `DATABASE_URL` names, else a file in the data folder. The schema of a database is
 * brought up to date only with `migrate: 'apply'`: where there are several servers, `hookyard migrate` does it before they
 * start. Throws {@link UserError} when it can't be used.
 */
export async function openStore(
  { config, log, lifecycle }: { config: Config; log: Logger; lifecycle: Lifecycle },
  { migrate }: { migrate: 'apply' | 'check' } = { migrate: 'check' },
): Promise<Store> {
  // A folder that was there before may be open to everybody, and it holds private code and payloads.
  await chmod(config.data, 0o700).catch((error: Error) =>
    log.warn({ because: error.message, data: config.data }, 'the data folder may be open to others'),
  );
  const path = join(config.data, 'hookyard.db');
  const store = config.database
    ? await openPostgresStore({ url: config.database, migrate, log }).catch((error: unknown) => {
        throw databaseError(error);
      })
    : await openSqliteStore({ path, log }).catch((error: Error) => {
        const because = error.message.replace(/\.$/, '');
        throw new UserError(
          `The store ${path} can't be opened: ${because}. Correct that, or set HOOKYARD_DATA to another folder`,
        );
      });
  lifecycle.onStop('the store', () => store.close());
  return store;
}
