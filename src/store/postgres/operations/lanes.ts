import type { LaneClaim } from '../../../lanes/concurrency.js';
import { laneAhead } from '../../../lanes/lane.js';
import type { InputOf, NotBegunRow, OutputOf } from '../../backend.js';
import { lookForDeadlock, type StandingRow, selectStandings } from '../../deadlock-rows.js';
import { toLaneRecords } from '../../lane-records.js';
import {
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
import type { Queries } from '../database.js';
import { agoMs, NOW_MS, type Value, whole } from '../values.js';
import { changeLanes, lanesOf } from './lane-table.js';
import { lockLanes, lockNames } from './lock.js';

/** Lets runs in that deliveries ask for. With `again`, one that is known already changes nothing. */
export async function enterStarts(
  queries: Queries,
  { starts, again }: { starts: readonly (Entering & { lane: LaneClaim })[]; again: boolean },
): Promise<void> {
  const lanes = [...new Set(starts.flatMap(({ lane }) => [lane.lane, laneAhead(lane.title)]))];
  await lockLanes(queries, lanes);
  const { known, mayEnd } = await readKnown(queries, {
    lanes,
    workflowIds: starts.map(({ workflowId }) => workflowId),
  });
  const taken = starts.find(({ workflowId }) => known.has(workflowId));
  if (taken && !again) throw new Error(`The run ${taken.workflowId} is that of another delivery.`);
  const fresh = starts.filter(({ workflowId }) => !known.has(workflowId));
  if (fresh.length === 0) return;
  const mayWithdraw = mayEnd || fresh.some(({ lane }) => lane.onBusy === 'cancel-running');
  await changeLanes(queries, { lanes, runs: [], entering: fresh.length, mayWithdraw }, (book) => {
    for (const { lane, ...run } of fresh) book.enter(run, lane);
  });
}

/** Returns which runs are known, and whether any of the lanes has one that waits for more of the same and may end others then. */
async function readKnown(
  queries: Queries,
  { lanes, workflowIds }: { readonly lanes: readonly string[]; readonly workflowIds: readonly string[] },
): Promise<{ readonly known: ReadonlySet<string | null>; readonly mayEnd: boolean }> {
  const rows = await queries.rows<{ id: string | null }>(
    `SELECT id FROM hookyard_dispatches WHERE id = ANY($1::text[])
     UNION ALL
     SELECT workflow_id FROM hookyard_lane_entries WHERE workflow_id = ANY($1::text[])
     UNION ALL
     SELECT NULL FROM hookyard_lane_entries
     WHERE lane = ANY($2::text[]) AND state IN ${LIVE} AND due_at IS NOT NULL AND on_busy = 'cancel-running'`,
    ...[workflowIds, lanes],
  );
  const known = new Set(rows.map(({ id }) => id));
  return { known, mayEnd: known.has(null) };
}

/** Lets a run in that Temporal has begun by itself. */
export async function enterLane(
  queries: Queries,
  { workflowId, automation, claim, runId, within }: InputOf<'enterLane'>,
): Promise<OutputOf<'enterLane'>> {
  // The run that it is a part of may take its slot again, and end others for that.
  const mayWithdraw = claim.onBusy === 'cancel-running' || (within?.length ?? 0) > 0;
  const lanes = [...new Set([claim.lane, laneAhead(claim.title), ...(await lanesOf(queries, [workflowId]))])];
  return changeLanes(queries, { lanes, runs: [workflowId], entering: 1, mayWithdraw }, (book) => {
    book.enter({ ...INSIDE, workflowId, automation, runId, since: Date.now() }, claim, within);
    return book.placeOf(workflowId);
  });
}

/** Takes runs out that have ended, or are not to begin. */
export async function leaveLanes(queries: Queries, workflowIds: readonly string[]): Promise<boolean> {
  const lanes = await lanesOf(queries, workflowIds);
  if (lanes.length === 0) return false;
  return changeLanes(queries, { lanes, runs: workflowIds, mayWithdraw: true }, (book) => {
    for (const workflowId of workflowIds) book.leave(workflowId);
    return book.hasLetOn;
  });
}

/** Takes a run out that has not begun. */
export async function takeOut(queries: Queries, run: InputOf<'takeOut'>): Promise<boolean> {
  const lanes = await lanesOf(queries, [run.workflowId]);
  return changeLanes(queries, { lanes, runs: [run.workflowId], mayWithdraw: true }, (book) => book.takeOut(run));
}

/** Takes a run out that would wait for ever. One look at a time: of those that wait for each other it is one that gives up. */
export async function breakDeadlock(
  queries: Queries,
  look: InputOf<'breakDeadlock'>,
): Promise<OutputOf<'breakDeadlock'>> {
  await lockNames(queries, ['deadlocks']);
  const tables = { entries: 'hookyard_lane_entries', lanes: 'hookyard_lanes', now: NOW_MS };
  const found = lookForDeadlock(look, await queries.rows<StandingRow>(selectStandings(tables)));
  if ('ask' in found) return found;
  const { workflowId } = look;
  const { because } = found;
  const lanes = await lanesOf(queries, [workflowId]);
  const isOut = await changeLanes(queries, { lanes, runs: [workflowId], mayWithdraw: true }, (book) =>
    book.giveUp({ workflowId, because }),
  );
  return isOut ? found : { ask: [] };
}

/** Has runs ask for a slot that have waited for more of the same. */
export async function letDue(queries: Queries): Promise<OutputOf<'letDue'>> {
  const laneDue = (when: string) =>
    `(SELECT lane FROM hookyard_lane_entries
      WHERE due_at IS NOT NULL AND state = 'aside' AND due_at ${when} ORDER BY due_at LIMIT ${DUE_AT_ONCE})`;
  const rows = await queries.rows<{ lane: string }>(
    `SELECT DISTINCT lane FROM
       (${laneDue(`<= ${NOW_MS}`)} UNION ALL ${laneDue(`> ${NOW_MS} + ${FARTHEST_HELD_MS}`)}) due`,
  );
  const lanes = rows.map(({ lane }) => lane);
  const hasLetOn =
    lanes.length > 0 &&
    (await changeLanes(queries, { lanes, runs: [], mayWithdraw: true }, (book) => {
      book.due();
      return book.hasLetOn;
    }));
  const [next] = await queries.rows<{ ms: number | null }>(
    `SELECT min(due_at) - ${NOW_MS} AS ms FROM hookyard_lane_entries
     WHERE due_at IS NOT NULL AND state = 'aside'`,
  );
  return { hasLetOn, nextMs: typeof next?.ms === 'number' ? Math.max(0, next.ms) : undefined };
}

/** Gives up the slot of a run. */
export async function stepAside(queries: Queries, workflowId: string): Promise<boolean> {
  const lanes = await lanesOf(queries, [workflowId]);
  return changeLanes(queries, { lanes, runs: [workflowId] }, (book) => {
    book.stepAside(workflowId);
    return book.hasLetOn;
  });
}

/** Lets a run go on, or wait, that has given up its slot. */
export async function stepBack(queries: Queries, workflowId: string): Promise<OutputOf<'stepBack'>> {
  const lanes = await lanesOf(queries, [workflowId]);
  return changeLanes(queries, { lanes, runs: [workflowId], mayWithdraw: true }, (book) => {
    book.stepBack(workflowId);
    return book.placeOf(workflowId);
  });
}

/** Changes what a lane does. */
export function setLaneMode(queries: Queries, change: InputOf<'setLaneMode'>): Promise<boolean> {
  return changeLanes(queries, { lanes: [change.lane], runs: [] }, (book) => book.setMode(change));
}

/** Puts a run ahead. */
export async function moveAhead(queries: Queries, move: InputOf<'moveAhead'>): Promise<boolean> {
  const lanes = await lanesOf(queries, [move.workflowId]);
  return changeLanes(queries, { lanes, runs: [] }, (book) => book.moveAhead(move));
}

/** Changes a limit in all lanes of a group. */
export async function setLaneLimit(queries: Queries, change: InputOf<'setLaneLimit'>): Promise<boolean> {
  const rows = await queries.rows<{ lane: string }>(
    `SELECT DISTINCT lane FROM hookyard_lane_entries
     WHERE automation = $1 AND lane_group = $2 AND run_limit <> $3 AND state IN ${LIVE}`,
    ...[change.automation, change.group, change.limit],
  );
  if (rows.length === 0) return false;
  return changeLanes(queries, { lanes: rows.map(({ lane }) => lane), runs: [] }, (book) => {
    book.setLimit(change);
    return book.hasLetOn;
  });
}

/** Returns runs that Temporal is to be asked about, those first that were not asked about for the longest time. */
export function holdersToAskAbout(
  queries: Queries,
  { limit, before }: InputOf<'holdersToAskAbout'>,
): Promise<LaneHolder[]> {
  const ago = agoMs(before);
  return queries.rows<LaneHolder>(
    `UPDATE hookyard_lane_entries SET asked_at = ${NOW_MS} WHERE arrived IN (
       SELECT e.arrived FROM hookyard_lane_entries e
       WHERE e.state IN ${LIVE} AND (e.delivery IS NULL OR e.turns > 0)
         AND ((e.asked_at < ${NOW_MS} - $1::bigint AND e.state = 'runs'
               AND (e.on_busy = 'reject' OR EXISTS (
                 SELECT 1 FROM hookyard_lane_entries w
                 WHERE w.lane = e.lane AND w.state IN ${LIVE} AND w.state = 'waits')))
              OR greatest(e.asked_at, e.changed_at)
                 < ${NOW_MS} - CASE e.state WHEN 'waits' THEN $4::bigint ELSE $2::bigint END)
         AND NOT EXISTS (SELECT 1 FROM hookyard_dispatches p WHERE p.id = e.workflow_id AND p.state = 'pending')
       ORDER BY e.asked_at, e.arrived LIMIT $3 FOR UPDATE OF e SKIP LOCKED)
     RETURNING workflow_id AS "workflowId", lane`,
    ...[ago, ago + REST_MS, limit, ago + WAITING_MS],
  );
}

/** Returns runs that wait to begin, or that nobody has begun to start, in the order of their arrival. */
export function runsNotBegun(
  queries: Queries,
  { limit, after, source, automation, beginning = '' }: InputOf<'runsNotBegun'>,
): Promise<OutputOf<'runsNotBegun'>> {
  return queries.rows<NotBegunRow>(
    `SELECT e.workflow_id AS "workflowId", e.automation, e.arrived, d.events, e.part, e.how
     FROM hookyard_lane_entries e JOIN hookyard_deliveries d ON d.seq = e.delivery
       LEFT JOIN hookyard_dispatches p ON p.id = e.workflow_id AND p.state = 'pending' AND p.attempts = 0
     WHERE e.state IN ${LIVE} AND (e.turns = 0 OR p.id IS NOT NULL) AND e.arrived > $1::bigint
       AND e.flow = coalesce($2::text, e.flow) AND e.automation = coalesce($3::text, e.automation)
       AND starts_with(e.workflow_id, $4::text)
     ORDER BY e.arrived LIMIT $5`,
    ...[whole(after), source ?? null, automation ?? null, beginning, limit],
  );
}

const HAS_SOMEBODY = `(l.mode <> 'open'
  OR EXISTS (SELECT 1 FROM hookyard_lane_entries e WHERE e.lane = l.lane AND e.state IN ${LIVE}))`;

/** Returns lanes with all that is in them, by title. */
export async function listLanes(
  queries: Queries,
  { limit, after, named, ofRun }: InputOf<'listLanes'>,
): Promise<OutputOf<'listLanes'>> {
  const given = [named, ofRun, after].filter((one) => one !== undefined);
  const values: Value[] = [limit, ...given];
  const place = (one: string) => `$${given.indexOf(one) + 2}`;
  const lanes = await queries.rows<LaneText>(
    `SELECT ${LANE_COLUMNS} FROM hookyard_lanes l
     WHERE ${named === undefined ? HAS_SOMEBODY : `(position(${place(named)} IN l.title) > 0 OR l.lane = ${place(named)})`}
       ${
         ofRun === undefined
           ? ''
           : `AND l.lane IN (SELECT e.lane FROM hookyard_lane_entries e WHERE e.workflow_id = ${place(ofRun)} AND e.state IN ${LIVE})`
       }
       ${
         after === undefined
           ? ''
           : `AND (l.title, l.lane) > (SELECT a.title, a.lane FROM hookyard_lanes a WHERE a.lane = ${place(after)})`
       }
     ORDER BY l.title, l.lane LIMIT $1`,
    ...values,
  );
  const entries = await queries.rows<KnownEntry>(
    `SELECT ${ENTRY_COLUMNS} FROM hookyard_lane_entries e LEFT JOIN hookyard_dispatches p ON p.id = e.workflow_id
     WHERE e.lane = ANY($1::text[]) AND e.state IN ${LIVE}`,
    lanes.map(({ lane }) => lane),
  );
  return toLaneRecords(lanes.map(toLaneRow), entries);
}
