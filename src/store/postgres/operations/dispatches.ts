import type { DispatchRow } from '../../backend.js';
import type { Queries } from '../database.js';
import { NOW_MS } from '../values.js';

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
}

/** Passes over what others are leasing at this moment. Leases count by the database's clock, which all share. */
export async function claim(
  queries: Queries,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<DispatchRow[]> {
  const leased = await queries.rows<Leased>(
    `WITH due AS MATERIALIZED (
       SELECT seq, due_at FROM hookyard_dispatches WHERE state = 'pending' AND due_at <= ${NOW_MS}
       ORDER BY due_at, seq LIMIT $1 FOR UPDATE SKIP LOCKED
     ), leased AS (
       UPDATE hookyard_dispatches p SET attempts = p.attempts + 1, due_at = ${NOW_MS} + $2::bigint
       FROM due WHERE p.seq = due.seq
       RETURNING due.due_at AS was_due, p.seq, p.id, p.kind, p.workflow_id, p.name, p.payload, p.how, p.delivery,
                 p.part, p.since, p.attempts
     )
     SELECT id, kind, workflow_id AS "workflowId", name, payload, how, delivery, part, since, attempts AS attempt
     FROM leased ORDER BY was_due, seq`,
    limit,
    leaseMs,
  );
  const events = await eventsOf(queries, leased);
  return leased.map(({ delivery, part, ...row }) => {
    const event = delivery === null ? undefined : events.get(delivery)?.[part];
    return { ...row, event: event === undefined ? null : JSON.stringify(event) };
  });
}

/** Each delivery's events once, however many of its starts were leased; taken apart here, where `\u0000` is no trouble. */
async function eventsOf(queries: Queries, leased: readonly Leased[]): Promise<Map<number, unknown[]>> {
  const deliveries = [...new Set(leased.flatMap(({ delivery }) => delivery ?? []))];
  if (deliveries.length === 0) return new Map();
  const rows = await queries.rows<{ seq: number; events: string }>(
    'SELECT seq, events FROM hookyard_deliveries WHERE seq = ANY($1::bigint[])',
    deliveries,
  );
  return new Map(rows.map(({ seq, events }) => [seq, JSON.parse(events) as unknown[]]));
}

/** Unix ms; a leased one is due when its lease ends. */
export async function nextDue(queries: Queries): Promise<number | undefined> {
  const [row] = await queries.rows<{ due_at: number }>(
    `SELECT due_at FROM hookyard_dispatches WHERE state = 'pending' ORDER BY due_at, seq LIMIT 1`,
  );
  return row?.due_at;
}

/** Counts in indexes that hold only what is pending or failed. */
export async function backlog(queries: Queries): Promise<{ pending: number; failed: number; oldest?: number }> {
  const [row] = await queries.rows<{ pending: number; failed: number; oldest: number | null }>(
    `SELECT (SELECT count(*) FROM hookyard_dispatches WHERE state = 'pending') AS pending,
            (SELECT count(*) FROM hookyard_dispatches WHERE state = 'failed') AS failed,
            (SELECT min(since) FROM hookyard_dispatches WHERE state = 'pending') AS oldest`,
  );
  const { pending, failed, oldest } = row ?? { pending: 0, failed: 0, oldest: null };
  return { pending, failed, ...(oldest !== null && { oldest }) };
}
