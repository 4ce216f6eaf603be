import type { RecordRow, RecordToKeep } from '../../backend.js';
import { compareVersions } from '../../record-version.js';
import type { RecordVersion } from '../../store.js';
import type { Queries } from '../database.js';
import { NOW_MS } from '../values.js';

/** A record's columns: its version is in one of two. */
export interface RecordColumns extends Omit<RecordRow, 'version'> {
  readonly number: number | null;
  readonly text: string | null;
}

const COLUMNS = 'collection, key, version_number AS number, version_text AS text, data, updated_at AS "updatedAt"';

/** Writes a record, unless it is older. To be called in a transaction of its own: whoever comes second waits for the first one's row. */
export async function upsertRecord(queries: Queries, record: RecordToKeep): Promise<'written' | 'unchanged' | 'older'> {
  const { collection, key, version, data, run = null } = record;
  const number = typeof version === 'number' ? version : null;
  const text = typeof version === 'string' ? version : null;
  const added = await queries.rows(
    `INSERT INTO hookyard_records (collection, key, version_number, version_text, data, run, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, ${NOW_MS}) ON CONFLICT (collection, key) DO NOTHING RETURNING seq`,
    ...[collection, key, number, text, data, run],
  );
  if (added.length > 0) return 'written';
  const [stored] = await queries.rows<RecordColumns>(
    `SELECT ${COLUMNS} FROM hookyard_records WHERE collection = $1 AND key = $2 FOR UPDATE`,
    collection,
    key,
  );
  const outcome = stored ? compareVersions(record, versionOf(stored)) : 'newer';
  if (outcome !== 'newer') return outcome;
  await queries.rows(
    `UPDATE hookyard_records SET version_number = $3, version_text = $4, data = $5, run = $6, updated_at = ${NOW_MS}
     WHERE collection = $1 AND key = $2`,
    ...[collection, key, number, text, data, run],
  );
  return 'written';
}

/** Returns whether the record was there in this version. */
export async function removeRecord(
  queries: Queries,
  { collection, key, version }: Pick<RecordRow, 'collection' | 'key' | 'version'>,
): Promise<boolean> {
  const column = typeof version === 'number' ? 'version_number' : 'version_text';
  const removed = await queries.rows(
    `DELETE FROM hookyard_records WHERE collection = $1 AND key = $2 AND ${column} = $3 RETURNING seq`,
    ...[collection, key, version],
  );
  return removed.length > 0;
}

/** Returns a record in its newest version. */
export async function getRecord(
  queries: Queries,
  { collection, key }: { collection: string; key: string },
): Promise<RecordRow | undefined> {
  const [row] = await queries.rows<RecordColumns>(
    `SELECT ${COLUMNS} FROM hookyard_records WHERE collection = $1 AND key = $2`,
    collection,
    key,
  );
  return row && toRecordRow(row);
}

/** Returns records in the order of their keys. */
export async function listRecords(
  queries: Queries,
  { collection, limit, after }: { collection: string; limit: number; after: string | undefined },
): Promise<RecordRow[]> {
  const rest = after === undefined ? '' : 'AND key > $3';
  const rows = await queries.rows<RecordColumns>(
    `SELECT ${COLUMNS} FROM hookyard_records WHERE collection = $1 ${rest} ORDER BY key LIMIT $2`,
    collection,
    limit,
    ...(after === undefined ? [] : [after]),
  );
  return rows.map(toRecordRow);
}

/** Returns a record as the other parts of the store have it. */
export function toRecordRow({ number, text, ...row }: RecordColumns): RecordRow {
  return { ...row, version: versionOf({ number, text }) };
}

function versionOf({ number, text }: Pick<RecordColumns, 'number' | 'text'>): RecordVersion {
  return number ?? text ?? '';
}
