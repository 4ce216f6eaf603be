import type { Pool, PoolClient } from 'pg';
import { retry } from '../../async/retry.js';
import type { Logger } from '../../log.js';
import { ConflictError, toStoreError, wasAnswered } from './errors.js';
import type { PostgresLimits } from './limits.js';
import { createPool, type DatabaseUrl } from './pool.js';
import { checked, type Value } from './values.js';

/** Where statements go: to any connection, or into one transaction. */
export interface Queries {
  /** Returns all rows of a statement. */
  rows<Row>(sql: string, ...values: Value[]): Promise<Row[]>;
}

/** A database. It throws the store's errors, see `errors.ts`. */
export interface Database extends Queries {
  /** Does several statements, all or none. After a conflict with another transaction, does the work again. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const MAX_TRIES = 5;

/** Returns a database that connects with the first statement. */
export function createDatabase(options: {
  readonly url: DatabaseUrl;
  readonly limits: Pick<PostgresLimits, 'connections' | 'connectMs' | 'statementMs' | 'idleMs'>;
  readonly log?: Logger;
}): Database {
  const pool = createPool(options.url, { limits: options.limits, ...(options.log && { log: options.log }) });
  return {
    rows: (sql, ...values) => patiently(() => onConnection(pool, (session) => session.rows(sql, ...values))),
    transaction: (work) => patiently(() => onConnection(pool, (session) => inTransaction(session, work))),
    close: () => pool.end(),
  };
}

function patiently<T>(work: () => Promise<T>): Promise<T> {
  return retry(work, {
    again: (error, tries) => error instanceof ConflictError && tries < MAX_TRIES,
    // Random, so that the other transaction does not try again at the same time.
    pauseMs: (tries) => Math.random() * 20 * tries,
  });
}

interface Session extends Queries {
  /** Whether the connection must not be used again. */
  readonly lost: boolean;
}

async function onConnection<T>(pool: Pool, work: (session: Session) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw toStoreError(error);
  });
  const session = createSession(client);
  try {
    return await work(session);
  } finally {
    client.release(session.lost);
  }
}

function createSession(client: PoolClient): Session {
  let lost = false;
  return {
    get lost() {
      return lost;
    },
    async rows<Row>(sql: string, ...values: Value[]) {
      const given = values.map(checked);
      try {
        return (await client.query(sql, given)).rows as Row[];
      } catch (error) {
        // A statement that was given up may still run: nobody else may use its connection.
        if (!wasAnswered(error)) lost = true;
        throw toStoreError(error);
      }
    },
  };
}

async function inTransaction<T>(session: Session, work: (queries: Queries) => Promise<T>): Promise<T> {
  await session.rows('BEGIN');
  try {
    const result = await work(session);
    await session.rows('COMMIT');
    return result;
  } catch (error) {
    // If this fails too, the connection is closed, which has the same effect.
    if (!session.lost) await session.rows('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
