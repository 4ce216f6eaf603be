import type { LaneClaim } from '../lanes/concurrency.js';
import type { Happened } from '../lanes/happened.js';
import type { LaneEntry, Newest } from '../lanes/lane.js';
import { LET_ON_SIGNAL } from '../runs/names.js';
import type { RunOptions } from '../runs/options.js';
import { type Entering, type EntryRow, FARTHEST_HELD_MS, type KnownEntry, type LaneSignal } from './lane-rows.js';

/** Returns the entry of a run that enters a lane. */
export function newEntry(
  run: Entering,
  claim: LaneClaim,
  { arrived, now, within = [] }: { arrived: number; now: number; within?: readonly string[] },
): KnownEntry {
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
    partOf: null,
    around: within.length > 0 ? JSON.stringify(within) : null,
    rests: 0,
    startState: null,
    startAttempts: null,
  };
}

/** Returns an entry as a lane decides by it. */
export function toEntry(row: KnownEntry): LaneEntry {
  const { workflowId, automation, kind, arrived, place, priority, limit, onBusy } = row;
  return {
    ...{ workflowId, automation, kind, arrived, place, priority, limit, onBusy },
    state: row.state === 'runs' || row.state === 'aside' ? row.state : 'waits',
    skipOutdated: row.skipOutdated === 1,
    endsFor: row.supersededBy ?? undefined,
    happened: happenedOf(row),
  };
}

/** Returns what is kept of a run that may be the newest of its lane. */
export function newestOf(row: KnownEntry): Newest {
  const happened = happenedOf(row);
  return { arrived: row.arrived, workflowId: row.workflowId, ...(happened && { happened }) };
}

function happenedOf({ happened }: KnownEntry): Happened | undefined {
  return happened === null ? undefined : (JSON.parse(happened) as Happened);
}

/** Returns what tells a run that it is let on. The number of its entry, and of its turn, make it another one the next time. */
export function letOnSignal({ arrived, turns, workflowId }: KnownEntry): LaneSignal {
  return { id: `let-on/${arrived}/${turns}/${workflowId}`, workflowId, name: LET_ON_SIGNAL, payload: '' };
}

/** Returns whether the run is in its lane. */
export function isLive({ state }: Pick<KnownEntry, 'state'>): boolean {
  return state === 'waits' || state === 'runs' || state === 'aside';
}

/** Returns whether the run waits for more of the same. */
export function isHeld({ state, dueAt }: Pick<KnownEntry, 'state' | 'dueAt'>): boolean {
  return state === 'aside' && dueAt !== null;
}

/** Returns whether the run has waited for more of the same for long enough. `now`: Unix ms. */
export function isDue(row: Pick<KnownEntry, 'state' | 'dueAt'>, now: number): boolean {
  const { dueAt } = row;
  return isHeld(row) && dueAt !== null && (dueAt <= now || dueAt > now + FARTHEST_HELD_MS);
}

/** Returns whether an entry is that of another run, which had the workflow id before. */
export function isOfEarlierRun({ delivery, runId }: KnownEntry, run: Entering): boolean {
  return delivery === null && run.delivery === null && runId !== null && runId !== run.runId;
}

/** Returns whether the run is to begin, and nobody has tried to start it. */
export function isUnclaimed({ startState, startAttempts }: KnownEntry): boolean {
  return startState === 'pending' && startAttempts === 0;
}

/** Returns whether the run may have begun: only what has not can be taken out without being told. */
export function mayHaveBegun(row: KnownEntry): boolean {
  return row.delivery === null || (!isUnclaimed(row) && row.turns > 0);
}

/**
 * Returns whether Temporal is known to have the run, so that it can be told something. One that is being started may be there, or
 * not; one that has come back has told so itself.
 */
export function isInTemporal({ delivery, state, turns, startState }: KnownEntry): boolean {
  if (delivery === null) return true;
  return turns > 0 && (state === 'waits' || turns > 1 || startState !== 'pending');
}

/** Returns what is to be told of a run that never begins: nothing but a status can. One that Temporal has tells it itself. */
export function untold({ delivery, turns, startState, told }: KnownEntry): Pick<EntryRow, 'told'> {
  const isOurs = delivery !== null && (turns === 0 || startState === 'pending');
  return { told: isOurs ? (told ?? '') : told };
}

/** Returns a run's options with some more of them, as JSON. */
export function withOptions(how: string | null, more: RunOptions): string {
  return JSON.stringify({ ...(how === null ? {} : (JSON.parse(how) as RunOptions)), ...more });
}
