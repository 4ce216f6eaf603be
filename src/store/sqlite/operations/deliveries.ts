import { type AlikeRow, type DeliveryRow, type InputOf, MAX_EARLIER, MIN_PREFIX } from '../../backend.js';
import { FEW_STARTS, MAX_FEW } from '../../few-starts.js';
import { LIVE } from '../../lane-rows.js';
import { newestOf } from '../../newest.js';
import type { DeliveryFilter } from '../../store.js';
import type { Bindable, Connection } from '../connection.js';
import { DEAD_STARTS } from './dead-letters.js';

/** The place of an entry among those that wait in its lane. */
const PLACE = `CASE WHEN e.state = 'waits' THEN 1 + (
    SELECT count(*) FROM lane_entries o
    WHERE o.lane = e.lane AND o.state IN ${LIVE} AND o.state = 'waits' AND o.part_of IS NULL AND (o.priority, o.place) < (e.priority, e.place)) END`;

/** An entry tells of its run, and no dispatch does: it has not been let on, or will never be. */
const WITHOUT_DISPATCH = `NOT EXISTS (SELECT 1 FROM dispatches p WHERE p.id = e.workflow_id)`;

const START = `json_object('workflowId', p.workflow_id, 'automation', p.name, 'state', p.state,
                        'attempts', p.attempts, 'runId', p.run_id, 'error', p.error, 'once', json_extract(p.how, '$.once'))`;

/** Of an entry in a lane that has no dispatch. */
const ENTRY = `json_object('workflowId', e.workflow_id, 'automation', e.automation,
                        'state', CASE WHEN e.state IN ('superseded', 'refused') THEN e.state ELSE 'waiting' END,
                        'attempts', 0, 'supersededBy', e.superseded_by, 'because', e.because, 'place', ${PLACE},
                        'until', CASE WHEN e.state = 'aside' THEN e.due_at END, 'once', json_extract(e.how, '$.once'))`;

/** A run that the delivery was given to, because it waited. */
const GIVEN = `json_object('workflowId', w.workflow_id, 'title', w.title, 'part', w.part, 'at', w.changed_at,
                        'ends', CASE WHEN w.ends = 1 THEN json('true') END)`;

const COLUMNS = `
  d.id, d.source, d.key, d.event_name AS eventName, d.received_at AS receivedAt, d.headers, d.events, d.ignored,
  d.verdicts, d.body_bytes AS bodyBytes, d.body_deleted AS bodyDeleted,
  (SELECT json_group_array(json(start) ORDER BY asked, is_entry, number) FROM (
     SELECT ${START} AS start, coalesce(p.entered, p.since) AS asked, 0 AS is_entry, p.seq AS number
     FROM dispatches p WHERE p.delivery = d.seq
     UNION ALL
     SELECT ${ENTRY}, e.since, 1, e.arrived FROM lane_entries e WHERE e.delivery = d.seq AND ${WITHOUT_DISPATCH}
   )) AS dispatches,
  (SELECT json_group_array(${GIVEN} ORDER BY w.seq) FROM waits w WHERE w.delivery = d.seq) AS given`;

/** Returns the first delivery that a condition (and an order) finds. */
export function deliveryWhere(
  connection: Connection,
  condition: string,
  ...values: Bindable[]
): DeliveryRow | undefined {
  return connection.rows<DeliveryRow>(`SELECT ${COLUMNS} FROM deliveries d WHERE ${condition} LIMIT 1`, ...values)[0];
}

/** Returns the delivery of this id, else those of this key and those whose ids begin so, newest first. */
export function findDeliveries(
  connection: Connection,
  { idOrKey, source, limit }: InputOf<'findDeliveries'>,
): DeliveryRow[] {
  const ofSource = source === undefined ? '' : 'AND d.source = ?';
  const find = (condition: string, ...values: Bindable[]) =>
    connection.rows<DeliveryRow>(
      `SELECT ${COLUMNS} FROM deliveries d WHERE ${condition} ${ofSource} LIMIT ?`,
      ...values,
      ...(source === undefined ? [] : [source]),
      limit,
    );
  const exact = find('d.id = ?', idOrKey);
  if (exact.length > 0) return exact;
  const byKey = find('d.key = ?', idOrKey);
  // Text is compared byte by byte, and no character's bytes come after U+10FFFF's.
  const byPrefix = idOrKey.length < MIN_PREFIX ? [] : find('d.id >= ? AND d.id < ?', idOrKey, `${idOrKey}\u{10ffff}`);
  return newestOf([...byKey, ...byPrefix], limit);
}

/** Returns the start of a run as JSON, with its delivery's id and the events that have become one run with its own; a start's id is its workflow id. */
export function findStart(connection: Connection, workflowId: string): string | undefined {
  const sql = `
    SELECT json_set(${START}, '$.deliveryId', d.id, '$.superseded', json_extract(p.how, '$.superseded')) AS start
    FROM dispatches p JOIN deliveries d ON d.seq = p.delivery WHERE p.id = ? AND p.kind = 'start'
    UNION ALL
    SELECT json_set(${ENTRY}, '$.deliveryId', d.id)
    FROM lane_entries e JOIN deliveries d ON d.seq = e.delivery WHERE e.workflow_id = ? AND ${WITHOUT_DISPATCH}`;
  return connection.rows<{ start: string }>(sql, workflowId, workflowId)[0]?.start;
}

