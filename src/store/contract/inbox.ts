import type { HookyardEvent, SupersededEvent } from '../../events/event.js';
import type { LaneClaim } from '../../lanes/concurrency.js';
import type { RunOptions } from '../../runs/options.js';
import type { Verdict } from '../../triggers/verdict.js';

/** More bytes than the bodies of deliveries hardly ever have. The databases' indexes hold the same number. */
export const LARGE_BODY = 1024 * 1024;

/** The durable table of deliveries, and of what is to be started for them. */
export interface Inbox {
  /**
   * Keeps a verified delivery and the starts its verdicts ask for, in one transaction. A delivery whose key is known
   * for its source, or whose body is (within the window), is not stored again: the answer names the first one.
   */
  accept(delivery: NewDelivery): Promise<Acceptance>;
  /**
   * Keeps further starts for a delivery that is there already: runs that an operator wants on purpose. Workflow ids that
   * are there change nothing. `false` if there is no such delivery.
   */
  startAgain(again: { deliveryId: string; starts: readonly NewStart[] }): Promise<boolean>;
  /** Keeps a signal for a run until Temporal has it. The same id again changes nothing and answers `false`. */
  signal(signal: NewSignal): Promise<boolean>;
  /**
   * Leases up to `limit` due dispatches for `leaseMs`: sources take turns, and of each the oldest come first. One that is
   * not settled by then, because its holder died, becomes due again.
   */
  claim(options: { limit: number; leaseMs: number }): Promise<Dispatch[]>;
  /**
   * Makes everything that is leased, or waits for its next attempt, due at once, in the order in which it was asked for. For
   * who knows that all holders are dead.
   */
  endLeases(): Promise<void>;
  settle(settlements: readonly Settlement[]): Promise<void>;
  /** When the next pending dispatch is due (Unix ms), or undefined if none is pending. */
  nextDue(): Promise<number | undefined>;
  /**
   * By our id, by a beginning of it (6 characters or more), or by the provider's delivery key; with `source`, only among
   * that source's. Our whole id means one delivery, whatever else is called so. Rejects with
   * `AmbiguousDeliveryError` where several are meant.
   */
  find(idOrKey: string, among?: { readonly source?: string | undefined }): Promise<DeliveryRecord | undefined>;
  /** The start of a run that a delivery asked for, by its workflow id, and our id of that delivery. */
  findStart(workflowId: string): Promise<FoundStart | undefined>;
  body(deliveryId: string): Promise<Buffer | undefined>;
  /** Which of these delivery keys of a source are there. 1,000 at most are asked for at once. */
  has(source: string, keys: readonly string[]): Promise<Set<string>>;
  /** Newest first. */
  list(filter: DeliveryFilter): Promise<DeliveryRecord[]>;
  /**
   * Returns the deliveries before one that are alike: of the same source, event name and repository, newest first; of one that is about
   * no repository, others that are about none. Looks through the 1,000 before it of its repository, or of its source. Empty if there
   * is no such delivery.
   */
  earlierAlike(than: { readonly id: string; readonly limit: number }): Promise<EarlierDelivery[]>;
  /** When deliveries were received since then (Unix ms): the newest `limit` of them, newest first. */
  arrivalTimes(options: { readonly since: number; readonly limit: number }): Promise<number[]>;
  backlog(): Promise<Backlog>;
  /**
   * Deletes up to `limit` deliveries received before `before` (Unix ms) that have nothing pending, and then, within the
   * same limit, settled signals that old; answers how many of both. Others are served in between: it is no one transaction.
   */
  prune(options: { before: number; limit: number }): Promise<number>;
  /**
   * Deletes up to `limit` bodies of more than {@link LARGE_BODY} bytes received before `before` (Unix ms), of deliveries that
   * have nothing pending, and keeps everything else about them; answers how many. Not in one transaction either.
   */
  pruneLargeBodies(options: { before: number; limit: number }): Promise<number>;
}

/** A delivery to be stored. */
export interface NewDelivery {
  /** Ours; derived from source and key. */
  readonly id: string;
  readonly source: string;
  /** The provider's id of the delivery: what it is deduplicated on, together with the source. */
  readonly key: string;
  /** SHA-256, hexadecimal, of the provider's event name and the body; or of what happened, where events of several names tell of it. */
  readonly bodyHash: string;
  /** The same body received since then (Unix ms) makes this a repeat. */
  readonly repeatedSince: number;
  /** It repeats only deliveries whose event has another name. */
  readonly repeatsOtherEvents?: boolean;
  /** The provider's own name for the event, `pull_request` for example. */
  readonly eventName: string;
  /** Unix ms. */
  readonly receivedAt: number;
  /** Lower-case names; secrets already redacted. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Bytes that are all of their `ArrayBuffer` may be taken with it: they are gone for the caller once `accept` has been
   * called, and a second call with them throws. Others, views of a larger buffer, are copied and stay as they are.
   */
  readonly body: Uint8Array;
  /** What the delivery says; several where it tells of several refs, none where it is ignored. */
  readonly events: readonly HookyardEvent[];
  /** Why nothing was matched: a ping, an event nobody handles. */
  readonly ignored?: string;
  readonly verdicts: readonly Verdict[];
}

