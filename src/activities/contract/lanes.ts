import type { LaneClaim } from '../../lanes/concurrency.js';
import type { Queued } from '../../lanes/queue-words.js';

/** Activities about the lane of the run that calls them. */
export interface LaneActivities {
  /** Enters a lane: for a run that no delivery has started. Without a claim, which code may have lost, it is in none. */
  enterLane(input: EnterLaneInput): Promise<LaneAnswer>;
  /** Gives up the slot of a run that waits for a person, and keeps its place. */
  stepAside(input: Record<string, never>): Promise<void>;
  /** Asks for the slot of a run that has entered and kept its place only, since it had something to find out or to wait for. */
  takeSlot(input: Record<string, never>): Promise<LaneAnswer>;
}

/** A run that enters a lane. */
export interface EnterLaneInput {
  readonly claim: LaneClaim | undefined;
  /** The run id of its first execution. Absent where an older version began the run. */
  readonly runId?: string;
  /** The run that has started it as a child. */
  readonly parent?: { readonly workflowId: string; readonly runId: string } | undefined;
}

/**
 * How a run stands in its lane. One that waits is let on by a signal; one that is superseded is told so by a signal, and
 * cancelled.
 */
export type LaneAnswer =
  | { readonly state: 'runs' }
  | ({ readonly state: 'waits' } & Queued)
  | { readonly state: 'superseded'; readonly by: string }
  | { readonly state: 'refused'; readonly because: string };
