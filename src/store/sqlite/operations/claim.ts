import type { DispatchRow, InputOf } from '../../backend.js';
import { inTurn, takeTurns } from '../../turns.js';
import type { Bindable, Connection } from '../connection.js';

/** A flow in which something is pending. */
interface Flow {
  readonly flow: string;
  /** When the first and the last of it are due, in Unix ms. */
  readonly first: number;
  readonly last: number;
}

/** Leases and pauses between attempts are half a minute: nothing is due later than this on purpose. */
const FARTHEST_DUE_MS = 15 * 60_000;

/** Leases what is due. Nobody else can claim between the statements: the transaction has held the write lock since its beginning. */
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
  const rows = takeDue(connection, { flows: inTurn(due, after), now, limit });
  if (rows.length > 0) {
    connection.run(
      `UPDATE dispatches SET attempts = attempts + 1, due_at = ?
       WHERE seq IN (SELECT value FROM json_each(?))`,
      now + leaseMs,
      JSON.stringify(rows.map(({ seq }) => seq)),
    );
  }
  return rows.map(({ seq, ...row }) => row);
}

/** Ends all leases: what was asked for first is due first, as if nobody had leased it. */
export function endLeases(connection: Connection): void {
  const now = Date.now();
  for (const { flow } of flowsOf(connection).filter(({ last }) => last > now)) {
    const sql = `UPDATE dispatches SET due_at = min(since, ?) WHERE state = 'pending' AND flow = ? AND due_at > ?`;
    connection.run(sql, now, flow, now);
  }
}

/** Returns when the next dispatch is due, Unix ms: a leased one when its lease ends. */
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

interface Due {
  /** Something is due in each; in the order of their turns. */
  readonly flows: readonly Flow[];
  readonly now: number;
  readonly limit: number;
}

/** Returns what is due, in the order of turns. Where one flow alone waits, as is usual, one statement is enough. */
function takeDue(connection: Connection, { flows, now, limit }: Due): LeasedRow[] {
  const [first, ...others] = flows.slice(0, limit);
  if (!first) return [];
  const oldest = `p.state = 'pending' AND p.flow = ? AND p.due_at <= ? ORDER BY p.due_at, p.seq LIMIT ?`;
  if (others.length === 0) return rowsWhere(connection, oldest, first.flow, now, limit);
  // Each of the others gives one at least.
  const most = limit - others.length;
  const queues = [first, ...others].map(({ flow }) =>
    connection.rows<{ seq: number }>(`SELECT p.seq FROM dispatches p WHERE ${oldest}`, flow, now, most),
  );
  const seqs = takeTurns(queues, limit).map(({ seq }) => seq);
  const found = rowsWhere(connection, 'p.seq IN (SELECT value FROM json_each(?))', JSON.stringify(seqs));
  const bySeq = new Map(found.map((row) => [row.seq, row]));
  return seqs.flatMap((seq) => bySeq.get(seq) ?? []);
}

type LeasedRow = DispatchRow & { readonly seq: number };

/** Returns dispatches as they are once they have been leased. */
function rowsWhere(connection: Connection, condition: string, ...values: Bindable[]): LeasedRow[] {
  return connection.rows<LeasedRow>(
    `SELECT p.seq, p.flow, p.id, p.kind, p.workflow_id AS workflowId, p.name, p.payload, p.how, p.since,
            json_extract(d.events, '$[' || p.part || ']') AS event, p.attempts + 1 AS attempt
     FROM dispatches p LEFT JOIN deliveries d ON d.seq = p.delivery WHERE ${condition}`,
    ...values,
  );
}
