import { Client } from 'pg';
import { connect } from '../../dist/store/sqlite/connection.js';
import { EXAMPLE } from './send-examples.mjs';

const SLICE = 50_000;
const DAYS_MS = 30 * 24 * 3_600_000;

/** What is looked for that hardly any delivery is: some 25 of 1,000,000. */
export const RARE = { repository: 'team-quiet/attic', automation: 'rare', every: 40_000 };
/** Of the repositories that half of all deliveries are about. */
export const BUSY = { repository: 'team-3/service-3' };

/** Indexes of Postgres that hold no rule: those that do are there while rows come. */
const SECONDARY = `
  SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS sql FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE NOT i.indisunique AND i.indrelid IN ('hookyard_deliveries'::regclass, 'hookyard_dispatches'::regclass)`;

/**
 * Makes many deliveries of the first `examples` that are stored: of the last 30 days, about 1,000 repositories, with ids, keys and hashes
 * of their own. Some starts have failed; the newest ones wait. Bodies lie in a table of their own, which no list reads: there are none. Indexes
 * are dropped before and built after that: each by one sort, and not by a million places all over it.
 */
export async function multiplyInFile(path, { count, examples, say }) {
  const connection = connect({ path, lockMs: 5_000 });
  try {
    connection.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA wal_autocheckpoint = 50000');
    connection.exec('PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY');
    const indexes = connection.rows(
      `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('deliveries', 'dispatches')`,
    );
    for (const { name } of indexes) connection.exec(`DROP INDEX ${name}`);
    const numbers = (first, last) =>
      `WITH RECURSIVE n (value) AS (SELECT ${first} UNION ALL SELECT value + 1 FROM n WHERE value < ${last})`;
    const dialect = { hex: (bytes) => `lower(hex(randomblob(${bytes})))`, table: '', numbers };
    await inSlices({ count, say }, (slice) => {
      connection.exec('BEGIN');
      for (const sql of statements({ ...slice, examples, count, dialect })) connection.exec(sql);
      connection.exec('COMMIT');
    });
    say(`  ${indexes.length} indexes are built`);
    for (const { sql } of indexes) connection.exec(sql);
    connection.exec('PRAGMA synchronous = FULL');
    connection.exec('ANALYZE');
    connection.rows('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    connection.close();
  }
}

/** The same in a Postgres database. */
export async function multiplyInDatabase(url, { count, examples, say }) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '512MB'`);
    const { rows: indexes } = await client.query(SECONDARY);
    for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
    const numbers = (first, last) => `WITH n (value) AS (SELECT * FROM generate_series(${first}::bigint, ${last}))`;
    const hex = (bytes) => `substr(md5(random()::text) || md5(random()::text), 1, ${2 * bytes})`;
    const dialect = { hex, table: 'hookyard_', numbers, seqs: 'OVERRIDING SYSTEM VALUE' };
    await inSlices({ count, say }, async (slice) => {
      await client.query('BEGIN');
      for (const sql of statements({ ...slice, examples, count, dialect })) await client.query(sql);
      await client.query('COMMIT');
    });
    say(`  ${indexes.length} indexes are built`);
    for (const { sql } of indexes) await client.query(sql);
    await client.query(
      `SELECT setval(pg_get_serial_sequence('hookyard_deliveries', 'seq'), (SELECT max(seq) FROM hookyard_deliveries))`,
    );
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

async function inSlices({ count, say }, insert) {
  for (let first = 1; first <= count; first += SLICE) {
    const last = Math.min(first + SLICE - 1, count);
    await insert({ first, last });
    if (last % (5 * SLICE) === 0) say(`  ${last} of ${count} deliveries are there`);
  }
}

/** The statements that add one slice: both databases understand them. The example that one is made of is found by its number. */
function statements({ first, last, examples, count, dialect: { hex, table, numbers, seqs = '' } }) {
  const now = Date.now();
  const isRare = `n.value % ${RARE.every} = 17`;
  const isQuiet = `n.value % ${RARE.every} = 23`;
  const example = `CASE WHEN ${isRare} THEN 1 ELSE 1 + (n.value * 7) % ${examples} END`;
  const number = 'CASE WHEN n.value % 2 = 0 THEN (n.value / 2) % 10 ELSE (n.value * 7919) % 1000 END';
  const name = `CASE WHEN ${isQuiet} THEN '${RARE.repository}' ELSE 'team-' || ((${number}) % 40) || '/service-' || (${number}) END`;
  const id = `CASE WHEN ${isQuiet} THEN '9999' ELSE '77' || (${number}) END`;
  const receivedAt = `CAST(${now - DAYS_MS} + n.value * ${DAYS_MS / count} AS bigint)`;
  const made = `FROM n JOIN ${table}deliveries t ON t.seq = ${example}`;
  return [
    `${numbers(first, last)}
     INSERT INTO ${table}deliveries (seq, id, source, key, body_hash, event_name, received_at, headers, events, ignored, verdicts, body_bytes, repository, repository_name)
     ${seqs}
     SELECT ${examples} + n.value, 'd' || ${hex(12)}, t.source, ${hex(18)}, ${hex(32)}, t.event_name, ${receivedAt}, t.headers,
       replace(replace(t.events, '${EXAMPLE.fullName}', ${name}), '"${EXAMPLE.id}"', '"' || (${id}) || '"'), t.ignored,
       CASE WHEN ${isRare} THEN replace(t.verdicts, '"automation":"ci"', '"automation":"${RARE.automation}"') ELSE t.verdicts END,
       t.body_bytes, CASE WHEN t.repository IS NULL THEN NULL ELSE ${id} END,
       CASE WHEN t.repository_name = '' THEN '' ELSE ${name} END
     ${made}`,
    `${numbers(first, last)}
     INSERT INTO ${table}dispatches (id, kind, flow, delivery, workflow_id, name, part, state, attempts, due_at, since, run_id, error)
     SELECT p.id || '/' || n.value, 'start', p.flow, ${examples} + n.value, p.workflow_id || '/' || n.value,
       CASE WHEN ${isRare} THEN '${RARE.automation}' ELSE p.name END, p.part,
       CASE WHEN n.value > ${count} - 40 THEN 'pending' WHEN n.value % 1000 = 3 THEN 'failed' ELSE 'done' END, 1, ${receivedAt}, ${receivedAt},
       ${hex(18)}, CASE WHEN n.value % 1000 = 3 THEN 'The run could not be started.' END
     ${made} JOIN ${table}dispatches p ON p.delivery = t.seq`,
  ];
}
