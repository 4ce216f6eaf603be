import type { RecordRow, RecordToKeep } from '../../backend.js';
import { compareVersions } from '../../record-version.js';
import type { Connection } from '../connection.js';
import { withSecureDelete } from './secure-delete.js';

const COLUMNS = 'collection, key, version, data, updated_at AS updatedAt';

/** Writes a record, unless it is older. Nobody else writes between, since the transaction has held the write lock since its beginning. */
export function upsertRecord(connection: Connection, record: RecordToKeep): 'written' | 'unchanged' | 'older' {
  const { collection, key, version, data, run } = record;
  const stored = getRecord(connection, { collection, key })?.version;
  if (stored !== undefined) {
    const outcome = compareVersions(record, stored);
    if (outcome !== 'newer') return outcome;
  }
  connection.run(
    `INSERT INTO records (collection, key, version, data, updated_at, run) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (collection, key) DO UPDATE
       SET version = excluded.version, data = excluded.data, updated_at = excluded.updated_at, run = excluded.run`,
    collection,
    key,
    version,
    data,
    Date.now(),
    run,
  );
  return 'written';
}

/** Returns whether the record was there in this version. It may be removed to be forgotten: nothing of it stays in the file. */
export function removeRecord(
  connection: Connection,
  { collection, key, version }: Pick<RecordRow, 'collection' | 'key' | 'version'>,
): boolean {
  const sql = 'DELETE FROM records WHERE collection = ? AND key = ? AND version = ?';
  const { changes } = withSecureDelete(connection, () => connection.run(sql, collection, key, version));
  return changes > 0;
}

/** Returns a record in its newest version. */
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

/** Returns records in the order of their keys. */
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
