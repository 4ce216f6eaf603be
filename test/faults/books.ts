import Database from 'libsql';
import { Client } from 'pg';

/** The store's own account of starts, read past all of Hookyard. */
export interface Books {
  starts(): Promise<readonly Start[]>;
  /** Runs in lanes: those that are there, and those of deliveries that never begin. */
  places(): Promise<readonly Place[]>;
  /** Locks the store against everybody else; the answer gives it back. */
  lock(): Promise<() => Promise<void>>;
}

export interface Start {
  readonly run: string;
  readonly state: 'pending' | 'done' | 'failed';
  readonly attempts: number;
}

export interface Place {
  readonly run: string;
  readonly lane: string;
  readonly state: 'waits' | 'runs' | 'aside' | 'superseded' | 'refused';
  /** The run that has taken its place. */
  readonly by: string | null;
  readonly because: string | null;
}

const PLACE = 'workflow_id AS run, lane, state, superseded_by AS by, because';
const LOCK_MS = 10_000;

/** Of a store in a file. */
export function sqliteBooks(path: string): Books {
  const read = <T>(sql: string): T[] => {
    const db = new Database(path, { readonly: true, timeout: LOCK_MS });
    try {
      return db.prepare(sql).all([]) as T[];
    } finally {
      db.close();
    }
  };
  return {
    starts: async () => read<Start>('SELECT workflow_id AS run, state, attempts FROM dispatches'),
    places: async () => read<Place>(`SELECT ${PLACE} FROM lane_entries`),
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
  const read = async <T extends object>(sql: string): Promise<T[]> => {
    const client = await connected();
    try {
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    starts: () => read<Start>('SELECT workflow_id AS run, state, attempts FROM hookyard_dispatches'),
    places: () => read<Place>(`SELECT ${PLACE} FROM hookyard_lane_entries`),
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
