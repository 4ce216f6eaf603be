import { LIVE } from '../../lane-rows.js';
import { LARGE_BODY } from '../../store.js';
import type { Queries } from '../database.js';
import { whole } from '../values.js';

/** An open wait has not been compared with the delivery `d`. */
const IS_AWAITED = `EXISTS (
  SELECT 1 FROM hookyard_waits w
  WHERE w.state = 'open' AND w.source = d.source AND w.repository = d.repository AND w.seen < d.seq)`;

/**
 * Removes what is old, deliveries first; what is left of the limit goes to what belongs to no delivery: signals, waits that were
 * closed, lanes. To be called in a transaction of its own. Passes over what somebody else prunes, or starts again, at this moment.
 */
export async function pruneDeliveries(
  queries: Queries,
  { before, limit }: { before: number; limit: number },
): Promise<number> {
  const old = await queries.rows<{ seq: number }>(
    `SELECT d.seq FROM hookyard_deliveries d
     WHERE d.received_at < $1::bigint
       AND NOT EXISTS (SELECT 1 FROM hookyard_dispatches p WHERE p.delivery = d.seq AND p.state = 'pending')
       AND NOT EXISTS (SELECT 1 FROM hookyard_lane_entries e WHERE e.delivery = d.seq AND e.state IN ${LIVE})
       AND NOT ${IS_AWAITED}
     ORDER BY d.received_at, d.seq LIMIT $2 FOR UPDATE SKIP LOCKED`,
    whole(before),
    limit,
  );
  const deliveries = old.length > 0 ? await deleteDeliveries(queries, old) : 0;
  const [signals] = await queries.rows<{ count: number }>(
    `WITH gone AS (
       DELETE FROM hookyard_dispatches WHERE seq IN (
         SELECT seq FROM hookyard_dispatches WHERE kind = 'signal' AND state <> 'pending' AND since < $1::bigint
         ORDER BY since LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING seq
     ) SELECT count(*) FROM gone`,
    whole(before),
    limit - deliveries,
  );
  const [waits] = await queries.rows<{ count: number }>(
    `WITH gone AS (
       DELETE FROM hookyard_waits WHERE seq IN (
         SELECT seq FROM hookyard_waits WHERE state = 'closed' AND changed_at < $1::bigint
         ORDER BY changed_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING seq
     ) SELECT count(*) FROM gone`,
    whole(before),
    limit - deliveries - (signals?.count ?? 0),
  );
  const pruned = deliveries + (signals?.count ?? 0) + (waits?.count ?? 0);
  return pruned + (await pruneLanes(queries, { before, limit: limit - pruned }));
}

/** Runs that began without a delivery and were superseded or refused, and lanes that nobody has used for long. */
async function pruneLanes(queries: Queries, { before, limit }: { before: number; limit: number }): Promise<number> {
  const [gone] = await queries.rows<{ count: number }>(
    `WITH entries AS (
       DELETE FROM hookyard_lane_entries WHERE arrived IN (
         SELECT arrived FROM hookyard_lane_entries
         WHERE delivery IS NULL AND state IN ('superseded', 'refused') AND changed_at < $1::bigint
         ORDER BY changed_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING arrived
     ), lanes AS (
       DELETE FROM hookyard_lanes WHERE seq IN (
         SELECT l.seq FROM hookyard_lanes l
         WHERE l.mode = 'open' AND l.used_at < $1::bigint
           AND NOT EXISTS (SELECT 1 FROM hookyard_lane_entries e WHERE e.lane = l.lane AND e.state IN ${LIVE})
         ORDER BY l.used_at LIMIT $2::bigint - (SELECT count(*) FROM entries) FOR UPDATE SKIP LOCKED)
       RETURNING seq
     ) SELECT (SELECT count(*) FROM entries) + (SELECT count(*) FROM lanes) AS count`,
    whole(before),
    limit,
  );
  return gone?.count ?? 0;
}

/** Looks once more at what is pending: a start may have been added between the first look and the locks. */
async function deleteDeliveries(queries: Queries, old: readonly { seq: number }[]): Promise<number> {
  const [gone] = await queries.rows<{ count: number }>(
    `WITH old AS (
       SELECT given.seq FROM unnest($1::bigint[]) AS given (seq)
       WHERE NOT EXISTS (SELECT 1 FROM hookyard_dispatches p WHERE p.delivery = given.seq AND p.state = 'pending')
         AND NOT EXISTS (SELECT 1 FROM hookyard_lane_entries e WHERE e.delivery = given.seq AND e.state IN ${LIVE})
     ), entries AS (
       DELETE FROM hookyard_lane_entries e USING old WHERE e.delivery = old.seq
     ), waits AS (
       DELETE FROM hookyard_waits w USING old WHERE w.delivery = old.seq
     ), dispatches AS (
       DELETE FROM hookyard_dispatches p USING old WHERE p.delivery = old.seq
     ), bodies AS (
       DELETE FROM hookyard_bodies b USING old WHERE b.delivery = old.seq
     ), deliveries AS (
       DELETE FROM hookyard_deliveries d USING old WHERE d.seq = old.seq RETURNING d.seq
     ) SELECT count(*) FROM deliveries`,
    old.map(({ seq }) => seq),
  );
  return gone?.count ?? 0;
}

/**
 * Keeps the rows: their keys, events and verdicts are what later deliveries are compared with. Passes over what somebody else
 * prunes, or starts again, at this moment.
 */
export async function pruneLargeBodies(
  queries: Queries,
  { before, limit }: { before: number; limit: number },
): Promise<number> {
  const [deleted] = await queries.rows<{ count: number }>(
    `WITH old AS MATERIALIZED (
       SELECT d.seq FROM hookyard_deliveries d
       WHERE d.body_bytes > ${LARGE_BODY} AND d.body_deleted = 0 AND d.received_at < $1::bigint
         AND NOT EXISTS (SELECT 1 FROM hookyard_dispatches p WHERE p.delivery = d.seq AND p.state = 'pending')
       AND NOT EXISTS (SELECT 1 FROM hookyard_lane_entries e WHERE e.delivery = d.seq AND e.state IN ${LIVE})
       ORDER BY d.received_at LIMIT $2 FOR UPDATE SKIP LOCKED
     ), bodies AS (
       DELETE FROM hookyard_bodies b USING old WHERE b.delivery = old.seq
     ), deliveries AS (
       UPDATE hookyard_deliveries d SET body_deleted = 1 FROM old WHERE d.seq = old.seq RETURNING d.seq
     ) SELECT count(*) FROM deliveries`,
    whole(before),
    limit,
  );
  return deleted?.count ?? 0;
}
