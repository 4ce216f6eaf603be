import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';

/** An empty database on the run's one Postgres server. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Runs a statement as somebody else would; answers its rows. */
  sql<Row extends Record<string, unknown>>(text: string): Promise<Row[]>;
  /** Gives it back. Cuts whoever is still connected. */
  drop(): Promise<void>;
}

/** Databases that were given back, emptied: to make one and to drop it takes Postgres a hundred times as long. */
const free: string[] = [];

/** Returns an empty database that no other test has; drop it when done. */
export async function testDatabase(): Promise<TestDatabase> {
  const { url: server, problem } = inject('postgres');
  if (problem) throw new Error(problem);
  const name = free.pop() ?? (await create(server));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    sql: <Row extends Record<string, unknown>>(text: string) => on<Row>(url.href, text),
    async drop() {
      await on(server, `ALTER DATABASE ${name} RESET ALL`);
      await on(server, `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${name}'`);
      await on(url.href, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
      free.push(name);
    },
  };
}

async function create(server: string): Promise<string> {
  // Process ids come again within a run that starts some ten thousand of them.
  const name = `test_${randomBytes(8).toString('hex')}`;
  await on(server, `CREATE DATABASE ${name}`);
  return name;
}

async function on<Row extends Record<string, unknown>>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
