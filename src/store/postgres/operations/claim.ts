import type { DispatchRow, InputOf } from '../../backend.js';
import type { Queries } from '../database.js';
import { NOW_MS } from '../values.js';

interface Leased extends Omit<DispatchRow, 'event'> {
  readonly delivery: number | null;
  readonly part: number;
  /** Of its delivery; null but in the first row of each, however many of its starts were leased. */
  readonly events: string | null;
  /** How many were due, as far as was looked: those that others were leasing are among them. */
  readonly looked: number;
}

/** What stands for nothing that was leased. */
interface Missed {
  readonly id: null;
  readonly looked: number;
}

/** Leases and pauses between attempts are half a minute: nothing is due later than this on purpose. */
const FARTHEST_DUE_MS = 15 * 60_000;
/**
 * How many of a flow are looked at, for each that may be leased: more only where others are leasing the first of them at this
 * moment.
 */
const DEPTHS = [2, 32, 512];

/**
 * Leases what is due. Takes turns as turns.ts says. Passes over what others are leasing at this moment. Leases count by the database's clock,
 * which all share. Should it have been ahead and put right: what was noted meanwhile doesn't wait for that time to come. One
 * statement, so that nothing is leased whose event did not come along. Locks one by one, and so no more than it leases.
 */
export async function claim(queries: Queries, { limit, leaseMs, after }: InputOf<'claim'>): Promise<DispatchRow[]> {
  const claimed: DispatchRow[] = [];
  for (const depth of DEPTHS) {
    const last = claimed.at(-1)?.flow ?? after;
    const rows = await queries.rows<Leased | Missed>(SQL, limit - claimed.length, leaseMs, last, depth);
    const leased = rows.filter((row) => row.id !== null);
    claimed.push(...withEvents(leased));
    if (claimed.length >= limit || leased.length >= (rows[0]?.looked ?? 0)) break;
  }
  return claimed;
}

/** Takes events apart here, where `\u0000` is no trouble. */
function withEvents(leased: readonly Leased[]): DispatchRow[] {
  const eventsOf = new Map<number | null, unknown[]>();
  for (const { delivery, events } of leased) if (events !== null) eventsOf.set(delivery, JSON.parse(events));
  return leased.map(({ delivery, part, events: _, looked: __, ...row }) => {
    const event = eventsOf.get(delivery)?.[part];
    return { ...row, event: event === undefined ? null : JSON.stringify(event) };
  });
}

const SQL = `
  WITH RECURSIVE flows (flow) AS (
    (SELECT flow FROM hookyard_dispatches WHERE state = 'pending' ORDER BY flow LIMIT 1)
    UNION ALL
    SELECT (SELECT p.flow FROM hookyard_dispatches p WHERE p.state = 'pending' AND p.flow > flows.flow
            ORDER BY p.flow LIMIT 1)
    FROM flows WHERE flow IS NOT NULL
  ), looked AS MATERIALIZED (
    SELECT first.seq, row_number() OVER (PARTITION BY flows.flow ORDER BY first.due_at, first.seq) AS round, flows.flow
    FROM flows CROSS JOIN LATERAL (
      SELECT p.seq, p.due_at FROM hookyard_dispatches p
      WHERE p.state = 'pending' AND p.flow = flows.flow AND p.due_at <= ${NOW_MS}
      ORDER BY p.due_at, p.seq LIMIT $1::bigint * $4::bigint
    ) first
    ORDER BY round, flows.flow <= $3, flows.flow
  ), due AS MATERIALIZED (
    SELECT d.seq, d.due_at, looked.round FROM looked CROSS JOIN LATERAL (
      SELECT p.seq, p.due_at FROM hookyard_dispatches p
      WHERE p.seq = looked.seq AND p.state = 'pending' AND p.due_at <= ${NOW_MS} FOR UPDATE SKIP LOCKED
    ) d
    LIMIT $1::bigint
  ), astray AS MATERIALIZED (
    SELECT seq, due_at FROM hookyard_dispatches
    WHERE state = 'pending' AND due_at > ${NOW_MS} + greatest($2::bigint, ${FARTHEST_DUE_MS})
    ORDER BY due_at, seq LIMIT $1::bigint - (SELECT count(*) FROM due) FOR UPDATE SKIP LOCKED
  ), taken AS MATERIALIZED (
    SELECT seq, due_at, round FROM due UNION ALL SELECT seq, due_at, NULL FROM astray
  ), leased AS (
    UPDATE hookyard_dispatches p SET attempts = p.attempts + 1, due_at = ${NOW_MS} + $2::bigint
    FROM taken WHERE p.seq = taken.seq
    RETURNING taken.due_at AS was_due, taken.round, p.flow, p.seq, p.id, p.kind, p.workflow_id, p.name, p.payload, p.how,
              p.delivery, p.part, p.since, p.attempts
  )
  SELECT flow, id, kind, workflow_id AS "workflowId", name, payload, how, delivery, part, since, attempts AS attempt,
         (SELECT count(*) FROM looked) AS looked,
         CASE WHEN row_number() OVER (PARTITION BY delivery ORDER BY was_due, seq) = 1
              THEN (SELECT d.events FROM hookyard_deliveries d WHERE d.seq = leased.delivery) END AS events
  FROM (SELECT) always LEFT JOIN leased ON true ORDER BY round, flow <= $3, flow, was_due, seq`;
