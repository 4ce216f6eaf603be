import type { DeliveryRow } from '../../backend.js';
import type { DeliveryFilter } from '../../store.js';
import type { Queries } from '../database.js';
import { type Value, whole } from '../values.js';
import { DEAD_STARTS } from './dead-letters.js';

const COLUMNS = `
  d.id, d.source, d.key, d.event_name AS "eventName", d.received_at AS "receivedAt", d.headers, d.events, d.ignored,
  d.verdicts, d.body_bytes AS "bodyBytes",
  (SELECT coalesce(json_agg(
            json_build_object('workflowId', p.workflow_id, 'automation', p.name, 'state', p.state,
                              'attempts', p.attempts, 'runId', p.run_id, 'error', p.error) ORDER BY p.seq), '[]')::text
   FROM hookyard_dispatches p WHERE p.delivery = d.seq) AS dispatches`;

/** The first delivery that a condition (and an order) finds. */
async function deliveryWhere(
  queries: Queries,
  condition: string,
  ...values: Value[]
): Promise<DeliveryRow | undefined> {
  const [row] = await queries.rows<DeliveryRow>(
    `SELECT ${COLUMNS} FROM hookyard_deliveries d WHERE ${condition} LIMIT 1`,
    ...values,
  );
  return row;
}

/** Deliveries by their running numbers. */
export async function deliveriesBySeq(queries: Queries, seqs: readonly number[]): Promise<Map<number, DeliveryRow>> {
  const rows = await queries.rows<DeliveryRow & { seq: number }>(
    `SELECT d.seq, ${COLUMNS} FROM hookyard_deliveries d WHERE d.seq = ANY($1::bigint[])`,
    seqs,
  );
  return new Map(rows.map(({ seq, ...row }) => [seq, row]));
}

/** Shorter beginnings of an id are more likely a mistake than a search. */
const SHORTEST_PREFIX = 6;

/** What is exact comes before what only begins like it. */
export async function findDelivery(queries: Queries, idOrKey: string): Promise<DeliveryRow | undefined> {
  return (
    (await deliveryWhere(queries, 'd.id = $1', idOrKey)) ??
    (await deliveryWhere(queries, 'd.key = $1 ORDER BY d.received_at DESC', idOrKey)) ??
    (await byUniquePrefix(queries, idOrKey))
  );
}

async function byUniquePrefix(queries: Queries, prefix: string): Promise<DeliveryRow | undefined> {
  if (prefix.length < SHORTEST_PREFIX) return undefined;
  // Ids are compared byte by byte, and no character's bytes come after U+10FFFF's.
  const [only, other] = await queries.rows<{ id: string }>(
    'SELECT id FROM hookyard_deliveries WHERE id >= $1 AND id < $2 LIMIT 2',
    prefix,
    `${prefix}\u{10ffff}`,
  );
  return only && !other ? deliveryWhere(queries, 'd.id = $1', only.id) : undefined;
}

/** A buffer of its own. */
export async function readBody(queries: Queries, deliveryId: string): Promise<ArrayBuffer | undefined> {
  const [row] = await queries.rows<{ body: Buffer<ArrayBuffer> }>(
    `SELECT b.body FROM hookyard_deliveries d JOIN hookyard_bodies b ON b.delivery = d.seq WHERE d.id = $1`,
    deliveryId,
  );
  // Small buffers of Node share memory.
  return row?.body.buffer.slice(row.body.byteOffset, row.body.byteOffset + row.body.byteLength);
}

/** Those of the keys that are there, by the index on key and source. */
export async function knownKeys(
  queries: Queries,
  { source, keys }: { source: string; keys: readonly string[] },
): Promise<string[]> {
  const found = await queries.rows<{ key: string }>(
    'SELECT d.key FROM hookyard_deliveries d WHERE d.key = ANY($1::text[]) AND d.source = $2',
    keys,
    source,
  );
  return found.map(({ key }) => key);
}

/** Newest first. With `failed`, begins at the few that failed. */
export function listDeliveries(queries: Queries, filter: DeliveryFilter): Promise<DeliveryRow[]> {
  const from = filter.failed
    ? `(SELECT DISTINCT delivery FROM ${DEAD_STARTS} OFFSET 0) f
       JOIN hookyard_deliveries d ON d.seq = f.delivery`
    : 'hookyard_deliveries d';
  return queries.rows<DeliveryRow>(
    `SELECT ${COLUMNS} FROM ${from}
     WHERE d.received_at < $2::bigint ${filter.source === undefined ? '' : 'AND d.source = $3'}
     ORDER BY d.received_at DESC, d.seq DESC LIMIT $1`,
    filter.limit,
    whole(filter.before ?? Number.MAX_SAFE_INTEGER),
    ...(filter.source === undefined ? [] : [filter.source]),
  );
}
