import type { AttemptStore } from './contract/attempts.js';
import type { Damage, StoreClosedError, StoreDamagedError } from './contract/errors.js';
import type { Forgetting } from './contract/forgetting.js';
import type { Inbox } from './contract/inbox.js';
import type { Lanes } from './contract/lanes.js';
import type { LogStore } from './contract/logs.js';
import type { RecordStore } from './contract/records.js';
import type { Waits } from './contract/waits.js';
import type { WriteListener } from './contract/writes.js';

export type * from './contract/attempts.js';
export * from './contract/errors.js';
export type * from './contract/forgetting.js';
export * from './contract/inbox.js';
export type * from './contract/lanes.js';
export type * from './contract/logs.js';
export type * from './contract/records.js';
export * from './contract/waits.js';
export type * from './contract/writes.js';

/**
 * Everything Hookyard stores outside Temporal; contract/ has a file for each kind. A promise resolves only when what it
 * says is on disk.
 */
export interface Store {
  readonly inbox: Inbox;
  readonly lanes: Lanes;
  readonly waits: Waits;
  readonly logs: LogStore;
  readonly records: RecordStore;
  readonly attempts: AttemptStore;
  readonly forgetting: Forgetting;
  /**
   * Resolves once the database is known to be damaged, and never otherwise: from then on what writes is refused with
   * {@link StoreDamagedError}. Absent where another process has the database.
   */
  readonly damaged?: Promise<Damage>;
  /** Calls the listener with how each write went, from now on. Absent where another process has the database. */
  onWrite?(listener: WriteListener): void;
  /** Finishes what is under way, then closes. Calls after it are refused with {@link StoreClosedError}. */
  close(): Promise<void>;
}
