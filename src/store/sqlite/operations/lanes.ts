import type { LaneClaim } from '../../../lanes/concurrency.js';
import { laneAhead } from '../../../lanes/lane.js';
import type { InputOf, NotBegunRow, OutputOf } from '../../backend.js';
import { lookForDeadlock, type StandingRow, selectStandings } from '../../deadlock-rows.js';
import { toLaneRecords } from '../../lane-records.js';
import {
  CLOCK_MS,
  DUE_AT_ONCE,
  ENTRY_COLUMNS,
  type Entering,
  FARTHEST_HELD_MS,
  INSIDE,
  type KnownEntry,
  LANE_COLUMNS,
  type LaneText,
  LIVE,
  REST_MS,
  toLaneRow,
  WAITING_MS,
} from '../../lane-rows.js';
import type { LaneHolder } from '../../store.js';
import type { Connection } from '../connection.js';
import { changeLanes, lanesOf } from './lane-table.js';

/** Lets runs in that a delivery asks for. With `again`, one that is known already changes nothing. */
export function enterStarts(
  connection: Connection,
  { starts, again }: { starts: readonly (Entering & { lane: LaneClaim })[]; again: boolean },
): void {
  const fresh = starts.filter(({ workflowId }) => {
    const known = connection.rows(
      'SELECT 1 FROM dispatches WHERE id = ? UNION ALL SELECT 1 FROM lane_entries WHERE workflow_id = ?',
      ...[workflowId, workflowId],
    );
    if (known.length > 0 && !again) throw new Error(`The run ${workflowId} is that of another delivery.`);
    return known.length === 0;
  });
  const lanes = [...new Set(fresh.flatMap(({ lane }) => [lane.lane, laneAhead(lane.title)]))];
  changeLanes(connection, { lanes, runs: [] }, (book) => {
    for (const { lane, ...run } of fresh) book.enter(run, lane);
  });
}

/** Lets a run in that Temporal has begun by itself. */
export function enterLane(
  connection: Connection,
  { workflowId, automation, claim, runId, within }: InputOf<'enterLane'>,
): OutputOf<'enterLane'> {
  const lanes = [...new Set([claim.lane, laneAhead(claim.title), ...lanesOf(connection, [workflowId])])];
  return changeLanes(connection, { lanes, runs: [workflowId] }, (book) => {
    book.enter({ ...INSIDE, workflowId, automation, runId, since: Date.now() }, claim, within);
    return book.placeOf(workflowId);
  });
}

/** Takes runs out that have ended, or are not to begin. */
export function leaveLanes(connection: Connection, workflowIds: readonly string[]): boolean {
  const lanes = lanesOf(connection, workflowIds);
  if (lanes.length === 0) return false;
  return changeLanes(connection, { lanes, runs: workflowIds }, (book) => {
    for (const workflowId of workflowIds) book.leave(workflowId);
    return book.hasLetOn;
  });
}

/** Takes a run out that has not begun. */
export function takeOut(connection: Connection, run: InputOf<'takeOut'>): boolean {
  const lanes = lanesOf(connection, [run.workflowId]);
  return changeLanes(connection, { lanes, runs: [run.workflowId] }, (book) => book.takeOut(run));
}

/** Takes a run out that would wait for ever. */
export function breakDeadlock(connection: Connection, look: InputOf<'breakDeadlock'>): OutputOf<'breakDeadlock'> {
  const select = selectStandings({ entries: 'lane_entries', lanes: 'lanes', now: '?' });
  const found = lookForDeadlock(look, connection.rows<StandingRow>(select, Date.now()));
  if ('ask' in found) return found;
  const { workflowId } = look;
  const { because } = found;
  const lanes = lanesOf(connection, [workflowId]);
  const isOut = changeLanes(connection, { lanes, runs: [workflowId] }, (book) => book.giveUp({ workflowId, because }));
  return isOut ? found : { ask: [] };
}

/** Has runs ask for a slot that have waited for more of the same. */
export function letDue(connection: Connection): OutputOf<'letDue'> {
  const now = Date.now();
  const lanesDue = (when: '<=' | '>', at: number) =>
    connection.rows<{ lane: string }>(
      `SELECT DISTINCT lane FROM (SELECT lane FROM lane_entries
         WHERE due_at IS NOT NULL AND state = 'aside' AND due_at ${when} ? ORDER BY due_at LIMIT ${DUE_AT_ONCE})`,
      at,
    );
  const rows = [...lanesDue('<=', now), ...lanesDue('>', now + FARTHEST_HELD_MS)];
  const hasLetOn =
    rows.length > 0 &&
    changeLanes(connection, { lanes: [...new Set(rows.map(({ lane }) => lane))], runs: [] }, (book) => {
      book.due();
      return book.hasLetOn;
    });
  const [next] = connection.rows<{ at: number | null }>(
    `SELECT min(due_at) AS at FROM lane_entries WHERE due_at IS NOT NULL AND state = 'aside'`,
  );
  return { hasLetOn, nextMs: next?.at ? Math.max(0, next.at - now) : undefined };
}

/** Gives up the slot of a run. */
export function stepAside(connection: Connection, workflowId: string): boolean {
  return changeLanes(connection, { lanes: lanesOf(connection, [workflowId]), runs: [workflowId] }, (book) => {
    book.stepAside(workflowId);
    return book.hasLetOn;
  });
}

/** Lets a run go on, or wait, that has given up its slot. */
export function stepBack(connection: Connection, workflowId: string): OutputOf<'stepBack'> {
  return changeLanes(connection, { lanes: lanesOf(connection, [workflowId]), runs: [workflowId] }, (book) => {
    book.stepBack(workflowId);
    return book.placeOf(workflowId);
  });
}

