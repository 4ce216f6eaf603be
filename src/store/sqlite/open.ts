import { resolve } from 'node:path';
import type { Logger } from '../../log.js';
import { built } from '../../paths.js';
import { stopAtDamage, type WatchedBackend } from '../stop-at-damage.js';
import type { Store } from '../store.js';
import { storeOver } from '../store-over.js';
import type { ThreadOptions } from './protocol.js';
import { startThread, type ThreadLimits } from './thread-client.js';
import { watchSameFile } from './watch-file-replaced.js';

/** Limits of a SQLite store; all but `fileBytes` have defaults. */
export interface SqliteLimits extends ThreadLimits {
  /** How long a transaction waits for another process that holds the file, in milliseconds. */
  readonly lockMs: number;
  /** How large the file may become. Without it, the disk is the limit. */
  readonly fileBytes?: number;
}

const DEFAULTS: SqliteLimits = {
  requests: 10_000,
  bytes: 256 * 1024 * 1024,
  answerMs: 60_000,
  openMs: 60_000,
  migrateMs: 30 * 60_000,
  closeMs: 30_000,
  lockMs: 5_000,
};

/** Where a SQLite store is, and what it is bounded by. */
export interface SqliteOptions {
  readonly path: string;
  readonly log?: Logger;
  readonly limits?: Partial<SqliteLimits>;
}

/**
 * Opens a store in one SQLite file on a local disk. Several processes of one machine may have it open. All SQL runs on
 * a thread of its own, and a promise resolves only after its transaction has been synced to the disk. Claims and
 * settlements are the exception: a power cut may take them back, and then they are done again.
 *
 * Throws if the file is of a newer Hookyard, is not a database, or can't be written.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  return storeOver(await openSqliteBackend(options));
}

/** Opens what {@link openSqliteStore} is made over: for a process that shares its store with another. */
export async function openSqliteBackend(options: SqliteOptions): Promise<WatchedBackend> {
  const { lockMs, fileBytes, ...limits }: SqliteLimits = { ...DEFAULTS, ...options.limits };
  const workerData: ThreadOptions = {
    // Absolute: libsql takes what looks like a URL for a server's address.
    path: resolve(options.path),
    lockMs,
    ...(fileBytes !== undefined && { fileBytes }),
  };
  const thread = await startThread({
    module: built('store/sqlite/thread.js'),
    workerData,
    limits,
    ...(options.log && { log: options.log }),
  });
  const { path } = workerData;
  const backend = stopAtDamage(thread, whatToDoWith(path));
  const stopWatching = await watchSameFile(path, () =>
    backend.foundDamaged(
      `${path} was removed or replaced while it was in use`,
      `stop Hookyard, bring ${path} back, from a backup if need be, and start again`,
    ),
  );
  return {
    ...backend,
    close() {
      stopWatching();
      return backend.close();
    },
  };
}

function whatToDoWith(path: string): string {
  return `stop Hookyard, keep a copy of ${path}, and restore a backup or repair it (sqlite3 ${path} .recover)`;
}
