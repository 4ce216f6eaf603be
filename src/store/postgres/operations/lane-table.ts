import { type LaneBook, openLaneBook } from '../../lane-book.js';
import {
  ENTRY_COLUMNS,
  type EntryRow,
  type KnownEntry,
  type LaneChanges,
  type LaneRow,
  type LaneSignal,
  type LaneStart,
  type LaneText,
  LIVE,
  toLaneRow,
} from '../../lane-rows.js';
import type { Queries } from '../database.js';
import { NOW_MS } from '../values.js';
import { lockLanes } from './lock.js';

/** Which lanes are to be changed. */
export interface WantedLanes {
  readonly lanes: readonly string[];
  /** Workflow ids of runs that are looked at, also where they are in no lane any more. */
  readonly runs: readonly string[];
  /** How many runs may enter. */
  readonly entering?: number;
  /** Whether a start may be taken back that nobody has claimed: nobody must claim it meanwhile. */
  readonly mayWithdraw?: boolean;
}

/**
 * Locks lanes and reads them, lets `work` change them, and writes what has become of them. To be called in a transaction, whose
 * end unlocks them.
 */
export async function changeLanes<T>(
  queries: Queries,
  { lanes, runs, entering = 0, mayWithdraw = false }: WantedLanes,
  work: (book: LaneBook) => T,
): Promise<T> {
  await lockLanes(queries, lanes);
  if (mayWithdraw) await holdStarts(queries, lanes);
  const { numbers, now, rows } = await readLanes(queries, lanes, entering);
  const book = openLaneBook({
    lanes: rows,
    entries: await readEntries(queries, lanes, runs),
    now,
    nextArrived() {
      const next = numbers.shift();
      if (next === undefined) throw new Error('More runs enter lanes than were announced.');
      return next;
    },
  });
  const answer = work(book);
  await write(queries, book.changes(), now);
  return answer;
}

/** Returns the lanes that runs are in. */
export async function lanesOf(queries: Queries, workflowIds: readonly string[]): Promise<string[]> {
  const rows = await queries.rows<{ lane: string }>(
    `SELECT DISTINCT lane FROM hookyard_lane_entries WHERE workflow_id = ANY($1::text[]) AND state IN ${LIVE}`,
    workflowIds,
  );
  return rows.map(({ lane }) => lane);
}

/** Waits until nobody is claiming or settling what starts the runs of the lanes, and keeps it so. */
async function holdStarts(queries: Queries, lanes: readonly string[]): Promise<void> {
  await queries.rows(
    `SELECT 1 FROM hookyard_lane_entries e JOIN hookyard_dispatches p ON p.id = e.workflow_id
     WHERE e.lane = ANY($1::text[]) AND e.state IN ${LIVE} AND e.state <> 'waits' AND p.state = 'pending'
     ORDER BY p.id FOR UPDATE OF p`,
    lanes,
  );
}

interface ReadLanes {
  /** Numbers of those that enter. */
  readonly numbers: number[];
  readonly now: number;
  readonly rows: readonly LaneRow[];
}

/** A statement of its own: only one that begins after the locks were had sees what their last holders wrote. */
async function readLanes(queries: Queries, lanes: readonly string[], entering: number): Promise<ReadLanes> {
  const [read] = await queries.rows<{ now: number; numbers: number[]; lanes: LaneText[] }>(
    `SELECT ${NOW_MS} AS now,
            (SELECT coalesce(json_agg(nextval(pg_get_serial_sequence('hookyard_lane_entries', 'arrived'))), '[]')
             FROM generate_series(1, $2::integer)) AS numbers,
            (SELECT coalesce(json_agg(json_build_object(
                      'lane', l.lane, 'title', l.title, 'mode', l.mode, 'by', l.changed_by, 'reason', l.reason,
                      'changedAt', l.changed_at, 'newest', l.newest)), '[]')
             FROM hookyard_lanes l WHERE l.lane = ANY($1::text[])) AS lanes`,
    lanes,
    entering,
  );
  if (!read) throw new Error('The database did not say what time it is.');
  return { now: read.now, numbers: read.numbers.sort((a, b) => a - b), rows: read.lanes.map(toLaneRow) };
}

