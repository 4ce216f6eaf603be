import { isOlder } from '../lanes/happened.js';
import { comeBack, comparable, type LaneStep, letOn } from '../lanes/lane.js';
import type { LaneDraft } from './lane-draft.js';
import { isHeld, isInTemporal, isUnclaimed, letOnSignal, newestOf, toEntry, untold } from './lane-entry.js';
import type { KnownEntry } from './lane-rows.js';
import { outdatedSignal } from './outdated-signal.js';

/** Carries out what lanes decide. `asking`: the run that is told by the answer of the call. */
export interface LaneMoves {
  carryOut(step: LaneStep, asking: string | undefined): void;
  /** Lets on whoever may go on in a lane. */
  goOn(lane: string, asking?: string): void;
  /** Has a run ask for its slot that has stepped aside. */
  takeAgain(workflowId: string, asking: string): void;
  /** Lets a run go on that has the slot of another one. */
  letPartOn(part: KnownEntry, asking: string | undefined): void;
  /** Has a run begin that no answer tells so. */
  begin(row: KnownEntry): void;
  /** Whether anybody was let on so far, beside a run that is told by the answer of the call. */
  readonly hasLetOn: boolean;
}

/** What a start is like that was put among the dispatches just now. */
export const NOT_CLAIMED = { startState: 'pending', startAttempts: 0 } as const;

/** Returns the moves in lanes that are being changed. */
export function movesIn(draft: LaneDraft): LaneMoves {
  const { entry, change, laneOf, partsOf } = draft;
  let hasLetOn = false;

  function carryOut(step: LaneStep, asking: string | undefined): void {
    const row = entry(step.workflowId);
    if (!row) return;
    const { workflowId } = step;
    switch (step.kind) {
      case 'wait':
        change(workflowId, { state: 'waits' });
        return;
      case 'refuse':
        change(workflowId, { state: 'refused', because: step.because, ...untold(row) });
        return;
      case 'let-on':
        letRunOn(row, asking);
        return;
      case 'supersede':
        change(workflowId, { state: 'superseded', supersededBy: step.by });
        if (isInTemporal(row) && workflowId !== asking) draft.signal(outdatedSignal({ ...row, supersededBy: step.by }));
        return;
      case 'end':
        if (isUnclaimed(row) || isHeld(row)) {
          change(workflowId, { state: 'superseded', supersededBy: step.by });
          draft.withdraw(workflowId);
          return;
        }
        change(workflowId, { supersededBy: step.by });
        if (isInTemporal(row)) draft.signal(outdatedSignal({ ...row, supersededBy: step.by }));
        return;
      default:
        step satisfies never;
    }
  }

  function letRunOn(row: KnownEntry, asking: string | undefined): void {
    const { workflowId } = row;
    const isGiven = isInTemporal(row);
    const next = change(workflowId, { state: 'runs', turns: row.turns + 1, ...(!isGiven && NOT_CLAIMED) });
    const { newest = {} } = draft.lane(row.lane) ?? {};
    const last = newest[comparable(row)];
    const given = newestOf(row);
    if (last === undefined || isOlder(last, given))
      draft.changeLane(row.lane, { newest: { ...newest, [comparable(row)]: given } });
    for (const part of partsOf(workflowId)) if (part.state === 'waits') letPartOn(part, asking);
    // One that has taken its slot again for the sake of a part waits for people still.
    if (workflowId === asking || !next || next.rests === 1) return;
    hasLetOn = true;
    if (isGiven) draft.signal(letOnSignal(next));
    else draft.begin(next);
  }

  function letPartOn(part: KnownEntry, asking: string | undefined): void {
    const next = change(part.workflowId, { state: 'runs', turns: part.turns + 1 });
    if (part.workflowId === asking || !next) return;
    hasLetOn = true;
    draft.signal(letOnSignal(next));
  }

  function takeAgain(workflowId: string, asking: string): void {
    const row = entry(workflowId);
    if (!row) return;
    const lane = laneOf(row.lane);
    const others = { ...lane, entries: lane.entries.filter((other) => other.workflowId !== workflowId) };
    const back = toEntry({ ...row, state: 'waits' });
    change(workflowId, { asks: 0 });
    for (const step of comeBack(others, back, { isFirst: row.asks === 1 })) carryOut(step, asking);
    goOn(row.lane, asking);
  }

  function goOn(lane: string, asking?: string): void {
    for (const step of letOn(laneOf(lane))) carryOut(step, asking);
  }

  function begin(row: KnownEntry): void {
    hasLetOn = true;
    draft.begin(row);
  }

  return {
    carryOut,
    goOn,
    takeAgain,
    letPartOn,
    begin,
    get hasLetOn() {
      return hasLetOn;
    },
  };
}
