import { awaitingIf, type Standing, whyDeadlocked } from '../lanes/deadlock.js';
import type { DeadlockLook } from './contract/lanes.js';
import { type EntryRow, LIVE } from './lane-rows.js';

/** A run in a lane in which another waits that has a parent. */
export interface StandingRow extends Pick<EntryRow, 'workflowId' | 'lane' | 'partOf' | 'around' | 'supersededBy'> {
  readonly state: Standing['state'];
  readonly title: string;
  /** How long it has been in its state, in milliseconds, by the clock that noted when it came to it. */
  readonly stoodMs: number;
}

/** With more than that it is not looked whether somebody waits for ever. */
const MAX_STANDINGS = 10_000;

/**
 * Returns what reads {@link StandingRow}s, in SQL, from tables of these names. An operator may let on who waits in a paused lane. `now`:
 * the time, Unix ms.
 */
export function selectStandings({ entries, lanes, now }: Record<'entries' | 'lanes' | 'now', string>): string {
  return `
    SELECT e.workflow_id AS "workflowId", e.lane, l.title, e.state, e.part_of AS "partOf", e.around,
           e.superseded_by AS "supersededBy", ${now} - e.changed_at AS "stoodMs"
    FROM ${entries} e JOIN ${lanes} l ON l.lane = e.lane
    WHERE e.state IN ${LIVE} AND (e.state = 'runs' OR e.around IS NOT NULL) AND l.mode <> 'paused'
      AND e.lane IN (SELECT w.lane FROM ${entries} w WHERE w.around IS NOT NULL AND w.state = 'waits')
    LIMIT ${MAX_STANDINGS + 1}`;
}

/** Returns why a run would wait for ever, as {@link whyDeadlocked} does, or which runs have to be asked for that. */
export function lookForDeadlock(
  { workflowId, standsMs, awaiting }: DeadlockLook,
  rows: readonly StandingRow[],
): { readonly because: string } | { readonly ask: readonly string[] } {
  // Without all of them nobody can say who may go on.
  if (rows.length > MAX_STANDINGS) return { ask: [] };
  const all = rows.map((row) => toStanding(row, { standsMs, awaiting }));
  if (awaiting === undefined) return { ask: awaitingIf(workflowId, all) };
  const because = whyDeadlocked(workflowId, all);
  return because === undefined ? { ask: [] } : { because };
}

function toStanding(
  { partOf, around, supersededBy, stoodMs, ...row }: StandingRow,
  { standsMs, awaiting }: Omit<DeadlockLook, 'workflowId'>,
): Standing {
  const known: readonly string[] = around === null || stoodMs < standsMs ? [] : JSON.parse(around);
  const other = awaiting === undefined ? -1 : known.findIndex((run) => !awaiting.includes(run));
  const within = other === -1 ? known : known.slice(0, other);
  return { ...row, within, isPart: partOf !== null, ends: row.state === 'runs' && supersededBy !== null };
}
