import { type Lane, laneAhead } from '../lanes/lane.js';
import type { LaneMode } from './contract/lanes.js';
import { isLive, toEntry, withOptions } from './lane-entry.js';
import type { KnownEntry, LaneChanges, LaneRow, LaneSignal, LaneStart } from './lane-rows.js';

/** What a store has read. */
export interface LoadedLanes {
  readonly lanes: readonly LaneRow[];
  /** All that are in these lanes, and whatever is known of the runs that this is about. */
  readonly entries: readonly KnownEntry[];
  /** Unix ms. */
  readonly now: number;
  /** Returns the number of the next that enters. */
  nextArrived(): number;
}

/** Some lanes as they become by what is done to them, and what of that is to be written. Decides nothing. */
export interface LaneDraft {
  entry(workflowId: string): KnownEntry | undefined;
  entries(): KnownEntry[];
  /** Returns those that are in a lane, each of its own. */
  inLane(lane: string): KnownEntry[];
  /** Returns those that have the slot of another run, as parts of it. */
  partsOf(workflowId: string): KnownEntry[];
  /** Returns a lane as it decides what becomes of those in it. */
  laneOf(lane: string): Lane;
  lane(lane: string): LaneRow | undefined;
  lanes(): string[];
  /** Adds a run that enters. */
  add(row: KnownEntry): void;
  /** Returns the entry as it is now; undefined if there is none. */
  change(workflowId: string, changes: Partial<KnownEntry>): KnownEntry | undefined;
  remove(row: KnownEntry): void;
  /** Makes sure that a lane is there, under this title: as somebody may have said before anybody was in it. */
  openLane(lane: string, title: string): void;
  changeLane(lane: string, changes: Partial<LaneRow>): void;
  signal(one: LaneSignal): void;
  /** Puts the start of a run among the dispatches. */
  begin(row: KnownEntry): void;
  /** Takes back a start that nobody has claimed. */
  withdraw(workflowId: string): void;
  changes(): LaneChanges;
}

/** What a lane is that nobody has said anything of. */
const EMPTY = { mode: 'open' satisfies LaneMode, by: null, reason: null, changedAt: null, newest: {} } as const;

/** Returns a draft of lanes that a store has locked and read. */
export function draftLanes({ lanes: rows, entries: known, now }: LoadedLanes): LaneDraft {
  const lanes = new Map(rows.map((row) => [row.lane, row]));
  const entries = new Map(known.map((row) => [row.workflowId, row]));
  const members = new Map<string, Set<string>>();
  for (const row of known) join(row);
  const changedLanes = new Set<string>();
  const changed = new Set<string>();
  const gone = new Set<string>();
  const withdrawn = new Set<string>();
  const starts = new Map<string, LaneStart>();
  const signals = new Map<string, LaneSignal>();
  /** Entered in this transaction. */
  const fresh = new Set<string>();

  function join({ lane, workflowId }: KnownEntry): void {
    const there = members.get(lane);
    if (there) there.add(workflowId);
    else members.set(lane, new Set([workflowId]));
  }

  function live(lane: string): KnownEntry[] {
    return [...(members.get(lane) ?? [])].flatMap((workflowId) => entries.get(workflowId) ?? []).filter(isLive);
  }

  function inLane(lane: string): KnownEntry[] {
    return live(lane).filter(({ partOf }) => partOf === null);
  }

  function changeLane(lane: string, changes: Partial<LaneRow>): void {
    const row = lanes.get(lane);
    if (!row) return;
    lanes.set(lane, { ...row, ...changes });
    changedLanes.add(lane);
  }

  function heldAhead(title: string): Omit<LaneRow, 'lane' | 'title'> {
    const ahead = lanes.get(laneAhead(title));
    if (ahead === undefined || ahead.mode === 'open') return EMPTY;
    const { lane: _, title: __, ...held } = ahead;
    changeLane(ahead.lane, EMPTY);
    return held;
  }

  return {
    entry: (workflowId) => entries.get(workflowId),
    entries: () => [...entries.values()],
    inLane,
    partsOf(workflowId) {
      const holder = entries.get(workflowId);
      return holder ? live(holder.lane).filter(({ partOf }) => partOf === workflowId) : [];
    },
    laneOf(lane) {
      const { mode = 'open', newest = {}, reason } = lanes.get(lane) ?? {};
      const held = { paused: mode === 'paused', drained: mode === 'draining', reason: reason ?? undefined };
      return { ...held, newest, entries: inLane(lane).map(toEntry) };
    },
    lane: (lane) => lanes.get(lane),
    lanes: () => [...lanes.keys()],
    add(row) {
      entries.set(row.workflowId, row);
      join(row);
      changed.add(row.workflowId);
      fresh.add(row.workflowId);
    },
    change(workflowId, changes) {
      const row = entries.get(workflowId);
      if (!row) return undefined;
      const next = { ...row, ...changes, changedAt: changes.state === undefined ? row.changedAt : now };
      entries.set(workflowId, next);
      changed.add(workflowId);
      return next;
    },
    remove({ workflowId, lane }) {
      entries.delete(workflowId);
      members.get(lane)?.delete(workflowId);
      changed.delete(workflowId);
      gone.add(workflowId);
    },
    openLane(lane, title) {
      const there = lanes.get(lane);
      if (there?.title === title) return;
      lanes.set(lane, { ...(there ?? heldAhead(title)), lane, title });
      changedLanes.add(lane);
    },
    changeLane,
    signal: (one) => void signals.set(one.id, one),
    begin(row) {
      const isNew = fresh.has(row.workflowId);
      starts.set(row.workflowId, {
        workflowId: row.workflowId,
        automation: row.automation,
        delivery: row.delivery,
        part: row.part,
        how: row.told ? withOptions(row.how, { told: true }) : row.how,
        flow: row.flow,
        entered: row.since,
        // What has waited for others counts as waiting for Temporal only now. A sender's clock that runs ahead holds nothing back.
        dueAt: isNew ? Math.min(row.since, now) : now,
        since: isNew ? row.since : now,
      });
    },
    withdraw(workflowId) {
      if (!starts.delete(workflowId)) withdrawn.add(workflowId);
    },
    changes: () => ({
      lanes: [...changedLanes].flatMap((lane) => lanes.get(lane) ?? []),
      entries: [...changed].flatMap((workflowId) => entries.get(workflowId) ?? []),
      gone: [...gone],
      withdrawn: [...withdrawn],
      starts: [...starts.values()],
      signals: [...signals.values()],
    }),
  };
}
