import { DatabaseError } from 'pg';
import { StoreDamagedError, StoreHeldError, StoreUnavailableError } from '../store.js';

/** The database's schema is not that of this version of Hookyard. The message says what to run. */
export class StoreSchemaError extends Error {
  override readonly name = 'StoreSchemaError';
}

/** The database can be reached, but must not be used as it is. The message says what to change. */
export class UnfitDatabaseError extends Error {
  override readonly name = 'UnfitDatabaseError';
}

/** Two transactions were in each other's way, and this one was rolled back: it may be tried again at once. */
export class ConflictError extends StoreUnavailableError {}

const CONFLICTS = new Set(['40001', '40P01']);

/**
 * Classes and codes of SQLSTATE that mean "not now": connection exceptions, transactions taken back, too few resources
 * (a full disk, too many connections), an operator's intervention (shutdown, a cancelled or timed-out statement), the
 * system's errors, a standby that takes no writes, a transaction that idled for too long.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const NOT_NOW = /^(08|40|53|57|58)|^(25006|25P03)$/;

/** A lock that was waited for as long as `lock_timeout` says. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Data or an index that can't be read as what it should be: data_corrupted, index_corrupted. */
const DAMAGE = new Set(['XX001', 'XX002']);

/**
 * After these the server closes the connection: a shutdown or a termination, a transaction or session that idled. One
 * that takes no writes doesn't, but it is the wrong server since a failover: a new connection finds the right one.
 */
const LAST_WORDS = /^(57P|08)|^(25P03|25006)$/;

/** Returns whether the server itself answered, so that the connection may be used again. */
export function wasAnswered(error: unknown): boolean {
  return error instanceof DatabaseError && !LAST_WORDS.test(error.code ?? '');
}

/**
 * Returns the error that a caller gets for one that `pg` threw: a new one without the details, because they quote what
 * was to be stored. An error that is not the server's answer means that a connection could not be made, broke or fell
 * silent.
 */
export function toStoreError(error: unknown): Error {
  if (error instanceof StoreSchemaError || error instanceof UnfitDatabaseError) return error;
  if (error instanceof StoreUnavailableError || error instanceof StoreDamagedError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof DatabaseError)) {
    // A host with several addresses fails with several errors and no message of its own.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    return new StoreUnavailableError(`The store is not available: ${message || code}.`);
  }
  const { code = '', constraint } = error;
  if (DAMAGE.has(code)) return new StoreDamagedError(`The database is damaged: ${message} (${code})`);
  if (code === LOCK_NOT_AVAILABLE) {
    return new StoreHeldError(
      `The store is not available: another connection holds its tables, a backup or a transaction left open: ${message} (${code}).`,
    );
  }
  if (CONFLICTS.has(code)) return new ConflictError(`The store is too busy: ${message} (${code}).`);
  if (NOT_NOW.test(code)) return new StoreUnavailableError(`The store is not available: ${message} (${code}).`);
  return new Error(`The database refused: ${message} (${constraint ? `${code}, ${constraint}` : code}).`);
}
