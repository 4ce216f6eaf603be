import type { DispatchRow, InputOf } from '../../backend.js';
import type { Queries } from '../database.js';
import { NOW_MS } from '../values.js';

interface Leased extends Omit<DispatchRow, 'event'> {
  readonly delivery: number | null;
  readonly part: number;
  /** Of its delivery; null but in the first row of each, however many of its starts were leased. */
  readonly events: string | null;
}

/** Leases and pauses between attempts are half a minute: nothing is due later than this on purpose. */
const FARTHEST_DUE_MS = 15 * 60_000;
/**
 * How many of a flow are looked at for each that may be leased, since others may be leasing the first of them at this
 * moment, and how many at least.
 */
const LOOKED_AT = { times: 4, least: 8 };

/**
 * Takes turns as turns.ts says. Passes over what others are leasing at this moment. Leases count by the database's clock,
 * which all share. Should it have been ahead and put right: what was noted meanwhile (`astray`) doesn't wait for that time
 * to come. One statement, so that nothing is leased whose event did not come along. Locks no more than it leases.
 */
export async function claim(queries: Queries, { limit, leaseMs, after }: InputOf<'claim'>): Promise<DispatchRow[]> {
  const leased = await queries.rows<Leased>(SQL, limit, leaseMs, after);
  // Taken apart here, where `\u0000` is no trouble.
  const eventsOf = new Map<number | null, unknown[]>();
  for (const { delivery, events } of leased) if (events !== null) eventsOf.set(delivery, JSON.parse(events));
  return leased.map(({ delivery, part, events: _, ...row }) => {
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
    SELECT first.seq, flows.flow, row_number() OVER (PARTITION BY flows.flow ORDER BY first.due_at, first.seq) AS round
    FROM flows CROSS JOIN LATERAL (
      SELECT p.seq, p.due_at FROM hookyard_dispatches p
      WHERE p.state = 'pending' AND p.flow = flows.flow AND p.due_at <= ${NOW_MS}
      ORDER BY p.due_at, p.seq LIMIT greatest($1::bigint * ${LOOKED_AT.times}, ${LOOKED_AT.least})
    ) first
  ), due AS MATERIALIZED (
    SELECT p.seq, p.due_at, looked.round
    FROM looked JOIN hookyard_dispatches p USING (seq) WHERE p.state = 'pending' AND p.due_at <= ${NOW_MS}
    ORDER BY looked.round, looked.flow <= $3, looked.flow LIMIT $1::bigint FOR UPDATE OF p SKIP LOCKED
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
         CASE WHEN row_number() OVER (PARTITION BY delivery ORDER BY was_due, seq) = 1
              THEN (SELECT d.events FROM hookyard_deliveries d WHERE d.seq = leased.delivery) END AS events
  FROM leased ORDER BY round, flow <= $3, flow, was_due, seq`;
