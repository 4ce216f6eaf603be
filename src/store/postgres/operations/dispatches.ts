import { FULL } from '../../../lanes/lane.js';
import { type BacklogRow, toBacklog } from '../../backend.js';
import { MAX_LOOKED_UP } from '../../dead-letters.js';
import { LIVE, REFUSED_MS } from '../../lane-rows.js';
import type { Backlog } from '../../store.js';
import type { Queries } from '../database.js';
import { NOW_MS } from '../values.js';
import { DEAD_STARTS } from './dead-letters.js';

/** Keeps a signal. Returns false if a dispatch of that id is there already. */
export async function keepSignal(
  queries: Queries,
  signal: { id: string; workflowId: string; signal: string; payload: string },
): Promise<boolean> {
  const kept = await queries.rows(
    `INSERT INTO hookyard_dispatches (id, kind, workflow_id, name, payload, due_at, since)
     VALUES ($1, 'signal', $2, $3, $4, ${NOW_MS}, ${NOW_MS}) ON CONFLICT (id) DO NOTHING RETURNING seq`,
    signal.id,
    signal.workflowId,
    signal.signal,
    signal.payload,
  );
  return kept.length > 0;
}

/** Ends all leases: what was asked for first is due first, as if nobody had leased it. */
export async function endLeases(queries: Queries): Promise<void> {
  await queries.rows(
    `UPDATE hookyard_dispatches SET due_at = least(since, ${NOW_MS}) WHERE state = 'pending' AND due_at > ${NOW_MS}`,
  );
}

/** Returns when the next dispatch is due, Unix ms: a leased one when its lease ends. */
export async function nextDue(queries: Queries): Promise<number | undefined> {
  const [row] = await queries.rows<{ due_at: number }>(
    `SELECT due_at FROM hookyard_dispatches WHERE state = 'pending' ORDER BY due_at, seq LIMIT 1`,
  );
  return row?.due_at;
}

/**
 * Counts in indexes that hold only what is pending or failed. Whether a start was asked for again is looked up for each
 * that failed: not for more than {@link MAX_LOOKED_UP}, which all count then.
 */
export async function backlog(queries: Queries): Promise<Backlog> {
  const [row] = await queries.rows<BacklogRow>(
    `SELECT (SELECT count(*) FROM hookyard_dispatches WHERE state = 'pending') AS pending,
            CASE WHEN f.starts > ${MAX_LOOKED_UP} THEN f.starts ELSE (SELECT count(*) FROM ${DEAD_STARTS}) END AS failed,
            f.signals AS "failedSignals",
            (SELECT count(*) FROM hookyard_lane_entries WHERE state IN ${LIVE} AND state = 'waits') AS waiting,
            (SELECT min(CASE WHEN e.turns = 0 THEN e.since ELSE e.changed_at END) FROM hookyard_lane_entries e WHERE e.state IN ${LIVE} AND e.state = 'waits'
               AND NOT EXISTS (SELECT 1 FROM hookyard_lanes l WHERE l.lane = e.lane AND l.mode = 'paused')) AS "longestWaiting",
            (SELECT count(*) FROM hookyard_lane_entries
             WHERE state = 'refused' AND changed_at > ${NOW_MS} - ${REFUSED_MS} AND because LIKE '%${FULL}') AS refused,
            (SELECT min(since) FROM hookyard_dispatches WHERE state = 'pending') AS oldest
     FROM (SELECT count(delivery) AS starts, count(*) - count(delivery) AS signals
           FROM hookyard_dispatches WHERE state = 'failed') f`,
  );
  return toBacklog(row);
}
