import Database from 'libsql';
import { Client } from 'pg';

/** The store's own account of starts, read past all of Hookyard. */
export interface Books {
  starts(): Promise<readonly Start[]>;
  /** Locks the store against everybody else; the answer gives it back. */
  lock(): Promise<() => Promise<void>>;
}

export interface Start {
  readonly run: string;
  readonly state: 'pending' | 'done' | 'failed';
  readonly attempts: number;
}

const LOCK_MS = 10_000;

/** Of a store in a file. */
export function sqliteBooks(path: string): Books {
  return {
    async starts() {
      const db = new Database(path, { readonly: true, timeout: LOCK_MS });
      try {
        return db.prepare('SELECT workflow_id AS run, state, attempts FROM dispatches').all([]) as Start[];
      } finally {
        db.close();
      }
    },
    async lock() {
      const db = new Database(path, { timeout: LOCK_MS });
      db.exec('BEGIN IMMEDIATE');
      return async () => {
        db.exec('ROLLBACK');
        db.close();
      };
    },
  };
}

/** Of a store in Postgres. */
export function postgresBooks(url: string): Books {
  const connected = async () => {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: LOCK_MS });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  return {
    async starts() {
      const client = await connected();
      try {
        const { rows } = await client.query<Start>(
          'SELECT workflow_id AS run, state, attempts FROM hookyard_dispatches',
        );
        return rows;
      } finally {
        await client.end();
      }
    },
    async lock() {
      const client = await connected();
      await client.query(`SET lock_timeout = ${LOCK_MS}`);
      await client.query('BEGIN');
      await client.query('LOCK TABLE hookyard_deliveries, hookyard_dispatches IN ACCESS EXCLUSIVE MODE');
      return async () => {
        await client.query('ROLLBACK');
        await client.end();
      };
    },
  };
}