function readEntries(queries: Queries, lanes: readonly string[], runs: readonly string[]): Promise<KnownEntry[]> {
  return queries.rows<KnownEntry>(
    `SELECT ${ENTRY_COLUMNS}
     FROM (SELECT * FROM hookyard_lane_entries WHERE lane = ANY($1::text[]) AND state IN ${LIVE}
           UNION
           SELECT * FROM hookyard_lane_entries WHERE workflow_id = ANY($2::text[])) e
     LEFT JOIN hookyard_dispatches p ON p.id = e.workflow_id`,
    lanes,
    runs,
  );
}

/** One statement for each kind of change that there is. */
async function write(queries: Queries, changes: LaneChanges, now: number): Promise<void> {
  if (changes.lanes.length > 0) await writeLanes(queries, changes.lanes, now);
  if (changes.gone.length > 0)
    await queries.rows('DELETE FROM hookyard_lane_entries WHERE workflow_id = ANY($1::text[])', changes.gone);
  if (changes.withdrawn.length > 0)
    await queries.rows(
      `DELETE FROM hookyard_dispatches WHERE id = ANY($1::text[]) AND state = 'pending' AND attempts = 0`,
      changes.withdrawn,
    );
  if (changes.entries.length > 0) await writeEntries(queries, changes.entries);
  if (changes.starts.length > 0) await addStarts(queries, changes.starts);
  if (changes.signals.length > 0) await addSignals(queries, changes.signals);
}

async function writeLanes(queries: Queries, lanes: readonly LaneRow[], now: number): Promise<void> {
  await queries.rows(
    `INSERT INTO hookyard_lanes (lane, title, mode, changed_by, reason, changed_at, newest, used_at)
     SELECT g.lane, g.title, g.mode, g.changed_by, g.reason, g.changed_at, g.newest, $8::bigint
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[])
            AS g (lane, title, mode, changed_by, reason, changed_at, newest)
     ON CONFLICT (lane) DO UPDATE SET
       title = excluded.title, mode = excluded.mode, changed_by = excluded.changed_by, reason = excluded.reason,
       changed_at = excluded.changed_at, newest = excluded.newest, used_at = excluded.used_at`,
    lanes.map(({ lane }) => lane),
    lanes.map(({ title }) => title),
    lanes.map(({ mode }) => mode),
    lanes.map(({ by }) => by),
    lanes.map(({ reason }) => reason),
    lanes.map(({ changedAt }) => changedAt),
    lanes.map(({ newest }) => JSON.stringify(newest)),
    now,
  );
}

/** By column: how it is written, and what of an entry is. */
const COLUMNS: readonly (readonly [column: string, type: string, of: (entry: EntryRow) => string | number | null])[] = [
  ['arrived', 'bigint', ({ arrived }) => arrived],
  ['lane', 'text', ({ lane }) => lane],
  ['workflow_id', 'text', ({ workflowId }) => workflowId],
  ['automation', 'text', ({ automation }) => automation],
  ['kind', 'text', ({ kind }) => kind],
  ['state', 'text', ({ state }) => state],
  ['place', 'bigint', ({ place }) => place],
  ['priority', 'integer', ({ priority }) => priority],
  ['run_limit', 'integer', ({ limit }) => limit],
  ['lane_group', 'text', ({ group }) => group],
  ['on_busy', 'text', ({ onBusy }) => onBusy],
  ['skip_outdated', 'smallint', ({ skipOutdated }) => skipOutdated],
  ['superseded_by', 'text', ({ supersededBy }) => supersededBy],
  ['because', 'text', ({ because }) => because],
  ['delivery', 'bigint', ({ delivery }) => delivery],
  ['part', 'integer', ({ part }) => part],
  ['how', 'text', ({ how }) => how],
  ['flow', 'text', ({ flow }) => flow],
  ['since', 'bigint', ({ since }) => since],
  ['changed_at', 'bigint', ({ changedAt }) => changedAt],
  ['moved_by', 'text', ({ movedBy }) => movedBy],
  ['move_reason', 'text', ({ moveReason }) => moveReason],
  ['turns', 'integer', ({ turns }) => turns],
  ['asks', 'smallint', ({ asks }) => asks],
  ['happened', 'text', ({ happened }) => happened],
  ['run_id', 'text', ({ runId }) => runId],
  ['told', 'text', ({ told }) => told],
  ['due_at', 'bigint', ({ dueAt }) => (dueAt === null ? null : Math.floor(dueAt))],
  ['held', 'text', ({ held }) => held],
  ['part_of', 'text', ({ partOf }) => partOf],
  ['around', 'text', ({ around }) => around],
  ['rests', 'smallint', ({ rests }) => rests],
];

