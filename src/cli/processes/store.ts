import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import type { Backend } from '../../store/backend.js';
import type { openPostgresStore } from '../../store/postgres/open.js';
import { openSqliteBackend, type SqliteOptions } from '../../store/sqlite/open.js';
import type { WatchedBackend } from '../../store/stop-at-damage.js';
import { type Store, StoreDamagedError } from '../../store/store.js';
import { storeOver } from '../../store/store-over.js';
import { UserError } from '../user-error.js';
import { checkDatabase } from './check-database.js';
import { databaseError } from './database-error.js';
import type { Lifecycle } from './lifecycle.js';

/** A store, and what it is made over where another process of this machine has to use it through this one. */
export interface SharedStore {
  readonly store: Store;
  /** Of a SQLite file; a database serves any number of processes by itself. */
  readonly backend: Backend | undefined;
  /** Resolves once its file has been looked through for damage, or that takes long: until then nothing is to be received. */
  readonly checked: Promise<void>;
}

/**
 * Opens the store: the database that `DATABASE_URL` names, else a file in the data folder. The schema of a database is
 * brought up to date only with `migrate: 'apply'`: where there are several servers, `hookyard migrate` does it before they
 * start. Throws {@link UserError} when it can't be used.
 */
export async function openStore(booted: StoreDeps, how?: Opening): Promise<Store> {
  const { store, checked } = await openSharedStore(booted, how);
  await checked;
  return store;
}

/** What opening a store needs. */
export interface StoreDeps {
  readonly config: Config;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
}

interface Opening {
  readonly migrate?: 'apply' | 'check';
  /** Whether the file is looked through for damage: by the process that owns it. */
  readonly check?: boolean;
}

/** Opens what {@link openStore} does, for a process that shares it. */
export async function openSharedStore(
  { config, log, lifecycle }: StoreDeps,
  { migrate = 'check', check = false }: Opening = {},
): Promise<SharedStore> {
  // A folder that was there before may be open to everybody, and it holds private code and payloads.
  await chmod(config.data, 0o700).catch((error: Error) =>
    log.warn({ because: error.message, data: config.data }, 'the data folder may be open to others'),
  );
  if (config.database) {
    const store = await openDatabase({ url: config.database, migrate, log });
    lifecycle.onStop('the store', () => store.close());
    return { store, backend: undefined, checked: Promise.resolve() };
  }
  const path = join(config.data, 'hookyard.db');
  const backend = await openFile({ path, log });
  const store = storeOver(backend);
  lifecycle.onStop('the store', () => store.close());
  const checked = check ? checkDatabase(backend, { path, log, lifecycle }) : Promise.resolve();
  return { store, backend, checked };
}

/** Loads the driver only where there is a database: it takes memory that a store in a file has no use for. */
async function openDatabase(options: Parameters<typeof openPostgresStore>[0]): Promise<Store> {
  const postgres = await import('../../store/postgres/open.js');
  return postgres.openPostgresStore(options).catch((error: unknown) => {
    throw databaseError(error);
  });
}

function openFile(options: SqliteOptions): Promise<WatchedBackend> {
  return openSqliteBackend(options).catch((error: Error) => {
    const because = error.message.replace(/\.$/, '');
    const repair = `repair it (sqlite3 ${options.path} .recover)`;
    const help =
      error instanceof StoreDamagedError
        ? `Keep a copy of it, and restore a backup (hookyard restore <file> --force) or ${repair}`
        : 'Correct that, or set HOOKYARD_DATA to another folder';
    throw new UserError(`The store ${options.path} can't be opened: ${because}. ${help}`);
  });
}
