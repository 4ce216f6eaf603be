import { accessSync, closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';

/** What may be bound to a statement's `?`. `undefined` becomes NULL. */
export type Bindable = string | number | Uint8Array | null | undefined;

/** One connection, with its statements prepared once each. */
export interface Connection {
  /** All rows that a statement gives. For everything with RETURNING, too. */
  rows<Row>(sql: string, ...values: Bindable[]): Row[];
  run(sql: string, ...values: Bindable[]): { changes: number; seq: number };
  /** Whether a commit returns only after it is synced to the disk, from the next transaction on. At first, it does. */
  syncCommits(sync: boolean): void;
  /** Several statements at once, without values. */
  exec(sql: string): void;
  /** False after an error that made SQLite roll the transaction back by itself. */
  readonly inTransaction: boolean;
  close(): void;
}

/**
 * Opens the file, or creates it for its owner only: it holds what providers sent.
 *
 * `lockMs`: how long a statement waits for another process. `fileBytes`: how large the file may become.
 */
export function connect(options: { path: string; lockMs: number; fileBytes?: number }): Connection {
  mkdirSync(dirname(options.path), { recursive: true });
  createUnlessThere(options.path);
  const connection = wrap(new Database(options.path, { timeout: options.lockMs }));
  configure(connection, options);
  return connection;
}

/**
 * Never opens a file that is there: closing it again would drop all locks that this process holds on it, and then
 * another process, which believes to be alone, removes the write-ahead log that this one goes on writing to.
 * https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_
 */
function createUnlessThere(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  // Says what is wrong in clearer words than SQLite does.
  accessSync(path, constants.R_OK | constants.W_OK);
}

function wrap(db: Database.Database): Connection {
  const statements = new Map<string, Database.Statement<Bindable[][]>>();
  const statement = (sql: string) => {
    let prepared = statements.get(sql);
    if (!prepared) {
      prepared = db.prepare<Bindable[][]>(sql);
      statements.set(sql, prepared);
    }
    return prepared;
  };
  let syncs = true;
  return {
    syncCommits(sync) {
      if (sync === syncs) return;
      db.exec(`PRAGMA synchronous = ${sync ? 'FULL' : 'NORMAL'}`);
      syncs = sync;
    },
    // Never `get`: in libsql it leaves the statement half run, which keeps a write open and a snapshot from moving on.
    rows: <Row>(sql: string, ...values: Bindable[]) => statement(sql).all(checked(values)) as Row[],
    run(sql, ...values) {
      const { changes, lastInsertRowid } = statement(sql).run(checked(values));
      return { changes, seq: Number(lastInsertRowid) };
    },
    exec: (sql) => void db.exec(sql),
    get inTransaction() {
      return db.inTransaction;
    },
    close: () => void db.close(),
  };
}

/** libsql ends the whole process over a value of a type that it doesn't know, and cuts text at a NUL without a word. */
function checked(values: Bindable[]): Bindable[] {
  return values.map((value) => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'string') {
      if (value.includes('\0')) throw new TypeError('The store cannot hold a name with a NUL character in it.');
      return value;
    }
    if (typeof value === 'number' && !Number.isNaN(value)) return value;
    if (value instanceof Uint8Array) return value;
    throw new TypeError(`The store cannot hold a value of type ${typeof value}.`);
  });
}

/** Asks for what durability needs, and looks whether it was granted: SQLite ignores what it can't do. */
function configure(connection: Connection, { lockMs, fileBytes }: { lockMs: number; fileBytes?: number }): void {
  const pragma = (name: string, value: string | number) => {
    patiently(lockMs, () => connection.exec(`PRAGMA ${name} = ${value}`));
    return Object.values(connection.rows<Record<string, unknown>>(`PRAGMA ${name}`)[0] ?? {})[0];
  };
  const require = (name: string, value: string | number, expected: unknown) => {
    const actual = pragma(name, value);
    if (actual !== expected) {
      throw new Error(`SQLite refused ${name} = ${value} (it is ${actual}). Keep the store on a local disk.`);
    }
  };
  require('journal_mode', 'WAL', 'wal');
  // FULL: a commit returns after the write-ahead log is synced, see https://sqlite.org/pragma.html#pragma_synchronous
  require('synchronous', 'FULL', 2);
  require('foreign_keys', 'ON', 1);
  // On macOS, fsync alone stops at the disk's cache. Elsewhere these two change nothing.
  pragma('fullfsync', 'ON');
  pragma('checkpoint_fullfsync', 'ON');
  // In pages: 8 MB, some 200 deliveries. What is written to one page several times until then is copied into the file
  // once, which takes a twentieth off what a delivery costs. Whoever commits meanwhile waits for it, so no more.
  pragma('wal_autocheckpoint', 2000);
  // A write-ahead log that a burst made large is cut back at the next checkpoint.
  pragma('journal_size_limit', 64 * 1024 * 1024);
  // Zeros what a row held before, which nothing could find any more once it is to be forgotten. Takes no more writes.
  pragma('secure_delete', 'FAST');
  if (fileBytes !== undefined) {
    const [row] = connection.rows<{ page_size: number }>('PRAGMA page_size');
    pragma('max_page_count', Math.floor(fileBytes / (row?.page_size ?? 4096)));
  }
}

/** The change to WAL does not wait for another process by itself, though two processes may start at once. */
function patiently(lockMs: number, change: () => void): void {
  const until = Date.now() + lockMs;
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      change();
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() >= until) throw error;
      Atomics.wait(sleeper, 0, 0, 20);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
