import type { HookyardEvent } from '../../events/event.js';
import type { LaneClaim } from '../../lanes/concurrency.js';
import type { Queued } from '../../lanes/queue-words.js';

/** Whether a run waits for ever. */
export interface DeadlockLook {
  readonly workflowId: string;
  /** Who has waited for less than that may go on, in milliseconds. */
  readonly standsMs: number;
  /** Workflow ids of runs that wait for nothing but their children. */
  readonly awaiting?: readonly string[] | undefined;
}

/**
 * The durable table of lanes: which runs are in one, and in which order. Runs that deliveries ask for enter with their
 * delivery ({@link NewStart.lane}); until one is let on there is no dispatch of it.
 */
export interface Lanes {
  /** Lets a run in that Temporal began by itself, and that waits for the answer. Doing it again changes nothing. */
  enter(run: EnteringRun): Promise<LanePlace>;
  /**
   * Takes runs out that have ended, or that never began, and lets on who waits for them. Runs that are in no lane change
   * nothing. Answers whether anybody was let on.
   */
  leave(workflowIds: readonly string[]): Promise<boolean>;
  /** Takes a run out, and says why, that has not begun: nobody has tried to start it. `false` if it has, or is in no lane. */
  takeOut(run: { readonly workflowId: string; readonly because: string }): Promise<boolean>;
  /**
   * Takes a run out that waits for ever: for the slot of one that waits for its child, which waits in another lane, and in the end for
   * this run. Returns why, which {@link enter} and {@link stepBack} answer from then on. Does nothing where somebody may go on, and where
   * it isn't said who waits for nothing but children: then it returns the workflow ids of those of whom that has to be known.
   */
  breakDeadlock(look: DeadlockLook): Promise<{ readonly because: string } | { readonly ask: readonly string[] }>;
  /**
   * Has those runs ask for a slot that have waited for more of the same for long enough. Answers whether anybody was let on, and in
   * how many milliseconds the next of them is due.
   */
  letDue(): Promise<{ readonly hasLetOn: boolean; readonly nextMs?: number | undefined }>;
  /** Gives up the slot of a run that waits for a person, and keeps its place. Answers whether anybody was let on. */
  stepAside(workflowId: string): Promise<boolean>;
  /** Ends that. The run goes on once its turn has come: {@link LanePlace}, or the signal that tells it. */
  stepBack(workflowId: string): Promise<LanePlace>;
  /**
   * Returns runs that Temporal is to be asked about, because others wait for them, and notes that they are asked about now:
   * up to `limit` of those that were not asked about since `before` (Unix ms). Only runs that Temporal has been given.
   */
  toAskAbout(options: { readonly limit: number; readonly before: number }): Promise<LaneHolder[]>;
  /**
   * Returns runs that wait to begin, or that nobody has begun to start since they were let on, in the order of their arrival, each
   * with the event of its delivery.
   */
  notBegun(filter: NotBegunFilter): Promise<RunNotBegun[]>;
  /** Returns runs of which commit statuses may have to say something, those that never begin first. */
  toTell(options: ToTellFilter): Promise<RunToTell[]>;
  /**
   * Notes what commit statuses are about to say of runs that wait to begin, or, without words, that they have said how it
   * ended. Answers for which runs that is still so: others have begun meanwhile, and say themselves how they stand.
   */
  noteTold(told: readonly ToldRun[]): Promise<string[]>;
  /** Returns the lanes with somebody in them and those that an operator holds up; with `named`, all whose title holds that; by title. */
  list(filter: LaneFilter): Promise<LaneRecord[]>;
  /** Holds a lane up, or lets it go on. `false` if there is no such lane. */
  setMode(change: LaneChange): Promise<boolean>;
  /** Puts a waiting run ahead of all others of its lane. `false` if it does not wait. */
  moveAhead(move: { readonly workflowId: string } & Signed): Promise<boolean>;
  /** Sets the limit of what an automation declares for a group, because its code has changed. Answers whether anybody was let on. */
  setLimit(change: { readonly automation: string; readonly group: string; readonly limit: number }): Promise<boolean>;
}

/** Which runs are meant that wait to begin. */
export interface NotBegunFilter {
  readonly limit: number;
  /** Only those that arrived after this one, which ended the page before; 0 for the first page. */
  readonly after: number;
  readonly source?: string | undefined;
  readonly automation?: string | undefined;
  /** Only those whose workflow id begins so. */
  readonly beginning?: string | undefined;
}

