import { type Standing, whyDeadlocked } from '../lanes/deadlock.js';
import { type EntryRow, LIVE } from './lane-rows.js';

/** A run in a lane in which another waits that has a parent. */
export interface StandingRow extends Pick<EntryRow, 'workflowId' | 'lane' | 'partOf' | 'around' | 'supersededBy'> {
  readonly state: Standing['state'];
  readonly title: string;
}

/** With more than that it is not looked whether somebody waits for ever. */
const MAX_STANDINGS = 10_000;

/** Returns what reads {@link StandingRow}s, in SQL, from tables of these names. An operator may let on who waits in a paused lane. */
export function selectStandings({ entries, lanes }: { readonly entries: string; readonly lanes: string }): string {
  return `
    SELECT e.workflow_id AS "workflowId", e.lane, l.title, e.state, e.part_of AS "partOf", e.around,
           e.superseded_by AS "supersededBy"
    FROM ${entries} e JOIN ${lanes} l ON l.lane = e.lane
    WHERE e.state IN ${LIVE} AND (e.state = 'runs' OR e.around IS NOT NULL) AND l.mode <> 'paused'
      AND e.lane IN (SELECT w.lane FROM ${entries} w WHERE w.around IS NOT NULL AND w.state = 'waits')
    LIMIT ${MAX_STANDINGS + 1}`;
}

/** Returns why a run would wait for ever, as {@link whyDeadlocked} does. */
export function whyStuckForEver(workflowId: string, rows: readonly StandingRow[]): string | undefined {
  // Without all of them nobody can say who may go on.
  if (rows.length > MAX_STANDINGS) return undefined;
  return whyDeadlocked(workflowId, rows.map(toStanding));
}

function toStanding({ partOf, around, supersededBy, ...row }: StandingRow): Standing {
  const within = around === null ? [] : (JSON.parse(around) as string[]);
  return { ...row, within, isPart: partOf !== null, ends: row.state === 'runs' && supersededBy !== null };
}
