import { Client } from 'pg';
import { inject } from 'vitest';

/** An empty database on the run's one Postgres server. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Runs a statement as somebody else would; answers its rows. */
  sql<Row extends Record<string, unknown>>(text: string): Promise<Row[]>;
  /** Cuts whoever is still connected. */
  drop(): Promise<void>;
}

let last = 0;

/** Creates a database that no other test has; drop it when done. */
export async function testDatabase(): Promise<TestDatabase> {
  const { url: server, problem } = inject('postgres');
  if (problem) throw new Error(problem);
  last += 1;
  const name = `test_${process.pid}_${last}`;
  await on(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await on(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    sql: <Row extends Record<string, unknown>>(text: string) => on<Row>(url.href, text),
    drop: () => on(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).then(() => undefined),
  };
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
