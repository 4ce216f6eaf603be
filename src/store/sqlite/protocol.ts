import type { OperationName } from '../backend.js';
import { type Answer, type Failure, failureOf } from '../failure.js';
import type { MigrationStep } from './migrate.js';

/** What the thread is started with. */
export interface ThreadOptions {
  /** Absolute path of the file. */
  readonly path: string;
  /** How long a transaction waits for another process, in milliseconds. */
  readonly lockMs: number;
  /** How large the file may become. */
  readonly fileBytes?: number;
}

/** A message to the thread. One holds all requests of one turn of the caller's event loop. */
export type ToThread =
  | { readonly kind: 'requests'; readonly requests: readonly Request[] }
  | { readonly kind: 'close' };

/** One call. */
export interface Request {
  readonly id: number;
  readonly operation: OperationName;
  readonly input: unknown;
  /** Roughly what it carries. */
  readonly bytes: number;
}

/** A message from the thread. One answers a whole transaction. */
export type FromThread =
  | { readonly kind: 'ready' }
  /** Before it is ready: it goes through a step of the schema's history, which may take long. */
  | ({ readonly kind: 'migrates' } & MigrationStep)
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'answers'; readonly answers: readonly Answer[] };

/**
 * SQLite's primary result codes that mean "not now": BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL.
 * https://sqlite.org/rescode.html
 */
const NOT_NOW = new Set([5, 6, 7, 8, 10, 13, 14, 15]);

/** Returns an error that the thread caught in the form that crosses threads. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Error && isDamage(error))
    return { kind: 'damaged', message: `The database is damaged: ${error.message}` };
  // The low byte is the primary code; the rest tells kinds of it apart.
  if (
    error instanceof Error &&
    'rawCode' in error &&
    typeof error.rawCode === 'number' &&
    NOT_NOW.has(error.rawCode & 0xff)
  ) {
    const code = 'code' in error ? ` (${error.code})` : '';
    return { kind: 'unavailable', message: `The store is not available: ${error.message}${code}.` };
  }
  return failureOf(error);
}

/** What SQLite says with CORRUPT and NOTADB. The codes themselves do not reach other threads. */
const DAMAGE = /database disk image is malformed|malformed database schema|file is not a database/;

/** Returns whether an error says that the database's file is damaged. */
export function isDamage({ message }: { readonly message: string }): boolean {
  return DAMAGE.test(message);
}
