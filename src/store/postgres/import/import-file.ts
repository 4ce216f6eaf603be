import { createHash } from 'node:crypto';
import { BackupError } from '../../backup/backup-error.js';
import { openSnapshot, requireSound, type Snapshot } from '../../backup/snapshot.js';
import { type Connection, connect } from '../../sqlite/connection.js';
import { migrate } from '../../sqlite/migrate.js';
import { createDatabase, type Queries } from '../database.js';
import { DEFAULT_LIMITS } from '../limits.js';
import type { DatabaseUrl } from '../pool.js';
import { NotEmptyError, NotTheSameError } from './errors.js';
import { type Rows, readTable, type SourceTable } from './source-table.js';
import { COPIED, type CopiedTable, nameOf } from './tables.js';
import { openTarget, type TargetTable } from './target-table.js';

/** What is copied, and where to. */
export interface ImportRequest {
  /** Path of the SQLite file, which nobody else has open. */
  readonly path: string;
  /** Of a database with the schema of this version, and nothing in it. */
  readonly url: DatabaseUrl;
  readonly onProgress: (progress: ImportProgress) => void;
  readonly signal: AbortSignal;
}

/** How far a copy has come. */
export interface ImportProgress {
  readonly doing: 'copying' | 'comparing';
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

/** A table that was copied, and what all of its rows come to, in the file and in the database. */
export interface ImportedTable {
  readonly table: string;
  readonly rows: number;
  readonly sha256: string;
}

/** For one statement: a transaction may also wait that long for the next, while a large file is read. */
const STATEMENT_MS = 30 * 60_000;
const LOCK_MS = 5_000;
/** For those who write to the database to end what they are at. */
const TABLE_LOCK_MS = 10_000;

/**
 * Copies a SQLite store into an empty database: every row of every table, under its running number. Reads all of it back
 * and compares it before it counts: it is one transaction, so that an error leaves the database as it was. Meanwhile nobody
 * else can write to the file, or to the database's tables.
 *
 * Throws {@link BackupError} for a file that is no store or damaged, {@link NotEmptyError}, {@link NotTheSameError}, the errors
 * of both stores, or the signal's reason.
 */
export async function importFile(request: ImportRequest): Promise<readonly ImportedTable[]> {
  requireStore(request.path);
  const connection = hold(request.path);
  const limits = { ...DEFAULT_LIMITS, connections: 1, statementMs: STATEMENT_MS };
  const database = createDatabase({ url: request.url, limits });
  try {
    return await database.transaction(async (queries) => {
      await requireEmpty(queries);
      const imported: ImportedTable[] = [];
      for (const table of COPIED) imported.push(await copyTable({ queries, connection, request }, table));
      return imported;
    });
  } finally {
    if (connection.inTransaction) connection.run('ROLLBACK');
    connection.close();
    await database.close();
  }
}

/** Before anything is changed in it: another file would be made a store. */
function requireStore(path: string): void {
  const snapshot = openFile(path);
  try {
    if (snapshot.rows(`SELECT 1 FROM sqlite_schema WHERE name = 'deliveries'`).length === 0)
      throw new BackupError(`${path} is not the file of a store: that is hookyard.db in a data folder`);
    requireSound(snapshot, path);
  } finally {
    snapshot.close();
  }
}

/** What is wrong with the file must not be taken for something that is wrong with the database. */
function openFile(path: string): Snapshot {
  try {
    return openSnapshot(path);
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(
      `${path} can't be read: ${(error as Error).message}. SQLite writes beside what it reads: copy it, with its ` +
        '-wal if there is one, into a folder that can be written to',
    );
  }
}

/** Opens the file, brings its schema up to date, and lets nobody else write to it until it is closed. */
function hold(path: string): Connection {
  let connection: Connection | undefined;
  try {
    connection = connect({ path, lockMs: LOCK_MS });
    migrate(connection);
    connection.run('BEGIN IMMEDIATE');
    return connection;
  } catch (error) {
    connection?.close();
    throw new BackupError(`${path} can't be copied: ${(error as Error).message}`);
  }
}

async function requireEmpty(queries: Queries): Promise<void> {
  const names = COPIED.map(nameOf);
  await queries.rows(`SET LOCAL lock_timeout = ${TABLE_LOCK_MS}`);
  await queries.rows(`LOCK TABLE ${names.join(', ')} IN EXCLUSIVE MODE`);
  for (const name of names) {
    const rows = await queries.rows(`SELECT 1 FROM ${name} LIMIT 1`);
    if (rows.length > 0) throw new NotEmptyError(name);
  }
}

interface CopyDeps {
  readonly queries: Queries;
  readonly connection: Connection;
  readonly request: Pick<ImportRequest, 'onProgress' | 'signal'>;
}

async function copyTable({ queries, connection, request }: CopyDeps, table: CopiedTable): Promise<ImportedTable> {
  const source = readTable(connection, table);
  const target = await openTarget(queries, table, source.columns);
  const progress = (doing: ImportProgress['doing'], done: number) => {
    request.signal.throwIfAborted();
    request.onProgress({ doing, table: table.name, done, total: source.count });
  };
  const copied = await copyRows(source, target, (done) => progress('copying', done));
  const there = await sumOf(target.batches(), (done) => progress('comparing', done));
  if (copied.rows !== source.count || copied.rows !== there.rows || copied.sha256 !== there.sha256)
    throw new NotTheSameError(table.name);
  await target.settle(source.lastNumber);
  return { table: table.name, ...there };
}

interface Sum {
  readonly rows: number;
  readonly sha256: string;
}

async function copyRows(source: SourceTable, target: TargetTable, onRows: (done: number) => void): Promise<Sum> {
  async function* copied(): AsyncGenerator<Rows> {
    for (const rows of source.batches()) {
      await target.insert(rows);
      yield rows;
    }
  }
  return sumOf(copied(), onRows);
}

async function sumOf(batches: AsyncIterable<Rows>, onRows: (done: number) => void): Promise<Sum> {
  const hash = createHash('sha256');
  let rows = 0;
  for await (const batch of batches) {
    for (const row of batch) hash.update(`${JSON.stringify(row.map(comparable))}\n`);
    rows += batch.length;
    onRows(rows);
  }
  return { rows, sha256: hash.digest('hex') };
}

/** The database reads bytes back as their hash. */
function comparable(cell: Rows[number][number]): string | number | null {
  return Buffer.isBuffer(cell) ? createHash('sha256').update(cell).digest('hex') : cell;
}
