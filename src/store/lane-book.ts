import type { LaneClaim } from '../lanes/concurrency.js';
import { type Happened, isOlder } from '../lanes/happened.js';
import {
  comeBack,
  comparable,
  enter,
  type Lane,
  type LaneEntry,
  type LaneStep,
  letOn,
  type Newest,
  waiting,
} from '../lanes/lane.js';
import { LET_ON_SIGNAL } from '../runs/names.js';
import type { LaneChange, LaneMode, LanePlace, Signed } from './contract/lanes.js';
import type { Entering, KnownEntry, LaneChanges, LaneRow, LaneSignal, LaneStart } from './lane-rows.js';
import { outdatedSignal } from './outdated-signal.js';

/**
 * Some lanes while they are changed: a store locks and reads them, says here what happens to them, writes what has become
 * of them, and unlocks them. All stores do so in the same words.
 */
export interface LaneBook {
  /**
   * Lets a run in. One that is in a lane, or was, changes nothing; nor does one that is a part of a run that has a slot there.
   * `within`: the workflow ids of those that it is a part of.
   */
  enter(run: Entering, claim: LaneClaim, within?: readonly string[]): void;
  /** Takes a run out that has ended, or is not to begin. */
  leave(workflowId: string): void;
  /** Takes a run out that has not begun. Returns false, and does nothing, if it may have. */
  takeOut(run: { readonly workflowId: string; readonly because: string }): boolean;
  /**
   * Removes what is known of runs of which nothing is to be kept, but for those that Temporal has: they are in their lane until
   * they leave.
   */
  forget(workflowIds: readonly string[]): void;
  stepAside(workflowId: string): void;
  stepBack(workflowId: string): void;
  setMode(change: LaneChange): boolean;
  moveAhead(move: { readonly workflowId: string } & Signed): boolean;
  setLimit(change: { readonly automation: string; readonly group: string; readonly limit: number }): void;
  /** Returns how a run stands; one that is in no lane runs. */
  placeOf(workflowId: string): LanePlace;
  /** Whether anybody was let on so far, beside a run that is told by the answer of the call. */
  readonly hasLetOn: boolean;
  changes(): LaneChanges;
}

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

