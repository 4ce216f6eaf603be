import type { Manifest } from './manifest.js';
import type { Snapshot } from './snapshot.js';

/*
 * Temporal's database and the store are two files, and no moment is the same for both. What is handed over just then would
 * be lost, or be done twice where Temporal has forgotten the run by the time of the restore: so it is looked up.
 */

/** What of the manifest tells of dispatches that were handed over between the two copies. */
export type Between = Pick<Manifest, 'handedOver' | 'begun'>;

/** The dispatches that were not known to be in Temporal: those of these numbers, and all that came later. */
export interface Waiting {
  readonly pending: readonly number[];
  readonly after: number;
}

/** Returns what waits in the store before Temporal's database is looked at. */
export function waitingIn(store: Snapshot): Waiting {
  const [last] = store.rows<{ seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM dispatches');
  const pending = store.rows<{ seq: number }>(`SELECT seq FROM dispatches WHERE state = 'pending'`);
  return { after: last?.seq ?? 0, pending: pending.map(({ seq }) => seq) };
}

interface Row {
  readonly seq: number;
  readonly kind: 'start' | 'signal';
  readonly workflowId: string;
}

/**
 * Returns the dispatches of which the two copies say different things. `before`: what waited before either was made;
 * `runs`: Temporal's database, which is older than `store`.
 */
export function handedOverBetween({
  before,
  runs,
  store,
}: {
  before: Waiting;
  runs: Snapshot;
  store: Snapshot;
}): Between {
  const select = 'SELECT seq, kind, workflow_id AS "workflowId" FROM dispatches';
  const done = store.rows<Row>(
    `${select} WHERE state = 'done' AND (seq > ? OR seq IN (SELECT value FROM json_each(?))) ORDER BY seq`,
    ...[before.after, JSON.stringify(before.pending)],
  );
  const pending = store.rows<Row>(`${select} WHERE state = 'pending' AND kind = 'start' ORDER BY seq`);
  const known = workflowsIn(
    runs,
    [...done, ...pending].map(({ workflowId }) => workflowId),
  );
  const seqs = (rows: readonly Row[]) => rows.map(({ seq }) => seq);
  return {
    // Of a signal nobody can tell whether it was received: to be signalled twice changes nothing.
    handedOver: seqs(done.filter(({ kind, workflowId }) => kind === 'signal' || !known.has(workflowId))),
    begun: seqs(pending.filter(({ workflowId }) => known.has(workflowId))),
  };
}

/**
 * Returns those of the workflow ids that Temporal knows, by the table in which it looks a start up. If a later Temporal has
 * no such table, none: its own refusal of a second start decides then.
 */
function workflowsIn(runs: Snapshot, ids: readonly string[]): ReadonlySet<string> {
  if (runs.rows(`SELECT 1 FROM sqlite_schema WHERE name = 'current_executions'`).length === 0) return new Set();
  const found = runs.rows<{ id: string }>(
    'SELECT workflow_id AS id FROM current_executions WHERE workflow_id IN (SELECT value FROM json_each(?))',
    JSON.stringify(ids),
  );
  return new Set(found.map(({ id }) => id));
}
