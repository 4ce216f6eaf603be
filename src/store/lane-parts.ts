import { canStepAside } from '../lanes/lane.js';
import type { LaneDraft } from './lane-draft.js';
import type { LaneMoves } from './lane-moves.js';
import type { KnownEntry } from './lane-rows.js';

/** Runs that have the slot of another one, as parts of it. */
export interface LaneParts {
  /** Lets a run in that has the slot of another one, and has that take it again if need be. */
  enterPart(row: KnownEntry, holder: KnownEntry): void;
  /** A part needs the slot of its holder. */
  wantSlot(workflowId: string, holderId: string): void;
  /** Gives up the slot of a run once neither it nor a part of it works. Where too many are aside already, its slot stays its own. */
  settle(workflowId: string): void;
  /** Returns the run whose slot a run of a lane has: its own, or that of the one that it is a part of. */
  holderOf(row: KnownEntry): KnownEntry;
}

/** Returns the parts of runs in lanes that are being changed. */
export function partsIn(draft: LaneDraft, { goOn, takeAgain, letPartOn }: LaneMoves): LaneParts {
  const { entry, change, laneOf, partsOf } = draft;

  function enterPart(row: KnownEntry, holder: KnownEntry): void {
    draft.add({ ...row, partOf: holder.workflowId });
    wantSlot(row.workflowId, holder.workflowId);
  }

  function wantSlot(workflowId: string, holderId: string): void {
    if (entry(holderId)?.state === 'aside') takeAgain(holderId, workflowId);
    const holder = entry(holderId);
    const part = entry(workflowId);
    if (!part || !holder || part.state === 'runs') return;
    if (holder.state === 'runs') letPartOn(part, workflowId);
    else change(workflowId, { state: 'waits' });
  }

  function settle(workflowId: string): void {
    const row = entry(workflowId);
    const works = row?.rests === 0 || partsOf(workflowId).some(({ rests }) => rests === 0);
    if (!row || works || (row.state !== 'runs' && row.state !== 'waits') || !canStepAside(laneOf(row.lane))) return;
    change(workflowId, { state: 'aside' });
    for (const part of partsOf(workflowId)) change(part.workflowId, { state: 'aside' });
    goOn(row.lane);
  }

  function holderOf(row: KnownEntry): KnownEntry {
    return (row.partOf === null ? undefined : entry(row.partOf)) ?? row;
  }

  return { enterPart, wantSlot, settle, holderOf };
}
