import type { SupersededEvent } from '../events/event.js';
import type { OnBusy } from '../lanes/concurrency.js';
import type { Newest } from '../lanes/lane.js';
import type { LaneMode } from './contract/lanes.js';

/** A lane, as databases keep it. */
export interface LaneRow {
  readonly lane: string;
  readonly title: string;
  readonly mode: LaneMode;
  /** Of the last change of mode. */
  readonly by: string | null;
  readonly reason: string | null;
  readonly changedAt: number | null;
  readonly newest: Readonly<Record<string, Newest>>;
}

/** A run's place in a lane, as databases keep it. */
export interface EntryRow {
  /** Counts up in the order in which runs have entered. */
  readonly arrived: number;
  readonly lane: string;
  readonly workflowId: string;
  readonly automation: string;
  /** Of its event. */
  readonly kind: string;
  readonly state: 'waits' | 'runs' | 'aside' | 'superseded' | 'refused';
  readonly place: number;
  readonly priority: number;
  readonly limit: number;
  readonly group: string;
  readonly onBusy: OnBusy;
  readonly skipOutdated: 0 | 1;
  /** When and where its event has happened: JSON; null where that is not known. */
  readonly happened: string | null;
  /** The run for whose sake it has been told to end, or never began. */
  readonly supersededBy: string | null;
  /** Why it was refused. */
  readonly because: string | null;
  /** The running number of the delivery that asks for it; null for a run that Temporal began by itself. */
  readonly delivery: number | null;
  /** Of a run that Temporal began by itself: the run id of its first execution. */
  readonly runId: string | null;
  readonly part: number;
  readonly how: string | null;
  /** Of the dispatch. */
  readonly flow: string;
  /** When it entered, and when it came to its state (Unix ms). */
  readonly since: number;
  readonly changedAt: number;
  readonly movedBy: string | null;
  readonly moveReason: string | null;
  /** How often it was let on; 0 for one that waits to begin. One that has things to find out is let on without a slot first. */
  readonly turns: number;
  /** It has things to find out before it may take a slot. */
  readonly asks: 0 | 1;
  /**
   * What its commit's statuses say of its waiting, as long as somebody has to follow that up; null where they say nothing of it.
   * Empty: it was told to nobody yet that the run never begins.
   */
  readonly told: string | null;
  /** When it asks for a slot, of one that waits for more of the same until then (Unix ms); null for others. */
  readonly dueAt: number | null;
  /** JSON of {@link HeldEvents}, of one that waits for more of the same, or has. */
  readonly held: string | null;
  /** The workflow id of the run whose slot it has, as a part of it; null for one that has a place of its own. */
  readonly partOf: string | null;
  /** The workflow ids of the runs that it is a part of, in whatever lanes, and that wait for it: JSON; null for none. */
  readonly around: string | null;
  /** It needs no slot for now: it waits for people. One whose parts work has its slot all the same. */
  readonly rests: 0 | 1;
}

/** The events of a run that waits for more of the same. */
export interface HeldEvents {
  /** When the first of them came (Unix ms). */
  readonly firstAt: number;
  /** Its own. */
  readonly event: SupersededEvent;
  /** Those before, oldest first. */
  readonly superseded: readonly SupersededEvent[];
}

/** An entry, and what has become of the dispatch that starts its run; null if there is none, or no more. */
export interface KnownEntry extends EntryRow {
  readonly startState: 'pending' | 'done' | 'failed' | null;
  readonly startAttempts: number | null;
}

/** A start to be put among the dispatches. */
export interface LaneStart extends Pick<EntryRow, 'workflowId' | 'automation' | 'delivery' | 'part' | 'how' | 'flow'> {
  /** Unix ms, all. */
  readonly entered: number;
  readonly dueAt: number;
  readonly since: number;
}

/** A signal to be put among the dispatches. */
export interface LaneSignal {
  readonly id: string;
  readonly workflowId: string;
  readonly name: string;
  /** JSON; empty for none. */
  readonly payload: string;
}

/** What is to be written. */
export interface LaneChanges {
  readonly lanes: readonly LaneRow[];
  /** To be inserted, or to replace those of the same workflow id. */
  readonly entries: readonly EntryRow[];
  /** Workflow ids of entries to be deleted. */
  readonly gone: readonly string[];
  /** Workflow ids of starts to be deleted, which nobody has claimed. */
  readonly withdrawn: readonly string[];
  readonly starts: readonly LaneStart[];
  readonly signals: readonly LaneSignal[];
}

/** A run that is to enter a lane. */
export interface Entering extends Pick<EntryRow, 'workflowId' | 'automation' | 'delivery' | 'part' | 'how' | 'flow'> {
  readonly runId?: string | undefined;
  /** When it was asked for (Unix ms). */
  readonly since: number;
}

/** What an entry has of a run that no delivery asks for. */
export const INSIDE = { delivery: null, part: 0, how: null, flow: '' } as const;

/** Temporal is asked that rarely about runs for which nobody waits: what is lost of them is found some day. */
export const REST_MS = 24 * 60 * 60_000;

/** So rarely about runs that wait in Temporal: one that was terminated keeps its place only. */
export const WAITING_MS = 2 * 60_000;

/** For how long a run that a lane refused counts, in milliseconds. */
export const REFUSED_MS = 60 * 60_000;

/** Runs that have waited for more of the same, of which one transaction takes care. */
export const DUE_AT_ONCE = 50;

/** Nothing waits longer for more of the same: what would was put off by a clock that was ahead, and waits for that time no more. */
export const FARTHEST_HELD_MS = 65 * 60_000;

/** In milliseconds: what was noted so much later than now was noted by a clock that was ahead. */
export const CLOCK_MS = 60_000;

/** States in which a run is in its lane, in SQL. */
export const LIVE = `('waits', 'runs', 'aside')`;

/** The columns of a {@link KnownEntry}, in SQL, of the entry `e` and its dispatch `p`. */
export const ENTRY_COLUMNS = `
  e.arrived, e.lane, e.workflow_id AS "workflowId", e.automation, e.kind, e.state, e.place, e.priority,
  e.run_limit AS "limit", e.lane_group AS "group", e.on_busy AS "onBusy", e.skip_outdated AS "skipOutdated", e.happened,
  e.superseded_by AS "supersededBy", e.because, e.delivery, e.run_id AS "runId", e.part, e.how, e.flow, e.since, e.changed_at AS "changedAt",
  e.moved_by AS "movedBy", e.move_reason AS "moveReason", e.turns, e.asks, e.told,
  e.due_at AS "dueAt", e.held, e.part_of AS "partOf", e.around, e.rests, p.state AS "startState", p.attempts AS "startAttempts"`;

/** The columns of a lane `l`, in SQL, as {@link toLaneRow} reads them. */
export const LANE_COLUMNS = `
  l.lane, l.title, l.mode, l.changed_by AS "by", l.reason, l.changed_at AS "changedAt", l.newest`;

/** A lane whose JSON is text. */
export type LaneText = Omit<LaneRow, 'newest'> & { readonly newest: string };

/** Returns a lane with its JSON parsed. */
export function toLaneRow(row: LaneText): LaneRow {
  return { ...row, newest: JSON.parse(row.newest) as LaneRow['newest'] };
}
