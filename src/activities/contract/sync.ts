/** Activities that keep records and mirrors. */
export interface SyncActivities {
  upsertRecord(input: RecordInput): Promise<RecordResult>;
  mirrorRepository(input: MirrorInput): Promise<MirrorResult>;
}

/** A record to write. */
export interface RecordInput {
  readonly collection: string;
  readonly key: string;
  readonly version: number | string;
  readonly data: unknown;
}

/** Whether a record was written. */
export interface RecordResult {
  readonly outcome: 'written' | 'unchanged' | 'older';
}

/** A repository, and the mirror that it is pushed to. */
export interface MirrorInput {
  readonly source: string;
  readonly repository: string;
  /** Name under `mirrors`. */
  readonly target: string;
  /** The run itself waits for what is away: an attempt that finds it so ends the activity. */
  readonly waitsOut?: true;
}

/** What was pushed to a mirror. */
export interface MirrorResult {
  /** How many refs of the target were changed. */
  readonly updated: number;
}
