import { LIVE } from '../../lane-rows.js';
import { LARGE_BODY } from '../../store.js';
import type { Connection } from '../connection.js';

/** An open wait has not been compared with the delivery `d`. */
const IS_AWAITED = `EXISTS (
  SELECT 1 FROM waits w WHERE w.state = 'open' AND w.source = d.source AND w.repository = d.repository AND w.seen < d.seq)`;

/** Removes what is old, deliveries first; what is left of the limit goes to what belongs to no delivery: signals, waits that were closed, lanes. */
export function pruneDeliveries(connection: Connection, { before, limit }: { before: number; limit: number }): number {
  const old = connection.rows<{ seq: number }>(
    `SELECT d.seq FROM deliveries d
     WHERE d.received_at < ?
       AND NOT EXISTS (SELECT 1 FROM dispatches p WHERE p.delivery = d.seq AND p.state = 'pending')
       AND NOT EXISTS (SELECT 1 FROM lane_entries e WHERE e.delivery = d.seq AND e.state IN ${LIVE})
       AND NOT ${IS_AWAITED}
     ORDER BY d.received_at LIMIT ?`,
    before,
    limit,
  );
  const these = `(SELECT value FROM json_each(?))`;
  const seqs = JSON.stringify(old.map(({ seq }) => seq));
  connection.run(`DELETE FROM lane_entries WHERE delivery IN ${these}`, seqs);
  connection.run(`DELETE FROM waits WHERE delivery IN ${these}`, seqs);
  connection.run(`DELETE FROM dispatches WHERE delivery IN ${these}`, seqs);
  connection.run(`DELETE FROM bodies WHERE delivery IN ${these}`, seqs);
  connection.run(`DELETE FROM deliveries WHERE seq IN ${these}`, seqs);
  letWaitsCountAnew(connection);
  const { changes: signals } = connection.run(
    `DELETE FROM dispatches WHERE seq IN
       (SELECT seq FROM dispatches WHERE kind = 'signal' AND state <> 'pending' AND since < ? ORDER BY since LIMIT ?)`,
    before,
    limit - old.length,
  );
  const { changes: waits } = connection.run(
    `DELETE FROM waits WHERE seq IN
       (SELECT seq FROM waits WHERE state = 'closed' AND changed_at < ? ORDER BY changed_at LIMIT ?)`,
    before,
    limit - old.length - signals,
  );
  const pruned = old.length + signals + waits;
  return pruned + pruneLanes(connection, { before, limit: limit - pruned });
}

/**
 * The next delivery gets the number after the highest that is left: once the newest was removed, one that was given
 * before. A wait that has been compared with all up to a higher one would take it for old. Each time: an older version has
 * removed deliveries without it.
 */
function letWaitsCountAnew(connection: Connection): void {
  const [newest] = connection.rows<{ seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM deliveries');
  const seq = newest?.seq ?? 0;
  connection.run(`UPDATE waits SET seen = ? WHERE state = 'open' AND seen > ?`, seq, seq);
}

/** Runs that began without a delivery and were superseded or refused, and lanes that nobody has used for long. */
function pruneLanes(connection: Connection, { before, limit }: { before: number; limit: number }): number {
  const { changes: entries } = connection.run(
    `DELETE FROM lane_entries WHERE arrived IN
       (SELECT arrived FROM lane_entries
        WHERE delivery IS NULL AND state IN ('superseded', 'refused') AND changed_at < ? ORDER BY changed_at LIMIT ?)`,
    ...[before, limit],
  );
  const { changes: lanes } = connection.run(
    `DELETE FROM lanes WHERE seq IN
       (SELECT l.seq FROM lanes l
        WHERE l.mode = 'open' AND l.used_at < ?
          AND NOT EXISTS (SELECT 1 FROM lane_entries e WHERE e.lane = l.lane AND e.state IN ${LIVE})
        ORDER BY l.used_at LIMIT ?)`,
    ...[before, limit - entries],
  );
  return entries + lanes;
}

/** Keeps the rows: their keys, events and verdicts are what later deliveries are compared with. */
export function pruneLargeBodies(connection: Connection, { before, limit }: { before: number; limit: number }): number {
  const old = connection.rows<{ seq: number }>(
    `SELECT d.seq FROM deliveries d
     WHERE d.body_bytes > ${LARGE_BODY} AND d.body_deleted = 0 AND d.received_at < ?
       AND NOT EXISTS (SELECT 1 FROM dispatches p WHERE p.delivery = d.seq AND p.state = 'pending')
       AND NOT EXISTS (SELECT 1 FROM lane_entries e WHERE e.delivery = d.seq AND e.state IN ${LIVE})
     ORDER BY d.received_at LIMIT ?`,
    before,
    limit,
  );
  const seqs = JSON.stringify(old.map(({ seq }) => seq));
  connection.run('DELETE FROM bodies WHERE delivery IN (SELECT value FROM json_each(?))', seqs);
  connection.run('UPDATE deliveries SET body_deleted = 1 WHERE seq IN (SELECT value FROM json_each(?))', seqs);
  return old.length;
}
