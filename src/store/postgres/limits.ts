import type { AdmissionLimits } from '../admission.js';

/** How much one process asks of the database, and how long it waits. Times in milliseconds. */
export interface PostgresLimits extends AdmissionLimits {
  /** Connections at once. */
  readonly connections: number;
  /** For making a connection, or getting one that others use. */
  readonly connectMs: number;
  /** For one statement. */
  readonly statementMs: number;
  /** A connection without work is closed after this long. */
  readonly idleMs: number;
  /** For a database to come up when the store is opened. */
  readonly openMs: number;
  /** For finishing what is under way at the end. */
  readonly closeMs: number;
}

/** The default {@link PostgresLimits}. */
export const DEFAULT_LIMITS: PostgresLimits = {
  requests: 10_000,
  bytes: 256 * 1024 * 1024,
  answerMs: 60_000,
  connections: 10,
  connectMs: 10_000,
  statementMs: 20_000,
  idleMs: 30_000,
  openMs: 30_000,
  closeMs: 10_000,
};
