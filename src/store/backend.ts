import type {
  Backlog,
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
  NewLogLine,
  NewStart,
  OutboundAttempt,
  RecordVersion,
  Settlement,
  Signed,
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
  takeOut(run: { workflowId: string; because: string }): boolean;
  stepAside(workflowId: string): boolean;
  stepBack(workflowId: string): LanePlace;
  holdersToAskAbout(options: { limit: number; before: number }): LaneHolder[];
  listLanes(filter: LaneFilter): LaneRecord[];
  setLaneMode(change: LaneChange): boolean;
  moveAhead(move: { workflowId: string } & Signed): boolean;
  setLaneLimit(change: { automation: string; group: string; limit: number }): boolean;
  /** Returns only the one whose id it is, else those whose key it is or whose id begins so, newest first. */
  findDeliveries(asked: { idOrKey: string; source: string | undefined; limit: number }): DeliveryRow[];
  /** Returns the start as JSON. */
  findStart(workflowId: string): string | undefined;
  readBody(deliveryId: string): ArrayBuffer | undefined;
  /** Returns those of the keys that are stored. */
  knownKeys(asked: { source: string; keys: readonly string[] }): string[];
  listDeliveries(filter: DeliveryFilter): DeliveryRow[];
  pruneDeliveries(options: { before: number; limit: number }): number;
  pruneLargeBodies(options: { before: number; limit: number }): number;
  appendLines(input: { job: JobKey; lines: readonly NewLogLine[] }): void;
  readLines(input: { job: JobKey; after: number; limit: number }): LogRow[];
  listJobs(workflowId: string): string[];
  pruneLines(options: { before: number; limit: number }): number;
  upsertRecord(record: RecordToKeep): 'written' | 'unchanged' | 'older';
  removeRecord(record: { collection: string; key: string; version: RecordVersion }): boolean;
  getRecord(id: { collection: string; key: string }): RecordRow | undefined;
  listRecords(options: { collection: string; limit: number; after: string | undefined }): RecordRow[];
  addAttempt(attempt: OutboundAttempt): void;
  listAttempts(filter: { messageId?: string; endpoint?: string; limit: number }): AttemptRow[];
  pruneAttempts(options: { before: number; limit: number }): number;
  /** Undefined if there is no such delivery, or if it was forgotten before. `blank`: what its row holds then. */
  forgetDelivery(input: {
    id: string;
    blank: Pick<DeliveryToKeep, 'headers' | 'events' | 'verdicts'> & { ignored: string };
  }): ForgottenDelivery | undefined;
  /** Of what a run has written, `limit` of each at most. `dryRun`: counts all of it. */
  forgetRun(input: { workflowId: string; limit: number; dryRun: boolean }): ForgottenRun;
  scanRecords(page: { after: number; limit: number }): (RecordRow & { place: number; run: string | null })[];
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
  readonly starts: readonly StartToKeep[];
}

/** A start whose JSON is text. */
export type StartToKeep = Omit<NewStart, 'how'> & { readonly how?: string };

/** A backlog; `oldest` is null if nothing is pending. */
export type BacklogRow = Omit<Backlog, 'oldest'> & { readonly oldest: number | null };

/** What a database says that has nothing at all. */
export const NO_BACKLOG: BacklogRow = { pending: 0, failed: 0, failedSignals: 0, waiting: 0, oldest: null };

/** The delivery that the new one repeats; undefined if the new one was stored. */
export type Kept = { repeats: 'key' | 'body'; first: DeliveryRow } | undefined;

/** A stored delivery. Its JSON is text, its dispatches are one JSON array. */
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
}

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