/** Opens lanes that a store has locked and read. */
export function openLaneBook({ lanes: rows, entries: known, now, nextArrived }: LoadedLanes): LaneBook {
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
  let hasLetOn = false;

  function join({ lane, workflowId }: KnownEntry): void {
    const there = members.get(lane);
    if (there) there.add(workflowId);
    else members.set(lane, new Set([workflowId]));
  }

  function inLane(lane: string): KnownEntry[] {
    return [...(members.get(lane) ?? [])].flatMap((workflowId) => entries.get(workflowId) ?? []).filter(isLive);
  }

  function hasSlot(workflowId: string, lane: string): boolean {
    const row = entries.get(workflowId);
    return row?.lane === lane && row.state === 'runs';
  }

  function laneOf(lane: string): Lane {
    const { mode = 'open', newest = {} } = lanes.get(lane) ?? {};
    return { paused: mode === 'paused', drained: mode === 'draining', newest, entries: inLane(lane).map(toEntry) };
  }

  function change(workflowId: string, changes: Partial<KnownEntry>): KnownEntry | undefined {
    const row = entries.get(workflowId);
    if (!row) return undefined;
    const next = { ...row, ...changes, changedAt: changes.state === undefined ? row.changedAt : now };
    entries.set(workflowId, next);
    changed.add(workflowId);
    return next;
  }

  function remove({ workflowId, lane }: KnownEntry): void {
    entries.delete(workflowId);
    members.get(lane)?.delete(workflowId);
    changed.delete(workflowId);
    gone.add(workflowId);
  }

  function changeLane(lane: string, changes: Partial<LaneRow>): void {
    const row = lanes.get(lane);
    if (!row) return;
    lanes.set(lane, { ...row, ...changes });
    changedLanes.add(lane);
  }

  function signal(one: LaneSignal): void {
    signals.set(one.id, one);
  }

  function begin(row: KnownEntry): void {
    const isNew = fresh.has(row.workflowId);
    starts.set(row.workflowId, {
      workflowId: row.workflowId,
      automation: row.automation,
      delivery: row.delivery,
      part: row.part,
      how: row.how,
      flow: row.flow,
      entered: row.since,
      // What has waited for others counts as waiting for Temporal only now. A sender's clock that runs ahead holds nothing back.
      dueAt: isNew ? Math.min(row.since, now) : now,
      since: isNew ? row.since : now,
    });
  }

  /** `asking`: the run that is told by the answer of the call. */
  function carryOut(step: LaneStep, asking: string | undefined): void {
    const row = entries.get(step.workflowId);
    if (!row) return;
    const { workflowId } = step;
    switch (step.kind) {
      case 'wait':
        change(workflowId, { state: 'waits' });
        return;
      case 'refuse':
        change(workflowId, { state: 'refused', because: step.because });
        return;
      case 'let-on': {
        const turns = row.turns + 1;
        const isGiven = isInTemporal(row);
        const next = change(workflowId, { state: 'runs', turns, ...(!isGiven && NOT_CLAIMED) });
        const { newest = {} } = lanes.get(row.lane) ?? {};
        const last = newest[comparable(row)];
        const given = newestOf(row);
        if (last === undefined || isOlder(last, given))
          changeLane(row.lane, { newest: { ...newest, [comparable(row)]: given } });
        if (workflowId === asking || !next) return;
        hasLetOn = true;
        if (isGiven) signal(letOnSignal(next));
        else begin(next);
        return;
      }
      case 'supersede':
        change(workflowId, { state: 'superseded', supersededBy: step.by });
        if (isInTemporal(row) && workflowId !== asking) signal(outdatedSignal({ ...row, supersededBy: step.by }));
        return;
      case 'end':
        if (isUnclaimed(row)) {
          change(workflowId, { state: 'superseded', supersededBy: step.by });
          withdraw(workflowId);
          return;
        }
        change(workflowId, { supersededBy: step.by });
        if (isInTemporal(row)) signal(outdatedSignal({ ...row, supersededBy: step.by }));
        return;
      default:
        step satisfies never;
    }
  }

  /** Takes back a start that nobody has claimed. */
  function withdraw(workflowId: string): void {
    if (!starts.delete(workflowId)) withdrawn.add(workflowId);
  }

  function goOn(lane: string, asking?: string): void {
    for (const step of letOn(laneOf(lane))) carryOut(step, asking);
  }

  return {
    enter(run, claim, within = []) {
      const known = entries.get(run.workflowId);
      if (known && !isOfEarlierRun(known, run)) return;
      if (known) {
        remove(known);
        goOn(known.lane);
      }
      if (within.some((other) => hasSlot(other, claim.lane))) return;
      const { lane, title } = claim;
      const there = lanes.get(lane);
      if (there?.title !== title) {
        lanes.set(lane, { ...(there ?? EMPTY), lane, title });
        changedLanes.add(lane);
      }
      const before = laneOf(lane);
      const row = newEntry(run, claim, { arrived: nextArrived(), now });
      entries.set(row.workflowId, row);
      join(row);
      changed.add(row.workflowId);
      fresh.add(row.workflowId);
      if (row.asks === 1 && !before.drained) {
        begin(change(row.workflowId, { state: 'aside', turns: 1, ...NOT_CLAIMED }) ?? row);
        return;
      }
      const asking = run.delivery === null ? run.workflowId : undefined;
      for (const step of enter(before, toEntry(row))) carryOut(step, asking);
      goOn(lane, asking);
    },
    leave(workflowId) {
      const row = entries.get(workflowId);
      if (!row || !isLive(row)) return;
      if (isUnclaimed(row)) withdraw(workflowId);
      // No dispatch tells what has become of it.
      if (row.delivery !== null && (isUnclaimed(row) || row.turns === 0))
        change(workflowId, { state: 'refused', because: TAKEN_OUT });
      else remove(row);
      goOn(row.lane);
    },
    takeOut({ workflowId, because }) {
      const row = entries.get(workflowId);
      const hasNotBegun = row && isLive(row) && row.delivery !== null && (isUnclaimed(row) || row.turns === 0);
      if (!hasNotBegun) return false;
      if (isUnclaimed(row)) withdraw(workflowId);
      change(workflowId, { state: 'refused', because });
      goOn(row.lane);
      return true;
    },
    forget(workflowIds) {
      for (const workflowId of workflowIds) {
        const row = entries.get(workflowId);
        if (!row || (isLive(row) && !isUnclaimed(row) && row.turns > 0)) continue;
        remove(row);
        goOn(row.lane);
      }
    },
    stepAside(workflowId) {
      const row = entries.get(workflowId);
      if (row?.state !== 'runs') return;
      change(workflowId, { state: 'aside' });
      goOn(row.lane);
    },
    stepBack(workflowId) {
      const row = entries.get(workflowId);
      if (row?.state !== 'aside') return;
      const lane = laneOf(row.lane);
      const others = { ...lane, entries: lane.entries.filter((other) => other.workflowId !== workflowId) };
      const back = toEntry({ ...row, state: 'waits' });
      change(workflowId, { asks: 0 });
      for (const step of comeBack(others, back, { isFirst: row.asks === 1 })) carryOut(step, workflowId);
      goOn(row.lane, workflowId);
    },
    setMode({ lane, mode, by, reason }) {
      if (!lanes.has(lane)) return false;
      changeLane(lane, { mode, by, reason: reason ?? null, changedAt: now });
      goOn(lane);
      return true;
    },
    moveAhead({ workflowId, by, reason }) {
      const row = entries.get(workflowId);
      if (row?.state !== 'waits') return false;
      const others = inLane(row.lane).filter(({ state }) => state === 'waits');
      const priority = Math.min(...others.map((other) => other.priority));
      const place = Math.min(...inLane(row.lane).map((other) => other.place)) - 1;
      change(workflowId, { priority, place, movedBy: by, moveReason: reason ?? null });
      goOn(row.lane);
      return true;
    },
    setLimit({ automation, group, limit }) {
      for (const row of [...entries.values()])
        if (isLive(row) && row.automation === automation && row.group === group && row.limit !== limit)
          change(row.workflowId, { limit });
      for (const lane of lanes.keys()) goOn(lane);
    },
    placeOf(workflowId) {
      const row = entries.get(workflowId);
      if (row?.state === 'superseded') return { state: 'superseded', by: row.supersededBy ?? '' };
      if (row?.state === 'refused') return { state: 'refused', because: row.because ?? '' };
      if (row?.state !== 'waits') return { state: 'runs' };
      const lane = laneOf(row.lane);
      const place = waiting(lane).findIndex((other) => other.workflowId === workflowId);
      const holder = lane.entries.find(({ state }) => state === 'runs');
      const after = (waiting(lane)[place - 1] ?? holder)?.workflowId;
      return { state: 'waits', place: place + 1, ...(after !== undefined && { after }) };
    },
    get hasLetOn() {
      return hasLetOn;
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

const TAKEN_OUT = 'it was taken out of its lane before it began';
const NOT_CLAIMED = { startState: 'pending', startAttempts: 0 } as const;
const EMPTY = { mode: 'open' satisfies LaneMode, by: null, reason: null, changedAt: null, newest: {} } as const;

function isLive({ state }: Pick<KnownEntry, 'state'>): boolean {
  return state === 'waits' || state === 'runs' || state === 'aside';
}

/** Whether an entry is that of another run, which had the workflow id before. */
function isOfEarlierRun({ delivery, runId }: KnownEntry, run: Entering): boolean {
  return delivery === null && run.delivery === null && runId !== null && runId !== run.runId;
}

/** Whether the run is to begin, and nobody has tried to start it. */
function isUnclaimed({ startState, startAttempts }: KnownEntry): boolean {
  return startState === 'pending' && startAttempts === 0;
}

/**
 * Whether Temporal is known to have the run, so that it can be told something. One that is being started may be there, or not; one
 * that has come back has told so itself.
 */
function isInTemporal({ delivery, state, turns, startState }: KnownEntry): boolean {
  if (delivery === null) return true;
  return turns > 0 && (state === 'waits' || turns > 1 || startState !== 'pending');
}

/** The number of its entry, and of its turn, make the signal another one when the run is let on again. */
function letOnSignal({ arrived, turns, workflowId }: KnownEntry): LaneSignal {
  return { id: `let-on/${arrived}/${turns}/${workflowId}`, workflowId, name: LET_ON_SIGNAL, payload: '' };
}

function toEntry(row: KnownEntry): LaneEntry {
  const { workflowId, automation, kind, arrived, place, priority, limit, onBusy } = row;
  return {
    ...{ workflowId, automation, kind, arrived, place, priority, limit, onBusy },
    state: row.state === 'runs' || row.state === 'aside' ? row.state : 'waits',
    skipOutdated: row.skipOutdated === 1,
    endsFor: row.supersededBy ?? undefined,
    happened: happenedOf(row),
  };
}

function happenedOf({ happened }: KnownEntry): Happened | undefined {
  return happened === null ? undefined : (JSON.parse(happened) as Happened);
}

function newestOf(row: KnownEntry): Newest {
  const happened = happenedOf(row);
  return { arrived: row.arrived, workflowId: row.workflowId, ...(happened && { happened }) };
}

function newEntry(run: Entering, claim: LaneClaim, { arrived, now }: { arrived: number; now: number }): KnownEntry {
  const { lane, kind, priority, limit, group, onBusy, skipOutdated, happened } = claim;
  return {
    ...{ lane, kind, priority, limit, group, onBusy, arrived },
    ...run,
    runId: run.runId ?? null,
    state: 'waits',
    place: arrived,
    skipOutdated: skipOutdated ? 1 : 0,
    happened: happened ? JSON.stringify(happened) : null,
    supersededBy: null,
    because: null,
    changedAt: now,
    movedBy: null,
    moveReason: null,
    turns: 0,
    asks: claim.asks && run.delivery !== null ? 1 : 0,
    startState: null,
    startAttempts: null,
  };
}
