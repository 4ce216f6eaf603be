import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { Secret } from '../../dist/secrets/secret.js';
import { openPostgresStore } from '../../dist/store/postgres/open.js';
import { openSqliteStore } from '../../dist/store/sqlite/open.js';
import { payload } from '../lib/push.mjs';

const MANY = 2_000;
const LEASE_MS = 30_000;

/** Receives deliveries that start one run each, and settles them as the dispatcher does. */
async function goThrough({ inbox }, { rowOf, atOnce }) {
  for (let n = 0; n < MANY; n += atOnce) {
    const rows = Array.from({ length: atOnce }, (_, i) =>
      rowOf(payload(String(n + i).padStart(40, atOnce === 1 ? 'c0' : 'd0'))),
    );
    await Promise.all(rows.map((row) => inbox.accept(row)));
    const claimed = await inbox.claim({ limit: atOnce, leaseMs: LEASE_MS });
    await Promise.all(
      claimed.map(({ id }) => inbox.settle([{ id, outcome: 'done', runId: '01a20d94-30e1-7dd1-8f4e-989afa6130f4' }])),
    );
  }
}

/** Bytes a delivery: what stays in the file, and what was written for it (Linux counts it, for this process). */
export async function measureSqlite({ folder, rowOf, atOnce }) {
  const path = join(folder, `cost-${atOnce}.db`);
  const store = await openSqliteStore({ path });
  const before = await written();
  await goThrough(store, { rowOf, atOnce });
  const after = await written();
  await store.close();
  const { size } = await stat(path);
  return {
    store: 'SQLite',
    atOnce,
    keptBytes: Math.round(size / MANY),
    writtenBytes: before === undefined ? undefined : Math.round((after - before) / MANY),
  };
}

/** Rows, transactions and bytes a delivery, as Postgres counts them. The database should be one that is made for this. */
export async function measurePostgres({ url, rowOf, atOnce }) {
  const store = await openPostgresStore({ url: new Secret(url), migrate: 'apply' });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const before = await counters(client);
    await goThrough(store, { rowOf, atOnce });
    await store.close();
    const after = await counters(client);
    const each = (key) => Math.round(((after[key] - before[key]) / MANY) * 100) / 100;
    return {
      store: 'Postgres',
      atOnce,
      keptBytes: Math.round(each('size')),
      writtenBytes: Math.round(each('wal')),
      inserted: each('inserted'),
      updated: each('updated'),
      transactions: each('commits'),
    };
  } finally {
    await client.end();
  }
}

async function counters(client) {
  // A connection's counts arrive when it has been idle for a moment, or ends.
  await client.query('SELECT pg_sleep(2)');
  await client.query('CHECKPOINT');
  const { rows } = await client.query(`
    SELECT pg_database_size(current_database())::float8 AS size,
      (pg_current_wal_lsn() - '0/0'::pg_lsn)::float8 AS wal,
      (SELECT sum(n_tup_ins)::float8 FROM pg_stat_user_tables) AS inserted,
      (SELECT sum(n_tup_upd)::float8 FROM pg_stat_user_tables) AS updated,
      (SELECT xact_commit::float8 FROM pg_stat_database WHERE datname = current_database()) AS commits`);
  return rows[0];
}

/** What this process has handed to the kernel to write. */
async function written() {
  const text = await readFile('/proc/self/io', 'utf8').catch(() => '');
  const [, bytes] = /^wchar: (\d+)/m.exec(text) ?? [];
  return bytes === undefined ? undefined : Number(bytes);
}
