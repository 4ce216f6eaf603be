import { isOlder } from '../lanes/happened.js';
import { type Held, MAX_SUPERSEDED } from '../lanes/held.js';
import { comeBack, comparable, FULL, type LaneStep, MAX_WAITING, waiting } from '../lanes/lane.js';
import type { LaneDraft } from './lane-draft.js';
import { isHeld, toEntry, withOptions } from './lane-entry.js';
import { type LaneMoves, NOT_CLAIMED } from './lane-moves.js';
import type { HeldEvents, KnownEntry } from './lane-rows.js';

/** Runs that wait for more of the same before they ask for a slot. */
export interface LaneHolds {
  /** Returns those of the run's lane and kind that wait for more of the same. */
  heldWith(row: KnownEntry): KnownEntry[];
  /** Lets a run wait for more of the same, with those that do so already: the newest of them in the place of all. */
  hold(row: KnownEntry, held: Held): void;
  /** A run has waited for more of the same for long enough. */
  ask(row: KnownEntry): void;
}

/** Returns those that wait so in lanes that are being changed. `now`: Unix ms. */
export function holdsIn(draft: LaneDraft, { begin, carryOut, goOn }: LaneMoves, now: number): LaneHolds {
  const { change, inLane, laneOf } = draft;

  function heldWith(row: KnownEntry): KnownEntry[] {
    return inLane(row.lane).filter((other) => isHeld(other) && comparable(other) === comparable(row));
  }

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

  function ask(row: KnownEntry): void {
    const { workflowId, lane } = row;
    const { superseded } = JSON.parse(row.held ?? '') as HeldEvents;
    const how = superseded.length > 0 ? withOptions(row.how, { superseded }) : row.how;
    const next = change(workflowId, { dueAt: null, how });
    if (!next) return;
    if (row.asks === 1) {
      begin(change(workflowId, { turns: 1, ...NOT_CLAIMED }) ?? next);
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

  return { heldWith, hold, ask };
}
