import type { HookyardEvent } from '../../events/event.js';
import type { Preconditions } from '../../runs/options.js';
import type { Trigger } from '../../triggers/trigger.js';
import type { About, Place } from '../../waits/about.js';

/** Activities by which a run waits for an event. */
export interface WaitActivities {
  /** Begins to wait. What has arrived already is given at once. */
  openWait(input: OpenWaitInput): Promise<OpenedWait>;
  /** Waits no more. The event that it was given before all the same is its result. */
  closeWait(input: CloseWaitInput): Promise<EndedWait>;
  /** Waits no more, and hands back what was given: the run takes it no more. */
  freeWait(input: FreeWaitInput): Promise<void>;
  /** Ends all waits of the run, which is about to end. */
  closeWaits(input: Record<string, never>): Promise<void>;
  /** Has the run cancelled, for a reason. */
  endRun(input: EndRunInput): Promise<void>;
}

/** A wait to be opened. */
export interface OpenWaitInput extends Place {
  /** Counts the waits of the run, from 1. */
  readonly number: number;
  /** In words. */
  readonly title: string;
  readonly on: readonly Trigger[];
  readonly about: About;
  /** Absent: for as long as the run is open. */
  readonly withinMs?: number;
  /** Its event ends the run. */
  readonly ends?: true;
  /** Only what came after this delivery counts; `inclusive`: its other events still do. `receivedAt`: ISO 8601. */
  readonly after: { readonly deliveryId: string; readonly receivedAt: string; readonly inclusive?: true };
  /** Only newer states of the pull request count, whenever they were received; and what else was received later. ISO 8601, both. */
  readonly newerThan?: { readonly changedAt: string; readonly receivedAt: string };
}

/** A wait that was opened. */
export interface OpenedWait extends EndedWait {
  readonly id: string;
}

/** A wait to be closed. */
export interface CloseWaitInput {
  readonly id: string;
  /** Its time is up: what has arrived in time is compared with it first. */
  readonly last?: Place;
}

/** A wait that was cancelled. */
export interface FreeWaitInput {
  readonly number: number;
  /** Absent where it was cancelled before the run has learned it. */
  readonly id?: string | undefined;
}

/** How a wait stands. */
export interface EndedWait {
  /** Absent where it was given nothing. */
  readonly given?: { readonly event: HookyardEvent; readonly asks: Preconditions };
}

/** Why a run ends. */
export interface EndRunInput {
  /** In words. */
  readonly because: string;
}
