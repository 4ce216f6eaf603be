import { setImmediate as turn } from 'node:timers/promises';
import { connect } from '../../dist/store/sqlite/connection.js';
import { openSqliteStore } from '../../dist/store/sqlite/open.js';

/** An ordinary push; only rows that are deleted while it is measured carry a body of that size. */
const WHOLE_BODY_BYTES = 15_000;
/** Bodies lie in pages of their own that nothing walks through: the others stand in for them, so that a disk has room. */
const SMALL_BODY_BYTES = 256;
const SLICE = 20_000;
const DAY_MS = 24 * 3_600_000;
const HEADERS = JSON.stringify({
  'user-agent': 'GitHub-Hookshot/044aadd',
  'x-github-event': 'push',
  more: 'x'.repeat(300),
});
const EVENTS = JSON.stringify([{ kind: 'push', message: 'x'.repeat(600) }]);
const VERDICTS = JSON.stringify([
  { automation: 'ci', outcome: 'start', because: 'push to main', workflowId: 'ci/github/x' },
]);

/**
 * Fills a new store's file with deliveries whose starts are done, each with an id, key and hash of its own, as random as
 * real ones. The first `old` of them are from `oldDays` ago, the rest from the days since `newDays` ago.
 */
export async function fillStore({ path, count, old, oldDays, newDays, say }) {
  const store = await openSqliteStore({ path });
  await store.close();
  const connection = connect({ path, lockMs: 5_000 });
  try {
    connection.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA wal_autocheckpoint = 50000');
    const now = Date.now();
    for (let first = 1; first <= count; first += SLICE) {
      const last = Math.min(first + SLICE - 1, count);
      const isOld = first <= old;
      const [from, until] = isOld ? [now - oldDays * DAY_MS, now - oldDays * DAY_MS] : [now - newDays * DAY_MS, now];
      insertSlice(connection, {
        first,
        last,
        startMs: from + ((until - from) * (first - 1)) / count,
        stepMs: (until - from) / count,
        bodyBytes: isOld ? WHOLE_BODY_BYTES : SMALL_BODY_BYTES,
      });
      if (((first - 1) / SLICE) % 5 === 4) say(`  ${last} of ${count} deliveries are there`);
      await turn();
    }
    // On the disk before anybody is measured.
    connection.exec('PRAGMA synchronous = FULL');
    connection.rows('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    connection.close();
  }
}

function insertSlice(connection, { first, last, startMs, stepMs, bodyBytes }) {
  connection.exec('BEGIN');
  connection.run(
    `INSERT INTO deliveries
       (seq, id, source, key, body_hash, event_name, received_at, headers, events, verdicts, body_bytes, repository, repository_name)
     SELECT value, 'd' || lower(hex(randomblob(12))), 'github', lower(hex(randomblob(18))), lower(hex(randomblob(32))),
       'push', CAST(? + (value - ?) * ? AS INTEGER), ?, ?, ?, ?, '1', 'bench/service'
     FROM (WITH RECURSIVE n (value) AS (SELECT ? UNION ALL SELECT value + 1 FROM n WHERE value < ?) SELECT value FROM n)`,
    startMs,
    first,
    stepMs,
    HEADERS,
    EVENTS,
    VERDICTS,
    bodyBytes,
    first,
    last,
  );
  connection.run(
    'INSERT INTO bodies (delivery, body) SELECT seq, randomblob(body_bytes) FROM deliveries WHERE seq BETWEEN ? AND ?',
    first,
    last,
  );
  connection.run(
    `INSERT INTO dispatches (id, kind, flow, delivery, workflow_id, name, state, attempts, due_at, since, run_id)
     SELECT 'ci/github/' || key, 'start', source, seq, 'ci/github/' || key, 'ci', 'done', 1, received_at, received_at,
       lower(hex(randomblob(18)))
     FROM deliveries WHERE seq BETWEEN ? AND ?`,
    first,
    last,
  );
  connection.exec('COMMIT');
}

/** How many of a file's deliveries retention has deleted so far: it begins with the first. */
export function deletedSoFar(path) {
  const connection = connect({ path, lockMs: 5_000 });
  try {
    const [{ first }] = connection.rows('SELECT min(seq) AS first FROM deliveries');
    return first - 1;
  } finally {
    connection.close();
  }
}
