import type { RecordVersionError } from './errors.js';

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
    /** Workflow id of the run that writes it: it can then be forgotten with the run. */
    run?: string;
  }): Promise<'written' | 'unchanged' | 'older'>;
  /** Removes a record if it still has this version. Returns whether it did. */
  remove(record: { collection: string; key: string; version: RecordVersion }): Promise<boolean>;
  get(collection: string, key: string): Promise<StoredRecord | undefined>;
  /** By key, in the order of its UTF-8 bytes; those after key `after`. */
  list(collection: string, options: { limit: number; after?: string | undefined }): Promise<StoredRecord[]>;
}

/** A number, or a string that sorts as it ages: an ISO 8601 time, for example. One kind per record. */
export type RecordVersion = number | string;

/** A stored record. */
export interface StoredRecord {
  readonly collection: string;
  readonly key: string;
  readonly version: RecordVersion;
  readonly data: unknown;
  /** Unix ms. */
  readonly updatedAt: number;
}
