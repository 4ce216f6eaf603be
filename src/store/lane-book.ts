import type { LaneClaim } from '../lanes/concurrency.js';
import { type Happened, isOlder } from '../lanes/happened.js';
import { type Held, MAX_SUPERSEDED } from '../lanes/held.js';
import {
  canStepAside,
  comeBack,
  comparable,
  enter,
  FULL,
  type Lane,
  type LaneEntry,
  type LaneStep,
  laneAhead,
  letOn,
  MAX_WAITING,
  type Newest,
  waiting,
  whyKeptOut,
} from '../lanes/lane.js';
import { LET_ON_SIGNAL } from '../runs/names.js';
import type { RunOptions } from '../runs/options.js';
import type { LaneChange, LaneMode, LanePlace, Signed, ToldRun } from './contract/lanes.js';
import type {
  Entering,
  EntryRow,
  HeldEvents,
  KnownEntry,
  LaneChanges,
  LaneRow,
  LaneSignal,
  LaneStart,
} from './lane-rows.js';
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
  /** Has runs ask for a slot that have waited for more of the same for long enough. */
  due(): void;
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
  /** Notes what statuses say of a run. Returns false where that is not so any more. */
  noteTold(told: ToldRun): boolean;
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
    const { mode = 'open', newest = {}, reason } = lanes.get(lane) ?? {};
    const held = { paused: mode === 'paused', drained: mode === 'draining', reason: reason ?? undefined };
    return { ...held, newest, entries: inLane(lane).map(toEntry) };
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
      how: row.told ? withOptions(row.how, { told: true }) : row.how,
      flow: row.flow,
      entered: row.since,
      // What has waited for others counts as waiting for Temporal only now. A sender's clock that runs ahead holds nothing back.
      dueAt: isNew ? Math.min(row.since, now) : now,
      since: isNew ? row.since : now,
    });
  }

  /** Returns what a lane begins with: with what somebody has said of it before anybody was in it. */
  function heldAhead(title: string): Omit<LaneRow, 'lane' | 'title'> {
    const ahead = lanes.get(laneAhead(title));
    if (ahead === undefined || ahead.mode === 'open') return EMPTY;
    const { lane: _, title: __, ...held } = ahead;
    changeLane(ahead.lane, EMPTY);
    return held;
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
        change(workflowId, { state: 'refused', because: step.because, ...untold(row) });
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
        if (isUnclaimed(row) || isHeld(row)) {
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

  /** Returns those of the run's lane and kind that wait for more of the same. */
  function heldWith(row: KnownEntry): KnownEntry[] {
    return inLane(row.lane).filter((other) => isHeld(other) && comparable(other) === comparable(row));
  }

  /** Lets a run wait for more of the same, with those that do so already: the newest of them in the place of all. */
  function hold(row: KnownEntry, { waitMs, atMostMs, event }: Held): void {
    const others = heldWith(row).map((other) => ({ row: other, ...(JSON.parse(other.held ?? '') as HeldEvents) }));
    const all = [...others, { row, firstAt: now, event, superseded: [] }].sort((a, b) =>
      isOlder(toEntry(a.row), toEntry(b.row)) ? -1 : 1,
    );
    const newest = all.at(-1)?.row.workflowId ?? row.workflowId;
    const firstAt = Math.min(...all.map((one) => one.firstAt));
    const known = all.flatMap((one) =>
      one.row.workflowId === newest ? one.superseded : [...one.superseded, one.event],
    );
    for (const one of all) {
      if (one.row.workflowId !== newest) {
        change(one.row.workflowId, { state: 'superseded', supersededBy: newest });
        continue;
      }
      const held: HeldEvents = { firstAt, event: one.event, superseded: known.slice(-MAX_SUPERSEDED) };
      const dueAt = Math.min(now + waitMs, firstAt + atMostMs);
      change(newest, { state: 'aside', dueAt, held: JSON.stringify(held) });
    }
  }

  /** A run has waited for more of the same for long enough. */
  function ask(row: KnownEntry): void {
    const { workflowId, lane } = row;
    const { superseded } = JSON.parse(row.held ?? '') as HeldEvents;
    const how = superseded.length > 0 ? withOptions(row.how, { superseded }) : row.how;
    const next = change(workflowId, { dueAt: null, how });
    if (!next) return;
    if (row.asks === 1) {
      begin(change(workflowId, { turns: 1, ...NOT_CLAIMED }) ?? next);
      hasLetOn = true;
      return;
    }
    const before = laneOf(lane);
    const others = { ...before, entries: before.entries.filter((other) => other.workflowId !== workflowId) };
    const steps: readonly LaneStep[] =
      waiting(others).length < MAX_WAITING
        ? comeBack(others, toEntry({ ...next, state: 'waits' }), { isFirst: true })
        : [{ kind: 'refuse', workflowId, because: `${MAX_WAITING} ${FULL}` }];
    for (const step of steps) carryOut(step, undefined);
    goOn(lane);
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
        lanes.set(lane, { ...(there ?? heldAhead(title)), lane, title });
        changedLanes.add(lane);
      }
      const row = newEntry(run, claim, { arrived: nextArrived(), now });
      // What waits for more of the same would begin after what is newer, and does not wait.
      if (run.delivery !== null && !claim.held)
        for (const other of heldWith(row)) if (isOlder(toEntry(other), toEntry(row))) ask(other);
      const before = laneOf(lane);
      entries.set(row.workflowId, row);
      join(row);
      changed.add(row.workflowId);
      fresh.add(row.workflowId);
      if (claim.held && run.delivery !== null) {
        const because = whyKeptOut(before);
        if (because === undefined) hold(row, claim.held);
        else carryOut({ kind: 'refuse', workflowId: row.workflowId, because }, undefined);
        return;
      }
      if (row.asks === 1) {
        const because = whyKeptOut(before);
        if (because !== undefined) carryOut({ kind: 'refuse', workflowId: row.workflowId, because }, undefined);
        else begin(change(row.workflowId, { state: 'aside', turns: 1, ...NOT_CLAIMED }) ?? row);
        return;
      }
      const asking = run.delivery === null ? run.workflowId : undefined;
      for (const step of enter(before, toEntry(row))) carryOut(step, asking);
      goOn(lane, asking);
    },
    due() {
      const all = [...entries.values()].filter((row) => isHeld(row) && (row.dueAt ?? 0) <= now);
      // Each is looked up again: one may have ended another.
      for (const { workflowId } of all.sort((a, b) => a.arrived - b.arrived)) {
        const row = entries.get(workflowId);
        if (row && isHeld(row)) ask(row);
      }
    },
    leave(workflowId) {
      const row = entries.get(workflowId);
      if (!row || !isLive(row)) return;
      if (isUnclaimed(row)) withdraw(workflowId);
      // No dispatch tells what has become of it.
      if (row.delivery !== null && (isUnclaimed(row) || row.turns === 0))
        change(workflowId, { state: 'refused', because: TAKEN_OUT, ...untold(row) });
      else remove(row);
      goOn(row.lane);
    },
    takeOut({ workflowId, because }) {
      const row = entries.get(workflowId);
      const hasNotBegun = row && isLive(row) && row.delivery !== null && (isUnclaimed(row) || row.turns === 0);
      if (!hasNotBegun) return false;
      if (isUnclaimed(row)) withdraw(workflowId);
      change(workflowId, { state: 'refused', because, ...untold(row) });
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
      // Where too many are aside already, its slot stays its own.
      if (row?.state !== 'runs' || !canStepAside(laneOf(row.lane))) return;
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
    setMode({ lane, title, mode, by, reason }) {
      if (!lanes.has(lane)) {
        if (title === undefined) return false;
        lanes.set(lane, { ...EMPTY, lane, title });
      }
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
    noteTold({ workflowId, words }) {
      const row = entries.get(workflowId);
      const isSo = words === undefined ? row !== undefined && !isLive(row) : row?.state === 'waits' && row.turns === 0;
      if (isSo) change(workflowId, { told: words ?? null });
      return isSo;
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

/** What is to be told of a run that never begins: nothing but a status can. One that Temporal has tells it itself. */
function untold({ delivery, turns, startState, told }: KnownEntry): Pick<EntryRow, 'told'> {
  const isOurs = delivery !== null && (turns === 0 || startState === 'pending');
  return { told: isOurs ? (told ?? '') : told };
}

function withOptions(how: string | null, more: RunOptions): string {
  return JSON.stringify({ ...(how === null ? {} : (JSON.parse(how) as RunOptions)), ...more });
}

/** Whether the run waits for more of the same. */
function isHeld({ state, dueAt }: Pick<KnownEntry, 'state' | 'dueAt'>): boolean {
  return state === 'aside' && dueAt !== null;
}

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
    told: null,
    dueAt: null,
    held: null,
    startState: null,
    startAttempts: null,
  };
}
