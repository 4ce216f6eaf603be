import { FULL } from '../../../lanes/lane.js';
import { type BacklogRow, toBacklog } from '../../backend.js';
import { MAX_LOOKED_UP } from '../../dead-letters.js';
import { LIVE, REFUSED_MS } from '../../lane-rows.js';
import { OUTDATED_COLUMNS, type OutdatedEntry, outdatedSignal } from '../../outdated-signal.js';
import type { Backlog, Settlement } from '../../store.js';
import type { Connection } from '../connection.js';
import { DEAD_STARTS } from './dead-letters.js';
import { addSignal } from './lane-table.js';
import { leaveLanes } from './lanes.js';

/** Keeps a signal. Returns false if a dispatch of that id is there already. */
export function keepSignal(
  connection: Connection,
  signal: { id: string; workflowId: string; signal: string; payload: string },
): boolean {
  const now = Date.now();
  const { changes } = connection.run(
    `INSERT INTO dispatches (id, kind, workflow_id, name, payload, due_at, since)
     VALUES (?, 'signal', ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    signal.id,
    signal.workflowId,
    signal.signal,
    signal.payload,
    now,
    now,
  );
  return changes > 0;
}

/**
 * Notes what has become of dispatches. A holder that was slower than its lease may report late. That it succeeded is true
 * whatever a later holder said; that it failed matters only while nothing better is known.
 */
export function settle(connection: Connection, settlements: readonly Settlement[]): void {
  for (const settlement of settlements) {
    switch (settlement.outcome) {
      case 'done': {
        const [done] = connection.rows<Settled>(
          `UPDATE dispatches SET state = 'done', run_id = ? WHERE id = ? AND state <> 'done' RETURNING entered`,
          settlement.runId,
          settlement.id,
        );
        if (isInLane(done)) tellOutdated(connection, settlement.id);
        break;
      }
      case 'retry':
        connection.run(
          `UPDATE dispatches SET due_at = ?, error = ? WHERE id = ? AND state = 'pending'`,
          settlement.dueAt,
          settlement.error,
          settlement.id,
        );
        break;
      case 'failed': {
        const [failed] = connection.rows<Settled>(
          `UPDATE dispatches SET state = 'failed', error = ? WHERE id = ? AND state = 'pending' RETURNING entered`,
          settlement.error,
          settlement.id,
        );
        if (isInLane(failed)) leaveLanes(connection, [settlement.id]);
        break;
      }
      default:
        settlement satisfies never;
    }
  }
}

interface Settled {
  readonly entered: number | null;
}

function isInLane(settled: Settled | undefined): boolean {
  return settled !== undefined && settled.entered !== null;
}

/** Tells a run that has been told to end while it was not known to be in Temporal. */
function tellOutdated(connection: Connection, workflowId: string): void {
  const [entry] = connection.rows<OutdatedEntry>(
    `SELECT ${OUTDATED_COLUMNS} FROM lane_entries e
     WHERE e.workflow_id = ? AND e.superseded_by IS NOT NULL AND e.state IN ${LIVE}`,
    workflowId,
  );
  if (entry) addSignal(connection, outdatedSignal(entry), Date.now());
}

/**
 * Counts in indexes that hold only what is pending or failed. Whether a start was asked for again is looked up for each
 * that failed: not for more than {@link MAX_LOOKED_UP}, which all count then.
 */
export function backlog(connection: Connection): Backlog {
  const [row] = connection.rows<BacklogRow>(
    `SELECT (SELECT count(*) FROM dispatches WHERE state = 'pending') AS pending,
            CASE WHEN f.starts > ${MAX_LOOKED_UP} THEN f.starts ELSE (SELECT count(*) FROM ${DEAD_STARTS}) END AS failed,
            f.signals AS failedSignals,
            (SELECT count(*) FROM lane_entries WHERE state IN ${LIVE} AND state = 'waits') AS waiting,
            (SELECT min(CASE WHEN e.turns = 0 THEN e.since ELSE e.changed_at END) FROM lane_entries e WHERE e.state IN ${LIVE} AND e.state = 'waits'
               AND NOT EXISTS (SELECT 1 FROM lanes l WHERE l.lane = e.lane AND l.mode = 'paused')) AS longestWaiting,
            (SELECT count(*) FROM lane_entries
             WHERE state = 'refused' AND changed_at > ? AND because LIKE '%${FULL}') AS refused,
            (SELECT min(since) FROM dispatches WHERE state = 'pending') AS oldest
     FROM (SELECT count(delivery) AS starts, count(*) - count(delivery) AS signals
           FROM dispatches INDEXED BY dispatches_failed WHERE state = 'failed') f`,
    Date.now() - REFUSED_MS,
  );
  return toBacklog(row);
}
