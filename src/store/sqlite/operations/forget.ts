import type { InputOf, OutputOf } from '../../backend.js';
import { forgottenKey, isForgotten } from '../../forgotten-key.js';
import { LIVE } from '../../lane-rows.js';
import { waitSignalId } from '../../wait-rows.js';
import type { Connection } from '../connection.js';
import { changeLanes, lanesOf } from './lane-table.js';
import { withSecureDelete } from './secure-delete.js';

/** Blanks a delivery's row, and removes what belongs to it. */
export function forgetDelivery(
  connection: Connection,
  { id, blank }: InputOf<'forgetDelivery'>,
): OutputOf<'forgetDelivery'> {
  const [found] = connection.rows<{ seq: number; source: string; key: string; bodyBytes: number }>(
    'SELECT seq, source, key, body_bytes AS bodyBytes FROM deliveries WHERE id = ?',
    id,
  );
  if (!found || isForgotten(found)) return undefined;
  const { seq, source, key, bodyBytes } = found;
  return withSecureDelete(connection, () => {
    const entries = connection.rows<{ workflowId: string }>(
      'SELECT workflow_id AS workflowId FROM lane_entries WHERE delivery = ?',
      seq,
    );
    if (entries.length > 0) {
      const runs = entries.map(({ workflowId }) => workflowId);
      changeLanes(connection, { lanes: lanesOf(connection, runs), runs }, (book) => book.forget(runs));
    }
    const starts = connection.rows<{ workflowId: string }>(
      'DELETE FROM dispatches WHERE delivery = ? RETURNING workflow_id AS workflowId',
      seq,
    );
    // The runs that it was given to are those of other deliveries.
    const given = connection.rows<{ id: string }>(
      `UPDATE waits SET state = 'closed', delivery = NULL, part = NULL, asks = NULL, changed_at = ?
       WHERE delivery = ? RETURNING id`,
      ...[Date.now(), seq],
    );
    for (const { id } of given) connection.run('DELETE FROM dispatches WHERE id = ?', waitSignalId(id));
    connection.run('DELETE FROM bodies WHERE delivery = ?', seq);
    connection.run(
      `UPDATE deliveries SET repository = NULL, repository_name = '', key = ?, headers = ?, events = ?, verdicts = ?, ignored = ?, body_bytes = 0 WHERE seq = ?`,
      forgottenKey(source, key),
      blank.headers,
      blank.events,
      blank.verdicts,
      blank.ignored,
      seq,
    );
    const workflowIds = new Set([...starts, ...entries].map(({ workflowId }) => workflowId));
    return { bodyBytes, workflowIds: [...workflowIds] };
  });
}

const WRITTEN = {
  lines: `log_lines WHERE (job, number) IN (SELECT l.job, l.number FROM log_jobs j JOIN log_lines l ON l.job = j.seq
                                            WHERE j.workflow_id = ? LIMIT ?)`,
  attempts: 'outbound_attempts WHERE seq IN (SELECT seq FROM outbound_attempts WHERE run = ? LIMIT ?)',
  records: 'records WHERE seq IN (SELECT seq FROM records WHERE run = ? LIMIT ?)',
} as const;

/** Removes, or counts, a slice of what a run has written. */
export function forgetRun(
  connection: Connection,
  { workflowId, limit, dryRun }: InputOf<'forgetRun'>,
): OutputOf<'forgetRun'> {
  const each = (from: string) =>
    dryRun
      ? (connection.rows<{ count: number }>(`SELECT count(*) AS count FROM ${from}`, workflowId, -1)[0]?.count ?? 0)
      : connection.run(`DELETE FROM ${from}`, workflowId, limit).changes;
  const all = () => ({
    lines: each(WRITTEN.lines),
    attempts: each(WRITTEN.attempts),
    records: each(WRITTEN.records),
  });
  if (dryRun) return all();
  return withSecureDelete(connection, () => {
    const gone = all();
    connection.run('DELETE FROM waits WHERE workflow_id = ?', workflowId);
    // What was said to it: callbacks with their results, who approved and why.
    connection.run(`DELETE FROM dispatches WHERE kind = 'signal' AND workflow_id = ?`, workflowId);
    connection.run(
      `DELETE FROM log_jobs WHERE workflow_id = ? AND NOT EXISTS (SELECT 1 FROM log_lines l WHERE l.job = log_jobs.seq)`,
      workflowId,
    );
    return gone;
  });
}

/** Removes lanes that nobody is in, and nobody holds up. */
export function forgetLanes(connection: Connection, lanes: InputOf<'forgetLanes'>): OutputOf<'forgetLanes'> {
  const { changes } = withSecureDelete(connection, () =>
    connection.run(
      `DELETE FROM lanes WHERE lane IN (SELECT value FROM json_each(?)) AND mode = 'open'
         AND NOT EXISTS (SELECT 1 FROM lane_entries e WHERE e.lane = lanes.lane AND e.state IN ${LIVE})`,
      JSON.stringify(lanes),
    ),
  );
  return changes;
}

/** Returns records in the order of their running numbers. */
export function scanRecords(connection: Connection, { after, limit }: InputOf<'scanRecords'>): OutputOf<'scanRecords'> {
  return connection.rows(
    `SELECT seq AS place, run, collection, key, version, data, updated_at AS updatedAt FROM records
     WHERE seq > ? ORDER BY seq LIMIT ?`,
    after,
    limit,
  );
}