/** A run that a delivery asks for. */
export interface NewStart {
  readonly workflowId: string;
  readonly automation: string;
  /** Which of the delivery's events it gets, from 0. */
  readonly part: number;
  readonly how?: RunOptions;
  /** The lane that it enters first. There is a dispatch of it once it has been let on. */
  readonly lane?: LaneClaim;
}

/** Whether a delivery was stored, or which one it repeats. */
export type Acceptance =
  | { readonly stored: true }
  | { readonly stored: false; readonly repeats: 'key' | 'body'; readonly first: DeliveryRecord };

/** A stored delivery, without its body. */
export interface DeliveryRecord
  extends Omit<NewDelivery, 'body' | 'repeatedSince' | 'repeatsOtherEvents' | 'bodyHash'> {
  /** Of the body as it was received. */
  readonly bodyBytes: number;
  /** The body was large, and has been deleted before the rest. */
  readonly bodyDeleted?: true;
  /** What was to be started, and how that went. */
  readonly dispatches: readonly DispatchRecord[];
  /** Runs that waited for it. Absent if there are none. */
  readonly given?: readonly GivenTo[];
}

/** A delivery by which another one may be measured. */
export type EarlierDelivery = Pick<DeliveryRecord, 'id' | 'key' | 'events'>;

/** A run that an event of a delivery was given to. */
export interface GivenTo {
  readonly workflowId: string;
  /** What it waited for, in words. */
  readonly title: string;
  /** Which of the delivery's events it got, from 0. */
  readonly part: number;
  /** Unix ms. */
  readonly at: number;
  /** It ends by it. */
  readonly ends?: true;
}

/** A start that a delivery asks for, and how it went. */
export interface DispatchRecord {
  readonly workflowId: string;
  readonly automation: string;
  /** `waiting`: for its turn in its lane. `superseded` and `refused`: by its lane, so that it never begins. */
  readonly state: 'pending' | 'done' | 'failed' | 'waiting' | 'superseded' | 'refused';
  readonly attempts: number;
  readonly runId?: string;
  /** Of the last attempt that did not succeed. */
  readonly error?: string;
  /** Of one that waits in a lane: 1 is the next. */
  readonly place?: number;
  /** It waits for more of the same until then (Unix ms), and has no place yet. */
  readonly until?: number;
  /** The workflow id of the run that has taken its place. */
  readonly supersededBy?: string;
  /** Why it was refused, in words. */
  readonly because?: string;
  /** What whoever asked for it once more has given, so that it is started once. */
  readonly once?: string;
}

/** A start that was looked for by its run. */
export interface FoundStart extends DispatchRecord {
  readonly deliveryId: string;
  /** The events that have become one run with its own. */
  readonly superseded?: readonly SupersededEvent[];
}

/** Which deliveries are listed. */
export interface DeliveryFilter {
  readonly limit: number;
  readonly source?: string;
  /**
   * Only deliveries about the repository of this full name, whatever the case of its letters; and those of which the store does not
   * know it, since a version before has stored them.
   */
  readonly repository?: string;
  /** Only deliveries with a start that failed for good and was not asked for again. */
  readonly failed?: boolean;
  /**
   * Only deliveries with a start that has failed or was refused, or that waits, even if it was asked for again. Where there are thousands
   * of these, all deliveries are listed: the first of them are soon among those.
   */
  readonly maybe?: 'failed' | 'waiting';
  /** Only deliveries received before this one (Unix ms): the next page. */
  readonly before?: number;
}

/** How many dispatches wait, and how many do no more. */
export interface Backlog {
  readonly pending: number;
  /** Starts that failed for good and were not asked for again. Where more than 10,000 failed, all of those. */
  readonly failed: number;
  /** Signals that failed for good; nothing sends them again. They count until they are pruned. */
  readonly failedSignals: number;
  /** Runs that wait in lanes: for each other, and not for Temporal. */
  readonly waiting: number;
  /** Since when the oldest of them does (Unix ms), of lanes that nobody has paused. */
  readonly longestWaiting?: number;
  /** Runs that lanes have refused within the last hour since too many waited already; absent where there are none. */
  readonly refused?: number;
  /** Since when the oldest of those that are pending waits (Unix ms). */
  readonly oldest?: number;
}

/** A signal to be sent to a run. */
export interface NewSignal {
  /** Makes the signal one-time. */
  readonly id: string;
  readonly workflowId: string;
  readonly signal: string;
  /** JSON. */
  readonly payload: unknown;
}

/** One thing to tell Temporal. */
export type Dispatch = StartDispatch | SignalDispatch;

/** A run to be started. */
export interface StartDispatch {
  readonly kind: 'start';
  readonly id: string;
  readonly workflowId: string;
  readonly automation: string;
  readonly event: HookyardEvent;
  readonly how?: RunOptions;
  /** When it was asked for (Unix ms): its delivery was received, or an operator wanted it again. */
  readonly since: number;
  /** Counting this one, from 1. */
  readonly attempt: number;
}

/** A signal to be sent. */
export interface SignalDispatch {
  readonly kind: 'signal';
  readonly id: string;
  readonly workflowId: string;
  readonly signal: string;
  readonly payload: unknown;
  readonly attempt: number;
}

/** How the attempt at a start or signal went. */
export type Settlement =
  | { readonly id: string; readonly outcome: 'done'; readonly runId?: string }
  | { readonly id: string; readonly outcome: 'retry'; readonly dueAt: number; readonly error: string }
  | { readonly id: string; readonly outcome: 'failed'; readonly error: string };
