import type { Place } from '../waits/about.js';
import type { LaneSignal } from './lane-rows.js';
import type { ToTellRow } from './run-to-tell.js';
import type {
  AttemptFilter,
  Backlog,
  DeadlockLook,
  DeliveryFilter,
  EnteringRun,
  ForgottenDelivery,
  ForgottenRun,
  JobKey,
  LaneChange,
  LaneFilter,
  LaneHolder,
  LanePlace,
  LaneRecord,
  LinesAsked,
  LogExtent,
  LogSearch,
  NewLogLine,
  NewStart,
  NewWait,
  NotBegunFilter,
  OutboundAttempt,
  RecordVersion,
  Settlement,
  Signed,
  ToldRun,
  ToTellFilter,
  WaitRecord,
} from './store.js';

/** The operations of a database by name. JSON is text in inputs and outputs; what is absent in a row is null. */
export interface Operations {
  acceptDelivery(delivery: DeliveryToKeep): Kept;
  startAgain(again: { deliveryId: string; starts: readonly StartToKeep[] }): boolean;
  /** Returns false if there is a dispatch of that id. */
  keepSignal(signal: { id: string; workflowId: string; signal: string; payload: string }): boolean;
  /** `after`: the flow where the last turn ended. */
  claim(options: { limit: number; leaseMs: number; after: string }): DispatchRow[];
  endLeases(input: undefined): void;
  settle(settlements: readonly Settlement[]): void;
  nextDue(input: undefined): number | undefined;
  backlog(input: undefined): Backlog;
  enterLane(run: EnteringRun): LanePlace;
  /** Returns whether anybody was let on, as the next one does. */
  leaveLanes(workflowIds: readonly string[]): boolean;
  /** `nextMs`: in how many milliseconds the next of those is due that wait for more of the same. */
  letDue(input: undefined): { hasLetOn: boolean; nextMs: number | undefined };
  takeOut(run: { workflowId: string; because: string }): boolean;
  /** Returns why the run would wait for ever, and takes it out; whom to ask, and does nothing, if it would not, or nobody knows. */
  breakDeadlock(look: DeadlockLook): { because: string } | { ask: readonly string[] };
  stepAside(workflowId: string): boolean;
  stepBack(workflowId: string): LanePlace;
  holdersToAskAbout(options: { limit: number; before: number }): LaneHolder[];
  runsNotBegun(filter: NotBegunFilter): NotBegunRow[];
  runsToTell(options: ToTellFilter): ToTellRow[];
  noteTold(told: readonly ToldRun[]): string[];
  listLanes(filter: LaneFilter): LaneRecord[];
  setLaneMode(change: LaneChange): boolean;
  moveAhead(move: { workflowId: string } & Signed): boolean;
  setLaneLimit(change: { automation: string; group: string; limit: number }): boolean;
  /** Returns whether there was room. */
  openWait(wait: WaitToKeep): boolean;
  closeWait(id: string): void;
  freeWait(id: string): void;
  /** Returns undefined if it was given nothing, or what is gone. */
  givenToWait(id: string): { event: string | null; asks: string } | undefined;
  closeWaits(runs: { workflowIds: readonly string[]; runId?: string; before?: number }): void;
  placesToLookAt(options: { limit: number }): Place[];
  /** With `workflowId`, only the waits of that run. */
  readWaits(page: Place & { workflowId?: string; waits: number; deliveries: number }): WaitPage;
  /** Returns whether all were given. If not, something has changed meanwhile, and nothing counts as compared. */
  giveWaits(input: { gifts: readonly Gift[]; seen: { ids: readonly string[]; upTo: number } }): boolean;
  listWaits(filter: { limit: number; workflowId: string }): WaitRow[];
  waitersToAskAbout(options: { limit: number; before: number }): string[];
  /** Returns only the one whose id it is, else those whose key it is or whose id begins so, newest first. */
  findDeliveries(asked: { idOrKey: string; source: string | undefined; limit: number }): DeliveryRow[];
  /** Returns the start as JSON. */
  findStart(workflowId: string): string | undefined;
  readBody(deliveryId: string): ArrayBuffer | undefined;
  /** Returns those of the keys that are stored. */
  knownKeys(asked: { source: string; keys: readonly string[] }): string[];
  listDeliveries(filter: DeliveryFilter): DeliveryRow[];
  earlierAlike(than: { id: string; limit: number }): AlikeRow[];
  arrivalTimes(options: { since: number; limit: number }): number[];
  pruneDeliveries(options: { before: number; limit: number }): number;
  pruneLargeBodies(options: { before: number; limit: number }): number;
  appendLines(input: { job: JobKey; lines: readonly NewLogLine[] }): void;
  readLines(input: LinesAsked & { job: JobKey }): LogRow[];
  logExtent(job: JobKey): LogExtent | undefined;
  searchLines(input: LinePatterns & { job: JobKey }): { rows: LogRow[]; count: number };
  listJobs(workflowId: string): string[];
  pruneLines(options: { before: number; limit: number }): number;
  upsertRecord(record: RecordToKeep): 'written' | 'unchanged' | 'older';
  removeRecord(record: { collection: string; key: string; version: RecordVersion }): boolean;
  getRecord(id: { collection: string; key: string }): RecordRow | undefined;
  listRecords(options: { collection: string; limit: number; after: string | undefined }): RecordRow[];
  addAttempt(attempt: OutboundAttempt): void;
  listAttempts(filter: AttemptFilter): AttemptRow[];
  pruneAttempts(options: { before: number; limit: number }): number;
  /** Undefined if there is no such delivery, or if it was forgotten before. `blank`: what its row holds then. */
  forgetDelivery(input: {
    id: string;
    blank: Pick<DeliveryToKeep, 'headers' | 'events' | 'verdicts'> & { ignored: string };
  }): ForgottenDelivery | undefined;
  /** Of what a run has written, `limit` of each at most. `dryRun`: counts all of it. */
  forgetRun(input: { workflowId: string; limit: number; dryRun: boolean }): ForgottenRun;
  forgetLanes(lanes: readonly string[]): number;
  scanRecords(page: { after: number; limit: number }): (RecordRow & { place: number; run: string | null })[];
}

