import { type RecordVersion, RecordVersionError } from '../../store.js';
import type { Connection } from '../connection.js';

/** A record with its data in JSON text. */
export interface RecordRow {
  readonly collection: string;
  readonly key: string;
  readonly version: RecordVersion;
  readonly data: string;
  readonly updatedAt: number;
}

const COLUMNS = 'collection, key, version, data, updated_at AS updatedAt';

/**
 * Compares here and not in SQL: SQLite orders text by UTF-8 bytes, JavaScript by code units. Nobody else writes
 * between, since the transaction has held the write lock since its beginning.
 */
export function upsertRecord(
  connection: Connection,
  record: Omit<RecordRow, 'updatedAt'>,
): 'written' | 'unchanged' | 'older' {
  const { collection, key, version, data } = record;
  const stored = getRecord(connection, { collection, key })?.version;
  if (stored !== undefined) {
    if (typeof stored !== typeof version) {
      throw new RecordVersionError(
        `Record ${key} of ${collection} has a ${typeof stored} as its version (${stored}), and now comes a ${typeof version} ` +
          `(${version}): they can't be compared. Go on with a ${typeof stored}, or sync into another collection.`,
      );
    }
    if (version === stored) return 'unchanged';
    if (version < stored) return 'older';
  }
  connection.run(
    `INSERT INTO records (collection, key, version, data, updated_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (collection, key) DO UPDATE
       SET version = excluded.version, data = excluded.data, updated_at = excluded.updated_at`,
    collection,
    key,
    version,
    data,
    Date.now(),
  );
  return 'written';
}

/** The newest version that was written. */
export function getRecord(
  connection: Connection,
  { collection, key }: { collection: string; key: string },
): RecordRow | undefined {
  return connection.rows<RecordRow>(
    `SELECT ${COLUMNS} FROM records WHERE collection = ? AND key = ?`,
    collection,
    key,
  )[0];
}

/** In order of their keys. */
export function listRecords(
  connection: Connection,
  { collection, limit, after }: { collection: string; limit: number; after: string | undefined },
): RecordRow[] {
  const rest = after === undefined ? '' : 'AND key > ?';
  return connection.rows<RecordRow>(
    `SELECT ${COLUMNS} FROM records WHERE collection = ? ${rest} ORDER BY key LIMIT ?`,
    ...(after === undefined ? [collection] : [collection, after]),
    limit,
  );
}
