import { connect } from '../../dist/store/sqlite/connection.js';
import { openSqliteStore } from '../../dist/store/sqlite/open.js';

/** The job that has printed much. */
export const LOG = { workflowId: 'ci/github/long', job: 'test' };

/** The job whose lines are made to be slow: any pull request that may run prints what it likes. */
export const HOSTILE_LOG = { workflowId: 'ci/github/hostile', job: 'test' };

const LINE = 'compiling src/some/folder/of/a/project/module-of-some-name.ts ... done in 12 ms, line ';
const SLICE = 50_000;

/**
 * Fills a new store's file with the log of a job of three steps, of which the second has printed nearly all, and failed in the middle of
 * its last thousand lines. Returns the number of the line where it went wrong, and how many bytes there are.
 */
export async function fillLog({ path, lines }) {
  const store = await openSqliteStore({ path });
  const note = (text) => ({ at: Date.now(), stream: 'note', attempt: 1, text });
  await store.logs.append(LOG, [
    note('step 1 of 3: npm ci'),
    note('npm ci: passed in 9.0 s'),
    note('step 2 of 3: npm test'),
  ]);
  await store.close();
  const connection = connect({ path, lockMs: 5_000 });
  const failing = 3 + lines - 500;
  try {
    connection.exec('PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 50000');
    for (let first = 4; first < 4 + lines; first += SLICE) {
      connection.run(
        `INSERT INTO log_lines (job, number, at, stream, step, attempt, text)
         SELECT (SELECT seq FROM log_jobs), value, ?, 'stdout', 'npm test', 1,
           CASE value WHEN ? THEN 'src/a.ts:3:4: error: it is not so' ELSE ? || value END
         FROM (WITH RECURSIVE n (value) AS (SELECT ? UNION ALL SELECT value + 1 FROM n WHERE value < ?) SELECT value FROM n)`,
        Date.now(),
        failing,
        LINE,
        first,
        Math.min(first + SLICE, 4 + lines) - 1,
      );
    }
    connection.run('UPDATE log_jobs SET last_number = ?', 3 + lines);
    connection.exec('PRAGMA synchronous = FULL');
    connection.rows('PRAGMA wal_checkpoint(TRUNCATE)');
    const [{ bytes }] = connection.rows('SELECT sum(length(text)) AS bytes FROM log_lines');
    const again = await openSqliteStore({ path });
    await again.logs.append(LOG, [note('npm test: failed with exit code 1 after 60.0 s')]);
    await again.close();
    return { failing, bytes };
  } finally {
    connection.close();
  }
}

/** Adds the log of a job that has failed, and printed 1,500 lines of 8 kB: words without an end, and codes again and again. */
export async function fillHostileLog({ path }) {
  const store = await openSqliteStore({ path });
  try {
    const units = ['a', '\u001b[1mx', '\u001b[31mx\u001b[32my', '\u001b]8;;https://a.example\u0007x', 'a:1', 'error '];
    const at = Date.now();
    const lines = Array.from({ length: 1_500 }, (_, index) => {
      const unit = units[index % units.length];
      const text = `${unit.repeat(Math.floor(8_180 / unit.length))} error`;
      return { at, stream: 'stdout', step: 'test', attempt: 1, text };
    });
    const note = (text) => ({ at, stream: 'note', attempt: 1, text });
    await store.logs.append(HOSTILE_LOG, [note('step 1 of 1: test')]);
    for (let first = 0; first < lines.length; first += 100)
      await store.logs.append(HOSTILE_LOG, lines.slice(first, first + 100));
    await store.logs.append(HOSTILE_LOG, [note('test: failed with exit code 1 after 1.0 s')]);
  } finally {
    await store.close();
  }
}
