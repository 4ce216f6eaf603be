import type { HookyardEvent } from '../../events/event.js';
import type { Preconditions } from '../../runs/options.js';
import type { Trigger } from '../../triggers/trigger.js';
import type { About, Place } from '../../waits/about.js';
import type { PullRequestState } from '../../waits/next-for.js';

/**
 * The durable table of runs that wait for an event. A wait is compared with every delivery of its place, in the order of the
 * inbox, from the one on that its run began with; so what came before it was opened counts too.
 */
export interface Waits {
  /** Opens a wait. The same id again changes nothing. Answers `false` where the run has {@link MAX_OPEN_WAITS} already. */
  open(wait: NewWait): Promise<boolean>;
  /** Ends a wait, unless it has been given an event already; answers that event then. */
  close(id: string): Promise<GivenEvent | undefined>;
  /** Ends a wait whose run takes its event no more: the run's next wait may get what this one has been given. */
  free(id: string): Promise<void>;
  /** Returns the event that a wait has been given; undefined if it was given none, or what was forgotten since. */
  given(id: string): Promise<GivenEvent | undefined>;
  /** Ends all waits of runs, or of one run of a workflow id, or only those that were opened before a time (Unix ms). */
  closeAll(runs: {
    readonly workflowIds: readonly string[];
    readonly runId?: string;
    readonly before?: number;
  }): Promise<void>;
  /** Returns places where something has arrived that an open wait has not been compared with. */
  toLookAt(options: { readonly limit: number }): Promise<Place[]>;
  /**
   * Compares the open waits of a place with the next deliveries there, and gives each the first that matches: once, and with
   * the signal that tells its run, in one transaction. Answers what was given, and whether there is more to compare. With
   * `workflowId`, only the waits of that run, so that nobody else's that are behind hold them up.
   */
  look(place: Place & { readonly workflowId?: string }): Promise<Look>;
  /** Returns the open waits of a run, those first that were opened first. */
  list(filter: { readonly limit: number; readonly workflowId: string }): Promise<WaitRecord[]>;
  /**
   * Returns runs with open waits that Temporal was not asked about since `before` (Unix ms), up to `limit`, and notes that it is
   * asked about them now.
   */
  toAskAbout(options: { readonly limit: number; readonly before: number }): Promise<string[]>;
}

/** Waits that one run may have open at once. */
export const MAX_OPEN_WAITS = 100;

/** A run that begins to wait. */
export interface NewWait extends Place {
  /** Unique for ever. */
  readonly id: string;
  readonly workflowId: string;
  readonly runId: string;
  /** What is waited for, in words. */
  readonly title: string;
  readonly on: readonly Trigger[];
  readonly about: About;
  /** Its event ends the run, and the run may have got it by a wait of the other sort as well. */
  readonly ends?: true;
  /** Unix ms: what is received later does not count. */
  readonly until: number;
  /** Only what came after this delivery counts. */
  readonly after: AfterDelivery;
  /** And of its pull request's states only those that are newer. */
  readonly newerThan?: PullRequestState;
}

/** A place in the order of the inbox. */
export interface AfterDelivery {
  readonly deliveryId: string;
  /** Its other events count still: those that the run has not got. */
  readonly inclusive?: true;
  /** Unix ms: decides where the inbox does not hold it. */
  readonly receivedAt: number;
}

/** An event that a wait was given. */
export interface GivenEvent {
  readonly event: HookyardEvent;
  /** What has to be found out before it is handed over. */
  readonly asks: Preconditions;
}

/** What a look at a place has come to. */
export interface Look {
  readonly given: readonly { readonly workflowId: string; readonly deliveryId: string }[];
  /** Deliveries that a wait would have got, were they not larger than Temporal takes. */
  readonly tooLarge: readonly { readonly workflowId: string; readonly deliveryId: string }[];
  /** Waits whose triggers can't be compared with anything: they are not what the kit's functions make. They get nothing. */
  readonly broken: readonly { readonly workflowId: string; readonly error: unknown }[];
  readonly more: boolean;
}

/** A wait that is open, as people see it. */
export interface WaitRecord {
  readonly id: string;
  readonly workflowId: string;
  readonly title: string;
  readonly on: readonly Trigger[];
  readonly ends?: true;
  /** Unix ms, both. */
  readonly since: number;
  readonly until: number;
}
