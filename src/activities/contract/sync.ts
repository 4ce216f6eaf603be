export interface SyncActivities {
  upsertRecord(input: RecordInput): Promise<RecordResult>;
  mirrorRepository(input: MirrorInput): Promise<MirrorResult>;
}

export interface RecordInput {
  readonly collection: string;
  readonly key: string;
  readonly version: number | string;
  readonly data: unknown;
}

export interface RecordResult {
  readonly outcome: 'written' | 'unchanged' | 'older';
}

export interface MirrorInput {
  readonly source: string;
  readonly repository: string;
  /** Name under `mirrors`. */
  readonly target: string;
  /** The run itself waits for what is away: an attempt that finds it so ends the activity. */
  readonly waitsOut?: true;
}

export interface MirrorResult {
  /** How many refs of the target were changed. */
  readonly updated: number;
}
