import type { InputOf, OutputOf } from '../../backend.js';
import { forgottenKey, isForgotten } from '../../forgotten-key.js';
import { LIVE } from '../../lane-rows.js';
import { waitSignalId } from '../../wait-rows.js';
import type { Queries } from '../database.js';
import { NOW_MS } from '../values.js';
import { changeLanes } from './lane-table.js';
import { lockLanes } from './lock.js';
import { type RecordColumns, toRecordRow } from './records.js';

/** Blanks a delivery's row, and removes what belongs to it. To be called in a transaction of its own. */
export async function forgetDelivery(
  queries: Queries,
  { id, blank }: InputOf<'forgetDelivery'>,
): Promise<OutputOf<'forgetDelivery'>> {
  const entries = await queries.rows<{ workflowId: string; lane: string }>(
    `SELECT e.workflow_id AS "workflowId", e.lane FROM hookyard_lane_entries e
     JOIN hookyard_deliveries d ON d.seq = e.delivery WHERE d.id = $1`,
    id,
  );
  // Before the delivery: whoever lets runs on holds lanes, and then deliveries.
  const lanes = [...new Set(entries.map(({ lane }) => lane))];
  if (lanes.length > 0) await lockLanes(queries, lanes);
  const [found] = await queries.rows<{ seq: number; source: string; key: string; bodyBytes: number }>(
    'SELECT seq, source, key, body_bytes AS "bodyBytes" FROM hookyard_deliveries WHERE id = $1 FOR UPDATE',
    id,
  );
  if (!found || isForgotten(found)) return undefined;
  const { seq, source, key, bodyBytes } = found;
  const runs = entries.map(({ workflowId }) => workflowId);
  if (lanes.length > 0) await changeLanes(queries, { lanes, runs, mayWithdraw: true }, (book) => book.forget(runs));
  const starts = await queries.rows<{ workflowId: string }>(
    'DELETE FROM hookyard_dispatches WHERE delivery = $1 RETURNING workflow_id AS "workflowId"',
    seq,
  );
  // The runs that it was given to are those of other deliveries.
  const given = await queries.rows<{ id: string }>(
    `UPDATE hookyard_waits SET state = 'closed', delivery = NULL, part = NULL, asks = NULL, changed_at = ${NOW_MS}
     WHERE delivery = $1 RETURNING id`,
    seq,
  );
  await queries.rows(
    'DELETE FROM hookyard_dispatches WHERE id = ANY($1::text[])',
    given.map(({ id }) => waitSignalId(id)),
  );
  await queries.rows('DELETE FROM hookyard_bodies WHERE delivery = $1', seq);
  await queries.rows(
    `UPDATE hookyard_deliveries SET repository = NULL, repository_name = '', key = $2, headers = $3, events = $4, verdicts = $5, ignored = $6, body_bytes = 0
     WHERE seq = $1`,
    ...[seq, forgottenKey(source, key), blank.headers, blank.events, blank.verdicts, blank.ignored],
  );
  return { bodyBytes, workflowIds: [...new Set([...starts.map(({ workflowId }) => workflowId), ...runs])] };
}

const WRITTEN = {
  lines: `hookyard_log_lines WHERE (job, number) IN (
            SELECT l.job, l.number FROM hookyard_log_jobs j JOIN hookyard_log_lines l ON l.job = j.seq
            WHERE j.workflow_id = $1 LIMIT $2)`,
  attempts: `hookyard_outbound_attempts WHERE seq IN (
               SELECT seq FROM hookyard_outbound_attempts WHERE run = $1 LIMIT $2)`,
  records: 'hookyard_records WHERE seq IN (SELECT seq FROM hookyard_records WHERE run = $1 LIMIT $2)',
} as const;

/** Removes, or counts, a slice of what a run has written. To be called in a transaction of its own. */
export async function forgetRun(
  queries: Queries,
  { workflowId, limit, dryRun }: InputOf<'forgetRun'>,
): Promise<OutputOf<'forgetRun'>> {
  const each = async (from: string) => {
    const statement = dryRun
      ? `SELECT count(*) FROM ${from}`
      : `WITH gone AS (DELETE FROM ${from} RETURNING 1) SELECT count(*) FROM gone`;
    return (await queries.rows<{ count: number }>(statement, workflowId, dryRun ? null : limit))[0]?.count ?? 0;
  };
  const [lines, attempts, records] = [
    await each(WRITTEN.lines),
    await each(WRITTEN.attempts),
    await each(WRITTEN.records),
  ];
  if (dryRun) return { lines, attempts, records };
  await queries.rows('DELETE FROM hookyard_waits WHERE workflow_id = $1', workflowId);
  // What was said to it: callbacks with their results, who approved and why.
  await queries.rows(`DELETE FROM hookyard_dispatches WHERE kind = 'signal' AND workflow_id = $1`, workflowId);
  await queries.rows(
    `DELETE FROM hookyard_log_jobs j WHERE j.workflow_id = $1
       AND NOT EXISTS (SELECT 1 FROM hookyard_log_lines l WHERE l.job = j.seq)`,
    workflowId,
  );
  return { lines, attempts, records };
}

/** Removes lanes that nobody is in, and nobody holds up. To be called in a transaction of its own. */
export async function forgetLanes(queries: Queries, lanes: InputOf<'forgetLanes'>): Promise<OutputOf<'forgetLanes'>> {
  await lockLanes(queries, lanes);
  const gone = await queries.rows(
    `DELETE FROM hookyard_lanes l WHERE l.lane = ANY($1::text[]) AND l.mode = 'open'
       AND NOT EXISTS (SELECT 1 FROM hookyard_lane_entries e WHERE e.lane = l.lane AND e.state IN ${LIVE})
     RETURNING l.seq`,
    lanes,
  );
  return gone.length;
}

/** Returns records in the order of their running numbers. */
export async function scanRecords(
  queries: Queries,
  { after, limit }: InputOf<'scanRecords'>,
): Promise<OutputOf<'scanRecords'>> {
  const rows = await queries.rows<RecordColumns & { place: number; run: string | null }>(
    `SELECT seq AS place, run, collection, key, version_number AS number, version_text AS text, data, updated_at AS "updatedAt"
     FROM hookyard_records WHERE seq > $1::bigint ORDER BY seq LIMIT $2`,
    after,
    limit,
  );
  return rows.map(({ place, run, ...row }) => ({ place, run, ...toRecordRow(row) }));
}
