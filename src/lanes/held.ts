import type { SupersededEvent } from '../events/event.js';

/** How long events wait for more of the same, so that they become one run. */
export interface Debounce {
  /** As that of a lane; absent where the automation has lanes, whose groups count. */
  readonly group?: string;
  /** In milliseconds: after the last of them, and after the first at most. */
  readonly waitMs: number;
  readonly atMostMs: number;
}

/** What holds a run back. Stored with the verdict, so its fields keep their names. */
export interface Held extends Omit<Debounce, 'group'> {
  /** What is told of its event to the run that takes its place. */
  readonly event: SupersededEvent;
}

/** Events that one run may stand for are told to it, the last of them. */
export const MAX_SUPERSEDED = 100;
