import Database from 'libsql';
import { makeNicer, NICER_BY, nicerBy } from '../../niceness.js';
import { DAMAGED_CODE } from './check-file.js';
import { isDamage } from './protocol.js';

/*
 * A program: checks the SQLite file that its argument names. Prints what is wrong with it; the exit code says whether
 * something is. It only reads, but a reader of a write-ahead log needs a connection that may write.
 */

const LOCK_MS = 5_000;
/** Problems that are told: one is enough to stop, and a few help whoever repairs. */
const MAX_PROBLEMS = 3;

// Deliveries go before.
makeNicer(process.pid, nicerBy(NICER_BY));
const problems = problemsOf(process.argv[2] ?? '');
console.log(problems.join('; '));
if (problems.length > 0) process.exitCode = DAMAGED_CODE;

function problemsOf(path: string): string[] {
  try {
    const db = new Database(path, { timeout: LOCK_MS });
    const rows = db.prepare(`PRAGMA quick_check(${MAX_PROBLEMS})`).all() as { quick_check: string }[];
    db.close();
    // One row may tell several, below a line that names the database.
    const lines = rows.flatMap(({ quick_check }) => quick_check.split('\n'));
    return lines.filter((said) => said !== 'ok' && !said.startsWith('***')).slice(0, MAX_PROBLEMS);
  } catch (error) {
    if (error instanceof Error && isDamage(error)) return [error.message];
    throw error;
  }
}
