import type { HookyardEvent } from '../events/event.js';
import type { RunOptions } from '../events/run-options.js';
import type { Verdict } from '../events/verdict.js';

/** Everything Hookyard keeps outside Temporal. Every promise resolves only when what it says is on disk. */
export interface Store {
  readonly inbox: Inbox;
  readonly logs: LogStore;
  readonly records: RecordStore;
  readonly attempts: AttemptStore;
  /** Finishes what is under way, then closes. Calls after it are refused with {@link StoreClosedError}. */
  close(): Promise<void>;
}

/** The store can't write now: disk full, locked for too long, or more waiting than it may hold. Worth a later try. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

export class StoreClosedError extends Error {
  override readonly name = 'StoreClosedError';
}

/** A record's versions can't be compared: one is a number and one a string. The same call will fail again. */
export class RecordVersionError extends Error {
  override readonly name = 'RecordVersionError';
}

// ── Inbox ────────────────────────────────────────────────────────────────────────────────────────────────────────

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
   * Leases up to `limit` due dispatches, oldest first, for `leaseMs`. One that is not settled by then, because its
   * holder died, becomes due again.
   */
  claim(options: { limit: number; leaseMs: number }): Promise<Dispatch[]>;
  settle(settlements: readonly Settlement[]): Promise<void>;
  /** When the next pending dispatch is due (Unix ms), or undefined if none is pending. */
  nextDue(): Promise<number | undefined>;
  /** By our id, by a unique beginning of it (6 characters or more), or by the provider's delivery key. */
  find(idOrKey: string): Promise<DeliveryRecord | undefined>;
  body(deliveryId: string): Promise<Buffer | undefined>;
  /** Which of these delivery keys of a source are there. 1,000 at most are asked for at once. */
  has(source: string, keys: readonly string[]): Promise<Set<string>>;
  /** Newest first. */
  list(filter: DeliveryFilter): Promise<DeliveryRecord[]>;
  backlog(): Promise<Backlog>;
  /**
   * Deletes up to `limit` deliveries received before `before` (Unix ms) that have nothing pending, and then, within the
   * same limit, settled signals that old; answers how many of both. Others are served in between: it is no one transaction.
   */
  prune(options: { before: number; limit: number }): Promise<number>;
}

export interface NewDelivery {
  /** Ours; derived from source and key. */
  readonly id: string;
  readonly source: string;
  /** The provider's id of the delivery: what it is deduplicated on, together with the source. */
  readonly key: string;
  /** SHA-256, hexadecimal, of the provider's event name and the body. */
  readonly bodyHash: string;
  /** The same body received since then (Unix ms) makes this a repeat. */
  readonly repeatedSince: number;
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
}

export type Acceptance =
  | { readonly stored: true }
  | { readonly stored: false; readonly repeats: 'key' | 'body'; readonly first: DeliveryRecord };

export interface DeliveryRecord extends Omit<NewDelivery, 'body' | 'repeatedSince' | 'bodyHash'> {
  readonly bodyBytes: number;
  /** What was to be started, and how that went. */
  readonly dispatches: readonly DispatchRecord[];
}

export interface DispatchRecord {
  readonly workflowId: string;
  readonly automation: string;
  readonly state: 'pending' | 'done' | 'failed';
  readonly attempts: number;
  readonly runId?: string;
  /** Of the last attempt that did not succeed. */
  readonly error?: string;
}

export interface DeliveryFilter {
  readonly limit: number;
  readonly source?: string;
  /** Only deliveries with a start that failed for good and was not asked for again. */
  readonly failed?: boolean;
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
  /** Since when the oldest waits (Unix ms). */
  readonly oldest?: number;
}

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

export interface SignalDispatch {
  readonly kind: 'signal';
  readonly id: string;
  readonly workflowId: string;
  readonly signal: string;
  readonly payload: unknown;
  readonly attempt: number;
}

export type Settlement =
  | { readonly id: string; readonly outcome: 'done'; readonly runId?: string }
  | { readonly id: string; readonly outcome: 'retry'; readonly dueAt: number; readonly error: string }
  | { readonly id: string; readonly outcome: 'failed'; readonly error: string };

// ── Logs ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The output of jobs. Temporal carries references to it, never the text. */
export interface LogStore {
  append(job: JobKey, lines: readonly NewLogLine[]): Promise<void>;
  /** Lines after number `after` (0 for all), in order. */
  read(job: JobKey, options: { after: number; limit: number }): Promise<LogLine[]>;
  /** Names of a run's jobs that have written anything, in order of their first line. */
  jobs(workflowId: string): Promise<string[]>;
  /** Deletes up to `limit` lines written before `before` (Unix ms). */
  prune(options: { before: number; limit: number }): Promise<number>;
}

export interface JobKey {
  readonly workflowId: string;
  readonly job: string;
}

export interface NewLogLine {
  /** Unix ms. */
  readonly at: number;
  /** `note`: what Hookyard itself has to say. */
  readonly stream: 'stdout' | 'stderr' | 'note';
  readonly step?: string;
  readonly attempt: number;
  readonly text: string;
}

export interface LogLine extends NewLogLine {
  /** Counts up from 1 within a job, over attempts. */
  readonly number: number;
}

// ── Synced records ───────────────────────────────────────────────────────────────────────────────────────────────

/** What `sync.upsert` writes: JSON documents with a version each. */
export interface RecordStore {
  /**
   * Never overwrites a newer version. `unchanged`: this version is there already. Throws {@link RecordVersionError} if
   * the stored version is of the other kind.
   */
  upsert(record: {
    collection: string;
    key: string;
    version: RecordVersion;
    data: unknown;
  }): Promise<'written' | 'unchanged' | 'older'>;
  get(collection: string, key: string): Promise<StoredRecord | undefined>;
  /** By key, in the order of its UTF-8 bytes; those after key `after`. */
  list(collection: string, options: { limit: number; after?: string }): Promise<StoredRecord[]>;
}

/** A number, or a string that sorts as it ages: an ISO 8601 time, for example. One kind per record. */
export type RecordVersion = number | string;

export interface StoredRecord {
  readonly collection: string;
  readonly key: string;
  readonly version: RecordVersion;
  readonly data: unknown;
  /** Unix ms. */
  readonly updatedAt: number;
}

// ── Outbound attempts ────────────────────────────────────────────────────────────────────────────────────────────

/** Every try of every outbound message. */
export interface AttemptStore {
  add(attempt: OutboundAttempt): Promise<void>;
  /** Newest first. */
  list(filter: { messageId?: string; endpoint?: string; limit: number }): Promise<OutboundAttempt[]>;
  /** Deletes up to `limit` attempts made before `before` (Unix ms); answers how many. */
  prune(options: { before: number; limit: number }): Promise<number>;
}

export interface OutboundAttempt {
  readonly messageId: string;
  readonly endpoint: string;
  readonly attempt: number;
  /** Unix ms. */
  readonly at: number;
  readonly durationMs: number;
  /** Absent when no answer came. */
  readonly status?: number;
  readonly error?: string;
  /** The answer's first 16 kB. */
  readonly answer?: string;
}
