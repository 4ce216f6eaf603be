import { type LaneBook, openLaneBook } from '../../lane-book.js';
import {
  ENTRY_COLUMNS,
  type EntryRow,
  type KnownEntry,
  LANE_COLUMNS,
  type LaneChanges,
  type LaneSignal,
  type LaneStart,
  type LaneText,
  LIVE,
  toLaneRow,
} from '../../lane-rows.js';
import type { Connection } from '../connection.js';

/** Reads lanes, and what is known of some runs, lets `work` change them, and writes what has become of them. */
export function changeLanes<T>(
  connection: Connection,
  { lanes, runs }: { lanes: readonly string[]; runs: readonly string[] },
  work: (book: LaneBook) => T,
): T {
  const now = Date.now();
  const book = openLaneBook({
    lanes: connection
      .rows<LaneText>(
        `SELECT ${LANE_COLUMNS} FROM lanes l WHERE l.lane IN (SELECT value FROM json_each(?))`,
        JSON.stringify(lanes),
      )
      .map(toLaneRow),
    entries: entriesOf(connection, lanes, runs),
    now,
    nextArrived: numbersOf(connection),
  });
  const answer = work(book);
  write(connection, book.changes(), now);
  return answer;
}

/** Returns the lanes that runs are in. */
export function lanesOf(connection: Connection, workflowIds: readonly string[]): string[] {
  const rows = connection.rows<{ lane: string }>(
    `SELECT DISTINCT e.lane FROM lane_entries e
     WHERE e.workflow_id IN (SELECT value FROM json_each(?)) AND e.state IN ${LIVE}`,
    JSON.stringify(workflowIds),
  );
  return rows.map(({ lane }) => lane);
}

function entriesOf(connection: Connection, lanes: readonly string[], runs: readonly string[]): KnownEntry[] {
  const where = (condition: string, values: readonly string[]) =>
    values.length === 0
      ? []
      : connection.rows<KnownEntry>(
          `SELECT ${ENTRY_COLUMNS} FROM lane_entries e LEFT JOIN dispatches p ON p.id = e.workflow_id WHERE ${condition}`,
          JSON.stringify(values),
        );
  return [
    ...where('e.workflow_id IN (SELECT value FROM json_each(?))', runs),
    ...where(`e.lane IN (SELECT value FROM json_each(?)) AND e.state IN ${LIVE}`, lanes),
  ];
}

/** Counts on from the last number that was ever given, also to an entry that is gone. */
function numbersOf(connection: Connection): () => number {
  let last: number | undefined;
  return () => {
    last ??=
      connection.rows<{ seq: number }>(`SELECT seq FROM sqlite_sequence WHERE name = 'lane_entries'`)[0]?.seq ?? 0;
    last += 1;
    return last;
  };
}

function write(connection: Connection, changes: LaneChanges, now: number): void {
  for (const { lane, title, mode, by, reason, changedAt, newest } of changes.lanes)
    connection.run(
      `INSERT INTO lanes (lane, title, mode, changed_by, reason, changed_at, newest, used_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (lane) DO UPDATE SET
         title = excluded.title, mode = excluded.mode, changed_by = excluded.changed_by, reason = excluded.reason,
         changed_at = excluded.changed_at, newest = excluded.newest, used_at = excluded.used_at`,
      ...[lane, title, mode, by, reason, changedAt, JSON.stringify(newest), now],
    );
  for (const workflowId of changes.gone) connection.run('DELETE FROM lane_entries WHERE workflow_id = ?', workflowId);
  for (const workflowId of changes.withdrawn)
    connection.run(`DELETE FROM dispatches WHERE id = ? AND state = 'pending' AND attempts = 0`, workflowId);
  for (const entry of changes.entries) writeEntry(connection, entry);
  for (const start of changes.starts) addStart(connection, start);
  for (const signal of changes.signals) addSignal(connection, signal, now);
}

function writeEntry(connection: Connection, entry: EntryRow): void {
  connection.run(
    `INSERT INTO lane_entries
       (arrived, lane, workflow_id, automation, kind, state, place, priority, run_limit, lane_group, on_busy,
        skip_outdated, superseded_by, because, delivery, part, how, flow, since, changed_at, moved_by, move_reason, turns,
        asks, happened, run_id, told, due_at, held, part_of, around, rests)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (workflow_id) DO UPDATE SET
       state = excluded.state, place = excluded.place, priority = excluded.priority, run_limit = excluded.run_limit,
       superseded_by = excluded.superseded_by, because = excluded.because, changed_at = excluded.changed_at,
       moved_by = excluded.moved_by, move_reason = excluded.move_reason, turns = excluded.turns, asks = excluded.asks,
       told = excluded.told, due_at = excluded.due_at, held = excluded.held, how = excluded.how, rests = excluded.rests`,
    ...[entry.arrived, entry.lane, entry.workflowId, entry.automation, entry.kind, entry.state, entry.place],
    ...[entry.priority, entry.limit, entry.group, entry.onBusy, entry.skipOutdated, entry.supersededBy, entry.because],
    ...[entry.delivery, entry.part, entry.how, entry.flow, entry.since, entry.changedAt],
    ...[entry.movedBy, entry.moveReason, entry.turns, entry.asks, entry.happened, entry.runId],
    ...[entry.told, entry.dueAt, entry.held, entry.partOf, entry.around, entry.rests],
  );
}

function addStart(connection: Connection, start: LaneStart): void {
  connection.run(
    `INSERT INTO dispatches (id, kind, flow, delivery, workflow_id, name, part, how, due_at, since, entered)
     VALUES (?, 'start', ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    ...[start.workflowId, start.flow, start.delivery, start.workflowId, start.automation, start.part, start.how],
    ...[start.dueAt, start.since, start.entered],
  );
}

/** Keeps a signal for a run; one of the same id changes nothing. */
export function addSignal(connection: Connection, { id, workflowId, name, payload }: LaneSignal, now: number): void {
  connection.run(
    `INSERT INTO dispatches (id, kind, workflow_id, name, payload, due_at, since)
     VALUES (?, 'signal', ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    ...[id, workflowId, name, payload, now, now],
  );
}