/** A run that waits in a lane to begin. `events`: of its delivery, a JSON array; `part` is its own. */
export interface NotBegunRow {
  readonly workflowId: string;
  readonly automation: string;
  readonly arrived: number;
  readonly events: string;
  readonly part: number;
  readonly how: string | null;
}

/** The name of an operation. */
export type OperationName = keyof Operations;
/** The input of an operation. */
export type InputOf<K extends OperationName> = Parameters<Operations[K]>[0];
/** The output of an operation. */
export type OutputOf<K extends OperationName> = ReturnType<Operations[K]>;

/** A database, as the parts of the store use it. */
export interface Backend {
  /** Does an operation. `cargo.bytes` is roughly the input's size; the caller may lose the buffers under `transfer`. */
  call<K extends OperationName>(
    operation: K,
    input: InputOf<K>,
    cargo?: { bytes: number; transfer?: ArrayBuffer[] },
  ): Promise<OutputOf<K>>;
  /** Finishes what is under way; later calls are refused with `StoreClosedError`. */
  close(): Promise<void>;
}

/** A delivery whose JSON is text. */
export interface DeliveryToKeep {
  readonly id: string;
  readonly source: string;
  readonly key: string;
  readonly bodyHash: string;
  readonly repeatedSince: number;
  /** Deliveries of this event name are not repeated. Absent: those of any are. */
  readonly notRepeated?: string;
  readonly eventName: string;
  readonly receivedAt: number;
  readonly headers: string;
  /** A JSON array. */
  readonly events: string;
  readonly ignored: string | undefined;
  readonly verdicts: string;
  readonly body: Uint8Array;
  /** Of its events; empty for what comes from none. Absent where it has no events from outside. */
  readonly repository?: string;
  /** The full name of the repository that it is about, in small letters; empty where there is none. */
  readonly repositoryName: string;
  readonly starts: readonly StartToKeep[];
}

/** A wait whose JSON is text. */
export type WaitToKeep = Omit<NewWait, 'on' | 'about'> & { readonly triggers: string; readonly about: string };

/** Open waits of a place, the deliveries there that one of them has not been compared with, and what their runs have got of those. */
export interface WaitPage {
  readonly waits: readonly OpenWaitRow[];
  readonly deliveries: readonly { seq: number; id: string; receivedAt: number; events: string }[];
  readonly taken: readonly Taken[];
}

/** An event that a run has got by a wait; by one that ends it, it may get it once more. */
export interface Taken extends Pick<OpenWaitRow, 'workflowId' | 'ends'> {
  readonly delivery: number;
  readonly part: number;
}

