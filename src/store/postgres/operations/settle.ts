import { LIVE } from '../../lane-rows.js';
import { OUTDATED_COLUMNS, type OutdatedEntry, outdatedSignal } from '../../outdated-signal.js';
import type { Settlement } from '../../store.js';
import type { Queries } from '../database.js';
import { NOW_MS, whole } from '../values.js';
import { addSignals, lanesOf } from './lane-table.js';
import { leaveLanes } from './lanes.js';
import { lockLanes } from './lock.js';

/**
 * A server whose clock is ahead must not put off for long what the others could do: pauses are half a minute at most.
 */
const FARTHEST_DUE_MS = 60_000;

/**
 * Notes what has become of dispatches. A holder that was slower than its lease may report late. That it succeeded is true
 * whatever a later holder said; that it failed matters only while nothing better is known. To be called in a transaction of its own.
 */
export async function settle(queries: Queries, settlements: readonly Settlement[]): Promise<void> {
  const failed = settlements.flatMap(({ id, outcome }) => (outcome === 'failed' ? id : []));
  if (failed.length > 0) await lockLanes(queries, await lanesOf(queries, failed));
  for (const round of rounds(settlements)) {
    const settled = await queries.rows<Settled>(
      `UPDATE hookyard_dispatches p SET
         state = CASE s.outcome WHEN 'retry' THEN p.state ELSE s.outcome END,
         due_at = CASE s.outcome WHEN 'retry' THEN least(s.due_at, ${NOW_MS} + ${FARTHEST_DUE_MS}) ELSE p.due_at END,
         run_id = CASE s.outcome WHEN 'done' THEN s.run_id ELSE p.run_id END,
         error = CASE s.outcome WHEN 'done' THEN p.error ELSE s.error END
       FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[])
              AS s (id, outcome, due_at, run_id, error)
       WHERE p.id = s.id AND CASE s.outcome WHEN 'done' THEN p.state <> 'done' ELSE p.state = 'pending' END
       RETURNING p.id, s.outcome, p.entered`,
      round.map(({ id }) => id),
      round.map(({ outcome }) => outcome),
      round.map((one) => (one.outcome === 'retry' ? whole(one.dueAt) : null)),
      round.map((one) => (one.outcome === 'done' ? one.runId : null)),
      round.map((one) => (one.outcome === 'done' ? null : one.error)),
    );
    const inLanes = (outcome: string) =>
      settled.flatMap((row) => (row.outcome === outcome && row.entered !== null ? row.id : []));
    if (inLanes('done').length > 0) await tellOutdated(queries, inLanes('done'));
    if (inLanes('failed').length > 0) await leaveLanes(queries, inLanes('failed'));
  }
}

interface Settled {
  readonly id: string;
  readonly outcome: Settlement['outcome'];
  readonly entered: number | null;
}

/**
 * Tells runs that have been told to end while they were not known to be in Temporal. Whoever tells a run holds its start, so that
 * either he sees that it is done, or this sees whom he has told.
 */
async function tellOutdated(queries: Queries, workflowIds: readonly string[]): Promise<void> {
  const outdated = await queries.rows<OutdatedEntry>(
    `SELECT ${OUTDATED_COLUMNS} FROM hookyard_lane_entries e
     WHERE e.workflow_id = ANY($1::text[]) AND e.superseded_by IS NOT NULL AND e.state IN ${LIVE}`,
    workflowIds,
  );
  if (outdated.length > 0) await addSignals(queries, outdated.map(outdatedSignal));
}

/**
 * A statement changes a row once; what is said of one dispatch twice comes one after the other. Sorted, as locks are.
 */
function rounds(settlements: readonly Settlement[]): Settlement[][] {
  const rounds: Map<string, Settlement>[] = [];
  for (const settlement of settlements) {
    const round = rounds.find((each) => !each.has(settlement.id)) ?? new Map<string, Settlement>();
    if (round.size === 0) rounds.push(round);
    round.set(settlement.id, settlement);
  }
  return rounds.map((round) => [...round.values()].sort((a, b) => (a.id < b.id ? -1 : 1)));
}