/** Returns a body in a buffer of its own, which may be handed over to another thread. */
export function readBody(connection: Connection, deliveryId: string): ArrayBuffer | undefined {
  return connection.rows<{ body: ArrayBuffer }>(
    'SELECT b.body FROM deliveries d JOIN bodies b ON b.delivery = d.seq WHERE d.id = ?',
    deliveryId,
  )[0]?.body;
}

/** Returns those of the keys that are there. Begins at the keys: CROSS JOIN keeps SQLite from beginning at the deliveries, which are many. */
export function knownKeys(
  connection: Connection,
  { source, keys }: { source: string; keys: readonly string[] },
): string[] {
  const found = connection.rows<{ key: string }>(
    'SELECT d.key FROM json_each(?) CROSS JOIN deliveries d ON d.key = json_each.value AND d.source = ?',
    JSON.stringify(keys),
    source,
  );
  return found.map(({ key }) => key);
}

/** Returns deliveries that are like one, newest first. Only of these is more read than an index leads to. */
export function earlierAlike(connection: Connection, { id, limit }: InputOf<'earlierAlike'>): AlikeRow[] {
  const [than] = connection.rows<{ seq: number; source: string; repository: string | null; name: string; at: number }>(
    'SELECT seq, source, repository, event_name AS name, received_at AS at FROM deliveries WHERE id = ?',
    id,
  );
  if (!than) return [];
  const { seq, source, repository, name, at } = than;
  const [before, place]: [string, Bindable[]] =
    repository === null
      ? ['source = ? AND received_at <= ? ORDER BY received_at DESC, seq DESC', [source, at]]
      : ['source = ? AND repository = ? AND seq < ? ORDER BY seq DESC', [source, repository, seq]];
  return connection.rows<AlikeRow>(
    `SELECT d.id, d.key, d.events FROM deliveries d WHERE d.seq IN (
       SELECT seq FROM (SELECT seq, event_name, repository FROM deliveries WHERE ${before} LIMIT ${MAX_EARLIER})
       WHERE event_name = ? AND repository IS ? AND seq < ? LIMIT ?)
     ORDER BY d.seq DESC`,
    ...place,
    ...[name, repository, seq, limit],
  );
}

/** Returns when deliveries came, newest first: read from an index alone. */
export function arrivalTimes(connection: Connection, { since, limit }: { since: number; limit: number }): number[] {
  const found = connection.rows<{ received_at: number }>(
    'SELECT d.received_at FROM deliveries d WHERE d.received_at >= ? ORDER BY d.received_at DESC LIMIT ?',
    since,
    limit,
  );
  return found.map(({ received_at }) => received_at);
}

/** Deliveries that a list is made of, and what is bound to their conditions. */
interface Some {
  readonly from?: string;
  readonly condition?: string;
  readonly values?: readonly Bindable[];
}

/** Returns deliveries, newest first: found by their numbers alone, so that nothing else is read of those that are not listed. */
export function listDeliveries(connection: Connection, filter: DeliveryFilter): DeliveryRow[] {
  const { limit, source, before = Number.MAX_SAFE_INTEGER } = filter;
  const always = source === undefined ? [before] : [before, source];
  const order = 'ORDER BY d.received_at DESC, d.seq DESC LIMIT ?';
  const parts = partsOf(connection, filter).map(({ from = 'deliveries d', condition = 'TRUE', values = [] }) => ({
    sql: `SELECT * FROM (SELECT d.seq FROM ${from}
          WHERE ${condition} AND d.received_at < ? ${source === undefined ? '' : 'AND d.source = ?'} ${order})`,
    values: [...values, ...always, limit],
  }));
  return connection.rows<DeliveryRow>(
    `SELECT ${COLUMNS} FROM (${parts.map(({ sql }) => sql).join(' UNION ALL ')}) f CROSS JOIN deliveries d ON d.seq = f.seq ${order}`,
    ...parts.flatMap(({ values }) => values),
    limit,
  );
}

/** CROSS JOIN makes SQLite begin at the few that are meant. */
function partsOf(connection: Connection, { repository, failed, maybe }: DeliveryFilter): Some[] {
  const few = maybe && fewStarts(connection, maybe);
  if (!failed && !few) {
    if (repository === undefined) return [{}];
    return [
      { condition: `d.repository_name = ? AND d.repository_name > ''`, values: [repository] },
      // A version before has stored it, which did not know the names of repositories.
      { condition: `d.repository_name IS NULL AND d.events <> '[]'` },
    ];
  }
  const [starts, values] = failed
    ? [`SELECT DISTINCT delivery FROM ${DEAD_STARTS}`, []]
    : ['SELECT DISTINCT value AS delivery FROM json_each(?)', [JSON.stringify(few)]];
  return [
    {
      from: `(${starts}) s CROSS JOIN deliveries d ON d.seq = s.delivery`,
      ...(repository !== undefined && { condition: 'coalesce(d.repository_name, ?) = ?' }),
      values: [...values, ...(repository === undefined ? [] : [repository, repository])],
    },
  ];
}

/** Returns the deliveries that have such starts, by their numbers; undefined where there are many. */
function fewStarts(connection: Connection, kind: keyof typeof FEW_STARTS): number[] | undefined {
  const [dispatches, entries] = FEW_STARTS[kind];
  // That it has a delivery is no condition: there is an index for that, which SQLite would walk through.
  const found = connection.rows<{ delivery: number | null }>(
    `SELECT delivery FROM dispatches WHERE ${dispatches} UNION ALL SELECT delivery FROM lane_entries WHERE ${entries} LIMIT ?`,
    MAX_FEW + 1,
  );
  return found.length > MAX_FEW ? undefined : found.flatMap(({ delivery }) => delivery ?? []);
}