/** An open wait whose JSON is text. */
export interface OpenWaitRow {
  readonly id: string;
  readonly workflowId: string;
  readonly ends: 0 | 1;
  readonly about: string;
  readonly triggers: string;
  readonly seen: number;
  readonly until: number;
}

/** An event to be given to a wait, with the signal that tells its run. */
export interface Gift {
  readonly id: string;
  /** The running number of the delivery. */
  readonly delivery: number;
  readonly part: number;
  /** JSON, both. */
  readonly asks: string;
  readonly signal: LaneSignal;
}

/** A wait that is open, as a row. */
export type WaitRow = Omit<WaitRecord, 'ends' | 'on'> & { readonly ends: 0 | 1; readonly triggers: string };

/** A start whose JSON is text. */
export type StartToKeep = Omit<NewStart, 'how'> & { readonly how?: string };

/** A backlog; its times are null if nothing is pending, or waits. */
export type BacklogRow = Omit<Backlog, 'oldest' | 'longestWaiting' | 'refused'> & {
  readonly oldest: number | null;
  readonly longestWaiting: number | null;
  readonly refused: number;
};

/** Returns a backlog without what there is not. */
export function toBacklog({ oldest, longestWaiting, refused, ...counts }: BacklogRow = NO_BACKLOG): Backlog {
  return {
    ...counts,
    ...(oldest !== null && { oldest }),
    ...(longestWaiting !== null && { longestWaiting }),
    ...(refused > 0 && { refused }),
  };
}

/** What a database says that has nothing at all. */
const NO_BACKLOG: BacklogRow = {
  pending: 0,
  failed: 0,
  failedSignals: 0,
  waiting: 0,
  longestWaiting: null,
  refused: 0,
  oldest: null,
};

/** The delivery that the new one repeats; undefined if the new one was stored. */
export type Kept = { repeats: 'key' | 'body'; first: DeliveryRow } | undefined;

/** A stored delivery. Its JSON is text; its dispatches, and the runs that it was given to, are one JSON array each. */
export interface DeliveryRow {
  readonly id: string;
  readonly source: string;
  readonly key: string;
  readonly eventName: string;
  readonly receivedAt: number;
  readonly headers: string;
  readonly events: string;
  readonly ignored: string | null;
  readonly verdicts: string;
  readonly bodyBytes: number;
  readonly bodyDeleted: 0 | 1;
  readonly dispatches: string;
  readonly given: string;
}

/** A delivery that came before another one which is like it. */
export type AlikeRow = Pick<DeliveryRow, 'id' | 'key' | 'events'>;

/** So many deliveries of its repository, or of its source, are looked through for those that are like one. */
export const MAX_EARLIER = 1_000;

/** In characters: shorter beginnings of an id are more likely a mistake than a search. */
export const MIN_PREFIX = 6;

/** A leased dispatch. */
export interface DispatchRow {
  /** Whose turn it was, see turns.ts. */
  readonly flow: string;
  readonly id: string;
  readonly kind: 'start' | 'signal';
  readonly workflowId: string;
  /** The automation, or the signal's name. */
  readonly name: string;
  /** Of a signal. */
  readonly payload: string | null;
  /** Of a start. */
  readonly event: string | null;
  /** Of a start: its run options as JSON, if it has any. */
  readonly how: string | null;
  /** Unix ms. */
  readonly since: number;
  readonly attempt: number;
}

/** Which lines are looked for, as LIKE takes it: `\` escapes. */
export interface LinePatterns extends Omit<LogSearch, 'texts'> {
  readonly patterns: readonly string[];
}

/** A line of a job's output. */
export interface LogRow {
  readonly number: number;
  readonly at: number;
  readonly stream: NewLogLine['stream'];
  readonly step: string | null;
  readonly attempt: number;
  readonly text: string;
}

/** A record with its data in JSON text. */
export interface RecordRow {
  readonly collection: string;
  readonly key: string;
  readonly version: RecordVersion;
  readonly data: string;
  readonly updatedAt: number;
}

/** A record to be written. `run`: the workflow id of the run that writes it. */
export type RecordToKeep = Omit<RecordRow, 'updatedAt'> & { readonly run?: string };

/** One try of an outbound message. */
export interface AttemptRow {
  readonly messageId: string;
  readonly endpoint: string;
  readonly run: string | null;
  readonly attempt: number;
  readonly at: number;
  readonly durationMs: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly answer: string | null;
}
