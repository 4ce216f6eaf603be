import type { DispatchRow, InputOf } from '../../backend.js';
import { inTurn, takeTurns } from '../../turns.js';
import type { Connection } from '../connection.js';

/** A flow in which something is pending. */
interface Flow {
  readonly flow: string;
  /** When the first and the last of it are due, in Unix ms. */
  readonly first: number;
  readonly last: number;
}

/** Leases and pauses between attempts are half a minute: nothing is due later than this on purpose. */
const FARTHEST_DUE_MS = 15 * 60_000;

/** Nobody else can claim between the statements: the transaction has held the write lock since its beginning. */
export function claim(connection: Connection, { limit, leaseMs, after }: InputOf<'claim'>): DispatchRow[] {
  const now = Date.now();
  const farthest = now + Math.max(leaseMs, FARTHEST_DUE_MS);
  const flows = flowsOf(connection);
  // The clock was ahead, and has been put right: what was noted meanwhile must not wait for that time to come.
  const astray = flows.filter(({ last }) => last > farthest);
  for (const { flow } of astray) {
    const sql = `UPDATE dispatches SET due_at = ? WHERE state = 'pending' AND flow = ? AND due_at > ?`;
    connection.run(sql, now, flow, farthest);
  }
  const due = flows.filter((each) => each.first <= now || astray.includes(each));
  // Each gives one at least, so that no more flows are needed than dispatches.
  const queues = inTurn(due, after).slice(0, limit).map(({ flow }) => oldestOf(connection, { flow, now, limit }));
  const seqs = takeTurns(queues, limit);
  return seqs.length > 0 ? lease(connection, seqs, now + leaseMs) : [];
}

/** Unix ms; a leased one is due when its lease ends. */
export function nextDue(connection: Connection): number | undefined {
  const flows = flowsOf(connection);
  return flows.length > 0 ? Math.min(...flows.map(({ first }) => first)) : undefined;
}

/** Returns the flows in which something is pending, by name: some steps in an index for each, however much waits. */
function flowsOf(connection: Connection): Flow[] {
  return connection.rows<Flow>(
    `WITH RECURSIVE flows (flow) AS (
       SELECT min(flow) FROM dispatches WHERE state = 'pending'
       UNION ALL
       SELECT (SELECT min(p.flow) FROM dispatches p WHERE p.state = 'pending' AND p.flow > flows.flow)
       FROM flows WHERE flows.flow IS NOT NULL
     )
     SELECT flow,
            (SELECT min(p.due_at) FROM dispatches p WHERE p.state = 'pending' AND p.flow = flows.flow) AS first,
            (SELECT max(p.due_at) FROM dispatches p WHERE p.state = 'pending' AND p.flow = flows.flow) AS last
     FROM flows WHERE flow IS NOT NULL`,
  );
}

function oldestOf(connection: Connection, { flow, now, limit }: { flow: string; now: number; limit: number }): number[] {
  const rows = connection.rows<{ seq: number }>(
    `SELECT seq FROM dispatches WHERE state = 'pending' AND flow = ? AND due_at <= ? ORDER BY due_at, seq LIMIT ?`,
    flow,
    now,
    limit,
  );
  return rows.map(({ seq }) => seq);
}

/** Returns the leased dispatches in the order of their running numbers here. */
function lease(connection: Connection, seqs: readonly number[], until: number): DispatchRow[] {
  const leased = connection.rows<DispatchRow & { seq: number }>(
    `UPDATE dispatches SET attempts = attempts + 1, due_at = ? WHERE seq IN (SELECT value FROM json_each(?))
     RETURNING seq, flow, id, kind, workflow_id AS workflowId, name, payload, how, since, attempts AS attempt,
       (SELECT json_extract(d.events, '$[' || part || ']') FROM deliveries d WHERE d.seq = delivery) AS event`,
    until,
    JSON.stringify(seqs),
  );
  const bySeq = new Map(leased.map(({ seq, ...row }) => [seq, row]));
  return seqs.flatMap((seq) => bySeq.get(seq) ?? []);
}
