import type { LaneClaim } from '../lanes/concurrency.js';
import { isOlder } from '../lanes/happened.js';
import { enter, waiting, whyKeptOut } from '../lanes/lane.js';
import type { Queued } from '../lanes/queue-words.js';
import type { LaneChange, LanePlace, Signed, ToldRun } from './contract/lanes.js';
import { draftLanes, type LoadedLanes } from './lane-draft.js';
import {
  isDue,
  isHeld,
  isLive,
  isOfEarlierRun,
  isUnclaimed,
  mayHaveBegun,
  newEntry,
  toEntry,
  untold,
} from './lane-entry.js';
import { holdsIn } from './lane-holds.js';
import { movesIn, NOT_CLAIMED } from './lane-moves.js';
import { partsIn } from './lane-parts.js';
import type { Entering, KnownEntry, LaneChanges, LaneRow } from './lane-rows.js';

/**
 * Some lanes while they are changed: a store locks and reads them, says here what happens to them, writes what has become
 * of them, and unlocks them. All stores do so in the same words.
 */
export interface LaneBook {
  /**
   * Lets a run in. One that is in a lane, or was, changes nothing. One that is a part of a run there has the slot of that run, which
   * takes it again for its sake if it has given it up. `within`: the workflow ids of those that it is a part of, the nearest first.
   */
  enter(run: Entering, claim: LaneClaim, within?: readonly string[]): void;
  /** Has runs ask for a slot that have waited for more of the same for long enough. */
  due(): void;
  /** Takes a run out that has ended, or is not to begin. */
  leave(workflowId: string): void;
  /** Takes a run out that has not begun. Returns false, and does nothing, if it may have. */
  takeOut(run: { readonly workflowId: string; readonly because: string }): boolean;
  /** Refuses a run that waits, whether it has begun or not. Returns false, and does nothing, if it does not wait. */
  giveUp(run: { readonly workflowId: string; readonly because: string }): boolean;
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

/** Opens lanes that a store has locked and read. */
export function openLaneBook(loaded: LoadedLanes): LaneBook {
  const { now, nextArrived } = loaded;
  const draft = draftLanes(loaded);
  const { entry, change, remove, laneOf, inLane, partsOf } = draft;
  const moves = movesIn(draft);
  const { carryOut, goOn, takeAgain } = moves;
  const { enterPart, wantSlot, settle, holderOf } = partsIn(draft, moves);
  const { heldWith, hold, ask } = holdsIn(draft, moves, now);

  return {
    enter(run, claim, within = []) {
      const known = entry(run.workflowId);
      if (known && !isOfEarlierRun(known, run)) return;
      if (known) {
        remove(known);
        if (known.partOf !== null) settle(known.partOf);
        goOn(known.lane);
      }
      const { lane, title } = claim;
      const whole = within.flatMap((id) => entry(id) ?? []).find((other) => other.lane === lane && hasHadSlot(other));
      const holder = whole && holderOf(whole);
      if (holder && hasHadSlot(holder)) {
        enterPart(newEntry(run, claim, { arrived: nextArrived(), now, within }), holder);
        return;
      }
      draft.openLane(lane, title);
      const row = newEntry(run, claim, { arrived: nextArrived(), now, within });
      // What waits for more of the same would begin after what is newer, and does not wait.
      if (run.delivery !== null && !claim.held)
        for (const other of heldWith(row)) if (isOlder(toEntry(other), toEntry(row))) ask(other);
      const before = laneOf(lane);
      draft.add(row);
      if (claim.held && run.delivery !== null) {
        const because = whyKeptOut(before);
        if (because === undefined) hold(row, claim.held);
        else carryOut({ kind: 'refuse', workflowId: row.workflowId, because }, undefined);
        return;
      }
      if (row.asks === 1) {
        const because = whyKeptOut(before);
        if (because !== undefined) carryOut({ kind: 'refuse', workflowId: row.workflowId, because }, undefined);
        else draft.begin(change(row.workflowId, { state: 'aside', turns: 1, ...NOT_CLAIMED }) ?? row);
        return;
      }
      const asking = run.delivery === null ? run.workflowId : undefined;
      for (const step of enter(before, toEntry(row))) carryOut(step, asking);
      goOn(lane, asking);
    },
    due() {
      const all = draft.entries().filter((row) => isDue(row, now));
      // Each is looked up again: one may have ended another.
      for (const { workflowId } of all.sort((a, b) => a.arrived - b.arrived)) {
        const row = entry(workflowId);
        if (row && isHeld(row)) ask(row);
      }
    },
    leave(workflowId) {
      const row = entry(workflowId);
      if (!row || !isLive(row)) return;
      if (isUnclaimed(row)) draft.withdraw(workflowId);
      // What is a part of it ends with it.
      for (const part of partsOf(workflowId)) remove(part);
      // No dispatch tells what has become of it.
      if (mayHaveBegun(row)) remove(row);
      else change(workflowId, { state: 'refused', because: TAKEN_OUT, ...untold(row) });
      if (row.partOf !== null) settle(row.partOf);
      goOn(row.lane);
    },
    takeOut({ workflowId, because }) {
      const row = entry(workflowId);
      if (!row || !isLive(row) || mayHaveBegun(row)) return false;
      if (isUnclaimed(row)) draft.withdraw(workflowId);
      change(workflowId, { state: 'refused', because, ...untold(row) });
      goOn(row.lane);
      return true;
    },
    giveUp({ workflowId, because }) {
      const row = entry(workflowId);
      if (row?.state !== 'waits') return false;
      for (const part of partsOf(workflowId)) remove(part);
      change(workflowId, { state: 'refused', because, ...untold(row) });
      if (row.partOf !== null) settle(row.partOf);
      goOn(row.lane);
      return true;
    },
    forget(workflowIds) {
      for (const workflowId of workflowIds) {
        const row = entry(workflowId);
        if (!row || (isLive(row) && mayHaveBegun(row))) continue;
        remove(row);
        goOn(row.lane);
      }
    },
    stepAside(workflowId) {
      const row = entry(workflowId);
      if (row?.state !== 'runs') return;
      change(workflowId, { rests: 1 });
      settle(holderOf(row).workflowId);
    },
    stepBack(workflowId) {
      const row = entry(workflowId);
      if (!row || !isLive(row)) return;
      if (row.rests === 1) change(workflowId, { rests: 0 });
      if (row.partOf !== null) wantSlot(workflowId, row.partOf);
      else if (row.state === 'aside') takeAgain(workflowId, workflowId);
    },
    setMode({ lane, title, mode, by, reason }) {
      if (!draft.lane(lane)) {
        if (title === undefined) return false;
        draft.openLane(lane, title);
      }
      draft.changeLane(lane, { mode, by, reason: reason ?? null, changedAt: now });
      goOn(lane);
      return true;
    },
    moveAhead({ workflowId, by, reason }) {
      const found = entry(workflowId);
      const row = found && holderOf(found);
      if (row?.state !== 'waits') return false;
      const all = inLane(row.lane);
      const priority = Math.min(...all.filter(({ state }) => state === 'waits').map((other) => other.priority));
      const place = Math.min(...all.map((other) => other.place)) - 1;
      change(row.workflowId, { priority, place, movedBy: by, moveReason: reason ?? null });
      goOn(row.lane);
      return true;
    },
    noteTold({ workflowId, words }) {
      const row = entry(workflowId);
      const isSo = words === undefined ? row !== undefined && !isLive(row) : row?.state === 'waits' && row.turns === 0;
      if (isSo) change(workflowId, { told: words ?? null });
      return isSo;
    },
    setLimit({ automation, group, limit }) {
      for (const row of draft.entries())
        if (isLive(row) && row.automation === automation && row.group === group && row.limit !== limit)
          change(row.workflowId, { limit });
      for (const lane of draft.lanes()) goOn(lane);
    },
    placeOf(workflowId) {
      const own = entry(workflowId);
      const row = own && !isLive(own) ? own : own && holderOf(own);
      if (row?.state === 'superseded') return { state: 'superseded', by: row.supersededBy ?? '' };
      if (row?.state === 'refused') return { state: 'refused', because: row.because ?? '' };
      if (row?.state !== 'waits') return { state: 'runs' };
      const lane = laneOf(row.lane);
      const place = waiting(lane).findIndex((other) => other.workflowId === row.workflowId);
      const holder = lane.entries.find(({ state }) => state === 'runs');
      const after = (waiting(lane)[place - 1] ?? holder)?.workflowId;
      const paused = pausedBy(draft.lane(row.lane));
      return { state: 'waits', place: place + 1, ...(after !== undefined && { after }), ...(paused && { paused }) };
    },
    get hasLetOn() {
      return moves.hasLetOn;
    },
    changes: draft.changes,
  };
}

/** Whether a run may have parts: one that waits to begin has none. */
function hasHadSlot(row: KnownEntry): boolean {
  return isLive(row) && row.turns > 0;
}

function pausedBy(lane: LaneRow | undefined): Queued['paused'] {
  if (lane?.mode !== 'paused') return undefined;
  const { by, reason } = lane;
  return { ...(by !== null && { by }), ...(reason !== null && { reason }) };
}

const TAKEN_OUT = 'it was taken out of its lane before it began';
