import type { DispatchRow } from '../../backend.js';
import { MAX_LOOKED_UP } from '../../dead-letters.js';
import type { Backlog } from '../../store.js';
import type { Queries } from '../database.js';
import { NOW_MS } from '../values.js';
import { DEAD_STARTS } from './dead-letters.js';

/** False if a dispatch of that id is there already. */
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

interface Leased extends Omit<DispatchRow, 'event'> {
  readonly delivery: number | null;
  readonly part: number;
  /** Of its delivery; null but in the first row of each, however many of its starts were leased. */
  readonly events: string | null;
}

/** Leases and pauses between attempts are half a minute: nothing is due later than this on purpose. */
const FARTHEST_DUE_MS = 15 * 60_000;

/**
 * Passes over what others are leasing at this moment. Leases count by the database's clock, which all share. Should it
 * have been ahead and put right: what was noted meanwhile (`astray`) doesn't wait for that time to come. One statement,
 * so that nothing is leased whose event did not come along.
 */
export async function claim(
  queries: Queries,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<DispatchRow[]> {
  const leased = await queries.rows<Leased>(
    `WITH due AS MATERIALIZED (
       SELECT seq, due_at FROM hookyard_dispatches WHERE state = 'pending' AND due_at <= ${NOW_MS}
       ORDER BY due_at, seq LIMIT $1::bigint FOR UPDATE SKIP LOCKED
     ), astray AS MATERIALIZED (
       SELECT seq, due_at FROM hookyard_dispatches
       WHERE state = 'pending' AND due_at > ${NOW_MS} + greatest($2::bigint, ${FARTHEST_DUE_MS})
       ORDER BY due_at, seq LIMIT $1::bigint - (SELECT count(*) FROM due) FOR UPDATE SKIP LOCKED
     ), taken AS MATERIALIZED (
       SELECT * FROM due UNION ALL SELECT * FROM astray
     ), leased AS (
       UPDATE hookyard_dispatches p SET attempts = p.attempts + 1, due_at = ${NOW_MS} + $2::bigint
       FROM taken WHERE p.seq = taken.seq
       RETURNING taken.due_at AS was_due, p.seq, p.id, p.kind, p.workflow_id, p.name, p.payload, p.how, p.delivery,
                 p.part, p.since, p.attempts
     )
     SELECT id, kind, workflow_id AS "workflowId", name, payload, how, delivery, part, since, attempts AS attempt,
            CASE WHEN row_number() OVER (PARTITION BY delivery ORDER BY was_due, seq) = 1
                 THEN (SELECT d.events FROM hookyard_deliveries d WHERE d.seq = leased.delivery) END AS events
     FROM leased ORDER BY was_due, seq`,
    limit,
    leaseMs,
  );
  // Taken apart here, where `\u0000` is no trouble.
  const eventsOf = new Map<number | null, unknown[]>();
  for (const { delivery, events } of leased) if (events !== null) eventsOf.set(delivery, JSON.parse(events));
  return leased.map(({ delivery, part, events: _, ...row }) => {
    const event = eventsOf.get(delivery)?.[part];
    return { ...row, event: event === undefined ? null : JSON.stringify(event) };
  });
}

/** Unix ms; a leased one is due when its lease ends. */
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
  const [row] = await queries.rows<Omit<Backlog, 'oldest'> & { oldest: number | null }>(
    `SELECT (SELECT count(*) FROM hookyard_dispatches WHERE state = 'pending') AS pending,
            CASE WHEN f.starts > ${MAX_LOOKED_UP} THEN f.starts ELSE (SELECT count(*) FROM ${DEAD_STARTS}) END AS failed,
            f.signals AS "failedSignals",
            (SELECT min(since) FROM hookyard_dispatches WHERE state = 'pending') AS oldest
     FROM (SELECT count(delivery) AS starts, count(*) - count(delivery) AS signals
           FROM hookyard_dispatches WHERE state = 'failed') f`,
  );
  const { oldest, ...counts } = row ?? { pending: 0, failed: 0, failedSignals: 0, oldest: null };
  return { ...counts, ...(oldest !== null && { oldest }) };
}
