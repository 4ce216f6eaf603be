import { type AlikeRow, type DeliveryRow, type InputOf, MAX_EARLIER, MIN_PREFIX } from '../../backend.js';
import { FEW_STARTS, MAX_FEW } from '../../few-starts.js';
import { LIVE } from '../../lane-rows.js';
import { newestOf } from '../../newest.js';
import type { DeliveryFilter } from '../../store.js';
import type { Queries } from '../database.js';
import { type Value, whole } from '../values.js';
import { DEAD_STARTS } from './dead-letters.js';

/** The place of an entry among those that wait in its lane. */
const PLACE = `CASE WHEN e.state = 'waits' THEN 1 + (
    SELECT count(*) FROM hookyard_lane_entries o
    WHERE o.lane = e.lane AND o.state IN ${LIVE} AND o.state = 'waits' AND o.part_of IS NULL AND (o.priority, o.place) < (e.priority, e.place)) END`;

/** An entry tells of its run, and no dispatch does: it has not been let on, or will never be. */
const WITHOUT_DISPATCH = `NOT EXISTS (SELECT 1 FROM hookyard_dispatches p WHERE p.id = e.workflow_id)`;

/** How a start was asked for, as JSON that Postgres can look into: it refuses all of a text that holds a NUL character somewhere. */
const how = (of: string) => `replace(${of}.how, '\\u0000', '\\u2400')::json`;

const START = `json_build_object('workflowId', p.workflow_id, 'automation', p.name, 'state', p.state,
                              'attempts', p.attempts, 'runId', p.run_id, 'error', p.error, 'once', ${how('p')} ->> 'once')`;

/** Of an entry in a lane that has no dispatch. */
const ENTRY = `json_build_object('workflowId', e.workflow_id, 'automation', e.automation,
                              'state', CASE WHEN e.state IN ('superseded', 'refused') THEN e.state ELSE 'waiting' END,
                              'attempts', 0, 'supersededBy', e.superseded_by, 'because', e.because, 'place', ${PLACE},
                        'until', CASE WHEN e.state = 'aside' THEN e.due_at END, 'once', ${how('e')} ->> 'once')`;

/** A run that the delivery was given to, because it waited. */
const GIVEN = `json_build_object('workflowId', w.workflow_id, 'title', w.title, 'part', w.part, 'at', w.changed_at,
                        'ends', CASE WHEN w.ends = 1 THEN true END)`;

const COLUMNS = `
  d.id, d.source, d.key, d.event_name AS "eventName", d.received_at AS "receivedAt", d.headers, d.events, d.ignored,
  d.verdicts, d.body_bytes AS "bodyBytes", d.body_deleted AS "bodyDeleted",
  (SELECT coalesce(json_agg(start ORDER BY asked, is_entry, number), '[]')::text FROM (
     SELECT ${START} AS start, coalesce(p.entered, p.since) AS asked, 0 AS is_entry, p.seq AS number
     FROM hookyard_dispatches p WHERE p.delivery = d.seq
     UNION ALL
     SELECT ${ENTRY}, e.since, 1, e.arrived FROM hookyard_lane_entries e WHERE e.delivery = d.seq AND ${WITHOUT_DISPATCH}
   ) starts) AS dispatches,
  (SELECT coalesce(json_agg(${GIVEN} ORDER BY w.seq), '[]')::text FROM hookyard_waits w WHERE w.delivery = d.seq) AS given`;

/** Returns deliveries by their running numbers. */
export async function deliveriesBySeq(queries: Queries, seqs: readonly number[]): Promise<Map<number, DeliveryRow>> {
  const rows = await queries.rows<DeliveryRow & { seq: number }>(
    `SELECT d.seq, ${COLUMNS} FROM hookyard_deliveries d WHERE d.seq = ANY($1::bigint[])`,
    seqs,
  );
  return new Map(rows.map(({ seq, ...row }) => [seq, row]));
}

/** Returns the delivery of this id, else those of this key and those whose ids begin so, newest first. */
export async function findDeliveries(
  queries: Queries,
  { idOrKey, source, limit }: InputOf<'findDeliveries'>,
): Promise<DeliveryRow[]> {
  const find = (condition: string, ...more: Value[]) => {
    const ofSource = source === undefined ? '' : `AND d.source = $${more.length + 3}`;
    return queries.rows<DeliveryRow>(
      `SELECT ${COLUMNS} FROM hookyard_deliveries d WHERE ${condition} ${ofSource} LIMIT $2`,
      idOrKey,
      limit,
      ...more,
      ...(source === undefined ? [] : [source]),
    );
  };
  const exact = await find('d.id = $1');
  if (exact.length > 0) return exact;
  const byKey = await find('d.key = $1');
  // Ids are compared byte by byte, and no character's bytes come after U+10FFFF's.
  const byPrefix = idOrKey.length < MIN_PREFIX ? [] : await find('d.id >= $1 AND d.id < $3', `${idOrKey}\u{10ffff}`);
  return newestOf([...byKey, ...byPrefix], limit);
}

/** Returns the start of a run as JSON, with its delivery's id and the events that have become one run with its own; a start's id is its workflow id. */
export async function findStart(queries: Queries, workflowId: string): Promise<string | undefined> {
  const [row] = await queries.rows<{ start: string }>(
    `SELECT (${START}::jsonb || jsonb_build_object('deliveryId', d.id, 'superseded', ${how('p')} -> 'superseded'))::text AS start
     FROM hookyard_dispatches p JOIN hookyard_deliveries d ON d.seq = p.delivery
     WHERE p.id = $1 AND p.kind = 'start'
     UNION ALL
     SELECT (${ENTRY}::jsonb || jsonb_build_object('deliveryId', d.id))::text
     FROM hookyard_lane_entries e JOIN hookyard_deliveries d ON d.seq = e.delivery
     WHERE e.workflow_id = $1 AND ${WITHOUT_DISPATCH}`,
    workflowId,
  );
  return row?.start;
}

