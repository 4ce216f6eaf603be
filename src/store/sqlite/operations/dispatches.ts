import { MAX_LOOKED_UP } from '../../dead-letters.js';
import type { Backlog, Settlement } from '../../store.js';
import type { Connection } from '../connection.js';
import { DEAD_STARTS } from './dead-letters.js';

/** False if a dispatch of that id is there already. */
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
 * A holder that was slower than its lease may report late. That it succeeded is true whatever a later holder said;
 * that it failed matters only while nothing better is known.
 */
export function settle(connection: Connection, settlements: readonly Settlement[]): void {
  for (const settlement of settlements) {
    switch (settlement.outcome) {
      case 'done':
        connection.run(
          `UPDATE dispatches SET state = 'done', run_id = ? WHERE id = ? AND state <> 'done'`,
          settlement.runId,
          settlement.id,
        );
        break;
      case 'retry':
        connection.run(
          `UPDATE dispatches SET due_at = ?, error = ? WHERE id = ? AND state = 'pending'`,
          settlement.dueAt,
          settlement.error,
          settlement.id,
        );
        break;
      case 'failed':
        connection.run(
          `UPDATE dispatches SET state = 'failed', error = ? WHERE id = ? AND state = 'pending'`,
          settlement.error,
          settlement.id,
        );
        break;
      default:
        settlement satisfies never;
    }
  }
}

/**
 * Counts in indexes that hold only what is pending or failed. Whether a start was asked for again is looked up for each
 * that failed: not for more than {@link MAX_LOOKED_UP}, which all count then.
 */
export function backlog(connection: Connection): Backlog {
  const [row] = connection.rows<Omit<Backlog, 'oldest'> & { oldest: number | null }>(
    `SELECT (SELECT count(*) FROM dispatches WHERE state = 'pending') AS pending,
            CASE WHEN f.starts > ${MAX_LOOKED_UP} THEN f.starts ELSE (SELECT count(*) FROM ${DEAD_STARTS}) END AS failed,
            f.signals AS failedSignals,
            (SELECT min(since) FROM dispatches WHERE state = 'pending') AS oldest
     FROM (SELECT count(delivery) AS starts, count(*) - count(delivery) AS signals
           FROM dispatches INDEXED BY dispatches_failed WHERE state = 'failed') f`,
  );
  const { oldest, ...counts } = row ?? { pending: 0, failed: 0, failedSignals: 0, oldest: null };
  return { ...counts, ...(oldest !== null && { oldest }) };
}