/** A run that waits in a lane to begin: Temporal does not know it yet. */
export interface RunNotBegun {
  readonly workflowId: string;
  readonly automation: string;
  readonly arrived: number;
  readonly event: HookyardEvent;
  /** When somebody asked for it once more, ISO 8601; absent from the first run of its event. */
  readonly again?: string;
}

/** Which runs are asked for that statuses have to tell of. */
export interface ToTellFilter {
  readonly limit: number;
  /** Only those that came to their state before (Unix ms). */
  readonly before: number;
  /** Of those that wait, only those that arrived after this one, which ended the page before. */
  readonly after: number;
}

/** A run that a delivery asks for and that has not begun, and what commit statuses say of it. */
export type RunToTell = {
  readonly workflowId: string;
  readonly automation: string;
  readonly source: string;
  /** Our id of the delivery, and which of its events the run is for. */
  readonly deliveryId: string;
  readonly part: number;
  /** When it was asked for (Unix ms). */
  readonly since: number;
  /** How many have entered lanes before it. */
  readonly arrived: number;
  /** The lane, as people call it. */
  readonly title: string;
  /** What was told last; absent where nothing was. */
  readonly told?: string;
} & (
  | ({ readonly state: 'waits' } & Queued)
  | { readonly state: 'superseded'; readonly by: string }
  | { readonly state: 'refused'; readonly because: string }
);

/** What commit statuses are to say of a run; without `words` that it never begins has been said. */
export interface ToldRun {
  readonly workflowId: string;
  readonly words?: string;
}

/** Which lanes are listed. */
export interface LaneFilter {
  readonly limit: number;
  /** Only those behind this one, which ended the page before. */
  readonly after?: string | undefined;
  /** Only the lane of this name, and those whose title has it in it. */
  readonly named?: string | undefined;
  /** Only the lane that this run is in, by its workflow id. */
  readonly ofRun?: string | undefined;
}

/** A run that begins without a delivery: of a schedule, a child, the end of another run. */
export interface EnteringRun {
  readonly workflowId: string;
  readonly automation: string;
  readonly claim: LaneClaim;
  /** The run id of its first execution: a workflow id may be used again. */
  readonly runId?: string | undefined;
  /** Workflow ids of runs that it is a part of, and that wait for it: where one of them has a slot in the lane, it has too. */
  readonly within?: readonly string[] | undefined;
}

/** How a run stands in its lane. */
export type LanePlace =
  | { readonly state: 'runs' }
  | ({ readonly state: 'waits' } & Queued)
  | { readonly state: 'superseded'; readonly by: string }
  | { readonly state: 'refused'; readonly because: string };

/** A run that has a slot for which others wait. */
export interface LaneHolder {
  readonly workflowId: string;
  readonly lane: string;
}

/** Who changed something, and why: kept, and shown. */
export interface Signed {
  readonly by: string;
  readonly reason?: string | undefined;
}

/** `open`: lets on. `paused`: lets nobody on. `draining`: takes nobody more, and lets on who waits. */
export type LaneMode = 'open' | 'paused' | 'draining';

/** What an operator makes of a lane. */
export interface LaneChange extends Signed {
  readonly lane: string;
  /** Keeps it also for a lane that there is not yet, of this title. */
  readonly title?: string;
  readonly mode: LaneMode;
}

/** A lane, as people see it. */
export interface LaneRecord {
  readonly lane: string;
  readonly title: string;
  readonly mode: LaneMode;
  /** Of the last change of mode. */
  readonly by?: string;
  readonly reason?: string;
  readonly changedAt?: number;
  /** Those that run first, then those that stepped aside, then those that wait, the next first. */
  readonly entries: readonly LaneEntryRecord[];
}

/** A run in a lane, as people see it. */
export interface LaneEntryRecord {
  readonly workflowId: string;
  readonly automation: string;
  readonly state: 'runs' | 'aside' | 'waits';
  /** Since when it is in the lane, and since when in this state (Unix ms). */
  readonly since: number;
  readonly changedAt: number;
  readonly priority: number;
  readonly limit: number;
  /** It was told to end for the sake of this run. */
  readonly endsFor?: string;
  /** It waits for more of the same until then (Unix ms), and has no place yet. */
  readonly until?: number;
  /** Who put it ahead, and why. */
  readonly movedBy?: string;
  readonly moveReason?: string;
}
