import { defineSignal, setHandler } from '@temporalio/workflow';
import type { EndedWait } from '../../activities/contract/index.js';
import { WAIT_SIGNAL, type WaitSignal } from '../../runs/names.js';

/** An event that a wait was given, and what has to be found out before it is handed over. */
export type Given = NonNullable<EndedWait['given']>;

/** Module state: the workflow sandbox gives each run its own. */
const heard = new Map<string, Given>();
/** Waits that have ended: what is told of one later is known already. */
const ended = new Set<string>();
let isHearing = false;

/** Begins to hear what waits are given. What came while nobody listened is told once somebody does. */
export function hearEvents(): void {
  if (isHearing) return;
  isHearing = true;
  setHandler(defineSignal<[WaitSignal]>(WAIT_SIGNAL), ({ wait, event, asks }) => {
    if (!ended.has(wait)) heard.set(wait, { event, asks });
  });
}

/** Returns what a wait was given, as far as the run has heard of it. */
export function heardOf(id: string): Given | undefined {
  return heard.get(id);
}

/** Keeps that a wait has ended: nothing more is heard of it. */
export function hearNoMore(id: string): void {
  ended.add(id);
  heard.delete(id);
}

/** Returns how many waits have ended. */
export function endedWaits(): number {
  return ended.size;
}