/** Returns a body in a buffer of its own. */
export async function readBody(queries: Queries, deliveryId: string): Promise<ArrayBuffer | undefined> {
  const [row] = await queries.rows<{ body: Buffer<ArrayBuffer> }>(
    `SELECT b.body FROM hookyard_deliveries d JOIN hookyard_bodies b ON b.delivery = d.seq WHERE d.id = $1`,
    deliveryId,
  );
  // Small buffers of Node share memory.
  return row?.body.buffer.slice(row.body.byteOffset, row.body.byteOffset + row.body.byteLength);
}

/** Returns those of the keys that are there, by the index on key and source. */
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

/** Returns deliveries that are like one, newest first. Only of these is more read than an index leads to. */
export async function earlierAlike(queries: Queries, { id, limit }: InputOf<'earlierAlike'>): Promise<AlikeRow[]> {
  const [than] = await queries.rows<{
    seq: number;
    source: string;
    repository: string | null;
    name: string;
    at: number;
  }>(
    'SELECT seq, source, repository, event_name AS name, received_at AS at FROM hookyard_deliveries WHERE id = $1',
    id,
  );
  if (!than) return [];
  const { seq, source, repository, name, at } = than;
  const [before, place]: [string, Value] =
    repository === null
      ? ['received_at <= $5::bigint ORDER BY received_at DESC, seq DESC', whole(at)]
      : ['repository = $5 AND seq < $1::bigint ORDER BY seq DESC', repository];
  return queries.rows<AlikeRow>(
    `SELECT d.id, d.key, d.events FROM hookyard_deliveries d WHERE d.seq IN (
       SELECT seq FROM (
         SELECT seq, event_name, repository FROM hookyard_deliveries WHERE source = $2 AND ${before} LIMIT ${MAX_EARLIER}
       ) earlier
       WHERE event_name = $3 AND (repository IS NULL) = ${repository === null} AND seq < $1::bigint
       ORDER BY seq DESC LIMIT $4)
     ORDER BY d.seq DESC`,
    ...[whole(seq), source, name, limit, place],
  );
}

/** Returns when deliveries came, newest first: read from an index alone. */
export async function arrivalTimes(
  queries: Queries,
  { since, limit }: { since: number; limit: number },
): Promise<number[]> {
  const found = await queries.rows<{ received_at: number }>(
    'SELECT d.received_at FROM hookyard_deliveries d WHERE d.received_at >= $1 ORDER BY d.received_at DESC LIMIT $2',
    since,
    limit,
  );
  return found.map(({ received_at }) => received_at);
}

/** Returns deliveries, newest first: found by their numbers alone, so that nothing else is read of those that are not listed. */
export async function listDeliveries(queries: Queries, filter: DeliveryFilter): Promise<DeliveryRow[]> {
  const { limit, source, repository, before = Number.MAX_SAFE_INTEGER } = filter;
  const few = filter.maybe && (await fewStarts(queries, filter.maybe));
  const values: Value[] = [limit, whole(before)];
  const bound = (value: Value) => `$${values.push(value)}`;
  const ofSource = source === undefined ? '' : `AND d.source = ${bound(source)}`;
  const order = 'ORDER BY d.received_at DESC, d.seq DESC LIMIT $1';
  const some = (condition: string, from = 'hookyard_deliveries d') =>
    `(SELECT d.seq FROM ${from} WHERE ${condition} AND d.received_at < $2::bigint ${ofSource} ${order})`;
  const name = repository === undefined ? undefined : bound(repository);
  const parts = () => {
    if (filter.failed || few) {
      const starts = filter.failed
        ? `SELECT DISTINCT delivery FROM ${DEAD_STARTS} OFFSET 0`
        : `SELECT DISTINCT delivery FROM unnest(${bound(few ?? [])}::bigint[]) AS delivery`;
      const isNamed = name === undefined ? 'TRUE' : `coalesce(d.repository_name, ${name}) = ${name}`;
      return some(isNamed, `(${starts}) s JOIN hookyard_deliveries d ON d.seq = s.delivery`);
    }
    if (name === undefined) return some('TRUE');
    // The second: a version before has stored it, which did not know the names of repositories.
    return [
      some(`d.repository_name = ${name} AND d.repository_name > ''`),
      some(`d.repository_name IS NULL AND d.events <> '[]'`),
    ].join(' UNION ALL ');
  };
  return queries.rows<DeliveryRow>(
    `SELECT ${COLUMNS} FROM (${parts()}) f JOIN hookyard_deliveries d ON d.seq = f.seq ${order}`,
    ...values,
  );
}

/** Returns the deliveries that have such starts, by their numbers; undefined where there are many. */
async function fewStarts(queries: Queries, kind: keyof typeof FEW_STARTS): Promise<number[] | undefined> {
  const [dispatches, entries] = FEW_STARTS[kind];
  const found = await queries.rows<{ delivery: number | null }>(
    `SELECT delivery FROM hookyard_dispatches WHERE ${dispatches}
     UNION ALL SELECT delivery FROM hookyard_lane_entries WHERE ${entries} LIMIT $1`,
    MAX_FEW + 1,
  );
  return found.length > MAX_FEW ? undefined : found.flatMap(({ delivery }) => delivery ?? []);
}
