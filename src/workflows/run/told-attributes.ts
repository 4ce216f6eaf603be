import { patched, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { RunOutcome } from '../../events/event.js';
import { toPairs, type WAITING_FOR, WAITS_FOR_NOTHING } from '../../runs/search-attributes.js';

/**
 * Writes how the run has ended into its search attributes: it waits for nothing any more. Does nothing where it was started without them: Temporal would
 * try the run again and again if its namespace did not know them.
 */
export function tellOutcome(outcome: RunOutcome): void {
  if (canTell('HookyardOutcome'))
    upsertSearchAttributes(toPairs({ HookyardOutcome: outcome, HookyardWaiting: WAITS_FOR_NOTHING }));
}

/** What parts of a run wait for: `fork` for the approval of a stranger's code. */
type Reason = 'lane' | 'approval' | 'fork' | 'event';

const WAITS = {
  lane: 'lane',
  approval: 'approval',
  fork: 'approval',
  event: 'event',
} as const satisfies Record<Reason, (typeof WAITING_FOR)[number]>;
/** Runs that an older version started tell that they wait for nothing once a part of them waits no more. */
const TELLS_REST = 'tells-what-waits-still';

/** How many parts of the run wait for what. Module state: the workflow sandbox gives each run its own. */
const waiting: Record<Reason, number> = { lane: 0, approval: 0, fork: 0, event: 0 };

/** Writes into the run's search attributes what a part of it begins to wait for. As {@link tellOutcome} does. */
export function tellWaiting(reason: Reason): void {
  waiting[reason] += 1;
  write(WAITS[reason]);
}

/** Writes what other parts of the run wait for, once one waits no more. As {@link tellOutcome} does. */
export function tellWaited(reason: Reason): void {
  noteWaited(reason);
  tellRest();
}

/** Keeps that a part of the run waits no more, where others say so. */
export function noteWaited(reason: Reason): void {
  waiting[reason] = Math.max(0, waiting[reason] - 1);
}

/** Writes what the run waits for still. `but`: of what one is about to end. As {@link tellOutcome} does. */
export function tellRest(but?: Reason): void {
  const rest = (Object.keys(WAITS) as Reason[]).find((reason) => waiting[reason] > (reason === but ? 1 : 0));
  write(rest !== undefined && canTell('HookyardWaiting') && patched(TELLS_REST) ? WAITS[rest] : WAITS_FOR_NOTHING);
}

function write(waitsFor: string): void {
  if (canTell('HookyardWaiting')) upsertSearchAttributes(toPairs({ HookyardWaiting: waitsFor }));
}

/** Writes the lane that the run has entered into its search attributes. As {@link tellOutcome} does. */
export function tellLane(title: string): void {
  if (canTell('HookyardLane')) upsertSearchAttributes(toPairs({ HookyardLane: title }));
}

/** Returns whether the run was started with a search attribute: its namespace knows it then. */
export function canTell(name: string): boolean {
  return workflowInfo().searchAttributes[name] !== undefined;
}
