import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
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

/** Writes what the run waits for into its search attributes; undefined once it waits no more. As {@link tellOutcome} does. */
export function tellWaiting(waitsFor: (typeof WAITING_FOR)[number] | undefined): void {
  if (canTell('HookyardWaiting')) upsertSearchAttributes(toPairs({ HookyardWaiting: waitsFor ?? WAITS_FOR_NOTHING }));
}

/** Writes the lane that the run has entered into its search attributes. As {@link tellOutcome} does. */
export function tellLane(title: string): void {
  if (canTell('HookyardLane')) upsertSearchAttributes(toPairs({ HookyardLane: title }));
}

/** Returns whether the run was started with a search attribute: its namespace knows it then. */
export function canTell(name: string): boolean {
  return workflowInfo().searchAttributes[name] !== undefined;
}
