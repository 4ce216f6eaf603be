import type { DeliveryRecord } from './inbox.js';

/** The store can't write now: disk full, locked for too long, or more waiting than it may hold. Worth a later try. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** Others hold what a change needs, for longer than it waits: a backup that reads all tables, for example. */
export class StoreHeldError extends StoreUnavailableError {}

/** The database's file is damaged, or is none. The same call will fail again, and what is written may be lost. */
export class StoreDamagedError extends Error {
  override readonly name = 'StoreDamagedError';
}

/** What is known of a damaged database. */
export interface Damage {
  /** What the database said, or what a check found. */
  readonly because: string;
  /** What a person does about it. */
  readonly whatToDo: string;
}

/** The store was closed: the process ends. */
export class StoreClosedError extends Error {
  override readonly name = 'StoreClosedError';
}

/** A record's versions can't be compared: one is a number and one a string. The same call will fail again. */
export class RecordVersionError extends Error {
  override readonly name = 'RecordVersionError';
}

/** What identifies a delivery, for people. */
export type DeliveryMeaning = Pick<DeliveryRecord, 'id' | 'source' | 'key' | 'eventName' | 'receivedAt'>;

/** Several deliveries are meant by what was asked for: senders choose their keys, and ids begin alike. */
export class AmbiguousDeliveryError extends Error {
  override readonly name = 'AmbiguousDeliveryError';
  /** `meanings`: newest first, a few at most. */
  constructor(readonly meanings: readonly DeliveryMeaning[]) {
    super('several deliveries have this key, or an id that begins so');
  }
}