/** Changes what a lane does. */
export function setLaneMode(connection: Connection, change: InputOf<'setLaneMode'>): boolean {
  return changeLanes(connection, { lanes: [change.lane], runs: [] }, (book) => book.setMode(change));
}

/** Puts a run ahead. */
export function moveAhead(connection: Connection, move: InputOf<'moveAhead'>): boolean {
  const lanes = lanesOf(connection, [move.workflowId]);
  return changeLanes(connection, { lanes, runs: [] }, (book) => book.moveAhead(move));
}

/** Changes a limit in all lanes of a group. */
export function setLaneLimit(connection: Connection, change: InputOf<'setLaneLimit'>): boolean {
  const rows = connection.rows<{ lane: string }>(
    `SELECT DISTINCT lane FROM lane_entries
     WHERE automation = ? AND lane_group = ? AND run_limit <> ? AND state IN ${LIVE}`,
    ...[change.automation, change.group, change.limit],
  );
  if (rows.length === 0) return false;
  return changeLanes(connection, { lanes: rows.map(({ lane }) => lane), runs: [] }, (book) => {
    book.setLimit(change);
    return book.hasLetOn;
  });
}

/** What was noted by a clock that was ahead counts as noted long ago. Its `?`: a time, Unix ms, that a right clock does not note yet. */
const NOTED = (column: string) => `CASE WHEN ${column} > ? THEN 0 ELSE ${column} END`;

/** Returns runs that Temporal is to be asked about, those first that were not asked about for the longest time. */
export function holdersToAskAbout(
  connection: Connection,
  { limit, before }: InputOf<'holdersToAskAbout'>,
): LaneHolder[] {
  const now = Date.now();
  const ahead = now + CLOCK_MS;
  return connection.rows<LaneHolder>(
    `UPDATE lane_entries SET asked_at = ? WHERE arrived IN (
       SELECT e.arrived FROM lane_entries e
       WHERE e.state IN ${LIVE} AND (e.delivery IS NULL OR e.turns > 0)
         AND ((${NOTED('e.asked_at')} < ? AND e.state = 'runs'
               AND (e.on_busy = 'reject' OR EXISTS (
                 SELECT 1 FROM lane_entries w WHERE w.lane = e.lane AND w.state IN ${LIVE} AND w.state = 'waits')))
              OR max(${NOTED('e.asked_at')}, ${NOTED('e.changed_at')})
                 < CASE e.state WHEN 'waits' THEN ? ELSE ? END)
         AND NOT EXISTS (SELECT 1 FROM dispatches p WHERE p.id = e.workflow_id AND p.state = 'pending')
       ORDER BY e.asked_at, e.arrived LIMIT ?)
     RETURNING workflow_id AS workflowId, lane`,
    ...[now, ahead, before, ahead, ahead, before - WAITING_MS, before - REST_MS, limit],
  );
}

/** Returns runs that wait to begin, or that nobody has begun to start, in the order of their arrival. */
export function runsNotBegun(
  connection: Connection,
  { limit, after, source, automation, beginning = '' }: InputOf<'runsNotBegun'>,
): OutputOf<'runsNotBegun'> {
  return connection.rows<NotBegunRow>(
    `SELECT e.workflow_id AS workflowId, e.automation, e.arrived, d.events, e.part, e.how
     FROM lane_entries e INDEXED BY lane_entries_live JOIN deliveries d ON d.seq = e.delivery
       LEFT JOIN dispatches p ON p.id = e.workflow_id AND p.state = 'pending' AND p.attempts = 0
     WHERE e.state IN ${LIVE} AND (e.turns = 0 OR p.id IS NOT NULL) AND e.arrived > ?
       AND e.flow = coalesce(?, e.flow) AND e.automation = coalesce(?, e.automation)
       AND substr(e.workflow_id, 1, length(?)) = ?
     ORDER BY e.arrived LIMIT ?`,
    ...[after, source ?? null, automation ?? null, beginning, beginning, limit],
  );
}

const HAS_SOMEBODY = `(l.mode <> 'open' OR EXISTS (SELECT 1 FROM lane_entries e WHERE e.lane = l.lane AND e.state IN ${LIVE}))`;

/** Returns lanes with all that is in them, by title. */
export function listLanes(
  connection: Connection,
  { limit, after, named, ofRun }: InputOf<'listLanes'>,
): OutputOf<'listLanes'> {
  const lanes = connection.rows<LaneText>(
    `SELECT ${LANE_COLUMNS} FROM lanes l
     WHERE ${named === undefined ? HAS_SOMEBODY : '(instr(l.title, ?) > 0 OR l.lane = ?)'}
       ${ofRun === undefined ? '' : `AND l.lane IN (SELECT e.lane FROM lane_entries e WHERE e.workflow_id = ? AND e.state IN ${LIVE})`}
       ${after === undefined ? '' : 'AND (l.title, l.lane) > (SELECT a.title, a.lane FROM lanes a WHERE a.lane = ?)'}
     ORDER BY l.title, l.lane LIMIT ?`,
    ...(named === undefined ? [] : [named, named]),
    ...(ofRun === undefined ? [] : [ofRun]),
    ...(after === undefined ? [] : [after]),
    limit,
  );
  const entries = connection.rows<KnownEntry>(
    `SELECT ${ENTRY_COLUMNS} FROM lane_entries e LEFT JOIN dispatches p ON p.id = e.workflow_id
     WHERE e.lane IN (SELECT value FROM json_each(?)) AND e.state IN ${LIVE}`,
    JSON.stringify(lanes.map(({ lane }) => lane)),
  );
  return toLaneRecords(lanes.map(toLaneRow), entries);
}
