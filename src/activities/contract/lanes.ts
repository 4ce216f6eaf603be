import type { LaneClaim } from '../../lanes/concurrency.js';

/** Activities about the lane of the run that calls them. */
export interface LaneActivities {
  /** Enters a lane: for a run that no delivery has started. Without a claim, which code may have lost, it is in none. */
  enterLane(input: { readonly claim: LaneClaim | undefined }): Promise<LaneAnswer>;
  /** Asks for the slot of a run that has entered and kept its place only, since it had something to find out or to wait for. */
  takeSlot(input: Record<string, never>): Promise<LaneAnswer>;
}

/**
 * How a run stands in its lane. One that waits is let on by a signal; one that is superseded is told so by a signal, and
 * cancelled.
 */
export type LaneAnswer =
  | { readonly state: 'runs' }
  | { readonly state: 'waits'; readonly place: number; readonly after?: string | undefined }
  | { readonly state: 'superseded'; readonly by: string }
  | { readonly state: 'refused'; readonly because: string };