const NAMES = COLUMNS.map(([column]) => column).join(', ');

const WRITE_ENTRIES = `
  INSERT INTO hookyard_lane_entries (${NAMES}) OVERRIDING SYSTEM VALUE
  SELECT ${NAMES} FROM unnest(${COLUMNS.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')}) AS g (${NAMES})
  ON CONFLICT (workflow_id) DO UPDATE SET
    state = excluded.state, place = excluded.place, priority = excluded.priority, run_limit = excluded.run_limit,
    superseded_by = excluded.superseded_by, because = excluded.because, changed_at = excluded.changed_at,
    moved_by = excluded.moved_by, move_reason = excluded.move_reason, turns = excluded.turns, asks = excluded.asks,
    told = excluded.told, due_at = excluded.due_at, held = excluded.held, how = excluded.how, rests = excluded.rests`;

async function writeEntries(queries: Queries, entries: readonly EntryRow[]): Promise<void> {
  await queries.rows(WRITE_ENTRIES, ...COLUMNS.map(([, , of]) => entries.map(of)));
}

async function addStarts(queries: Queries, starts: readonly LaneStart[]): Promise<void> {
  await queries.rows(
    `INSERT INTO hookyard_dispatches (id, kind, flow, delivery, workflow_id, name, part, how, due_at, since, entered)
     SELECT s.workflow_id, 'start', s.flow, s.delivery, s.workflow_id, s.name, s.part, s.how, s.due_at, s.since, s.entered
     FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::integer[], $6::text[], $7::bigint[], $8::bigint[],
                 $9::bigint[]) WITH ORDINALITY
            AS s (workflow_id, flow, delivery, name, part, how, due_at, since, entered, at)
     ORDER BY s.at ON CONFLICT (id) DO NOTHING`,
    starts.map(({ workflowId }) => workflowId),
    starts.map(({ flow }) => flow),
    starts.map(({ delivery }) => delivery),
    starts.map(({ automation }) => automation),
    starts.map(({ part }) => part),
    starts.map(({ how }) => how),
    starts.map(({ dueAt }) => Math.floor(dueAt)),
    starts.map(({ since }) => Math.floor(since)),
    starts.map(({ entered }) => Math.floor(entered)),
  );
}

/** Keeps signals for runs; one of the same id changes nothing. */
export async function addSignals(queries: Queries, signals: readonly LaneSignal[]): Promise<void> {
  await queries.rows(
    `INSERT INTO hookyard_dispatches (id, kind, workflow_id, name, payload, due_at, since)
     SELECT s.id, 'signal', s.workflow_id, s.name, s.payload, ${NOW_MS}, ${NOW_MS}
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS s (id, workflow_id, name, payload)
     ON CONFLICT (id) DO NOTHING`,
    signals.map(({ id }) => id),
    signals.map(({ workflowId }) => workflowId),
    signals.map(({ name }) => name),
    signals.map(({ payload }) => payload),
  );
}
