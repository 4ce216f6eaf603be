import { ENDED_APPROVALS, OPEN_APPROVALS } from '../runs/approval-records.js';
import { FAILED_TESTS, FLAKY_TESTS } from '../runs/flaky-records.js';
import { FORGOTTEN_MIRRORS } from '../runs/forgotten-mirrors.js';
import { OPERATOR_ACTS } from '../runs/operator-acts.js';
import type { RecordStore } from '../store/store.js';
import { PASSED_JOBS } from './job/passed/passed-jobs.js';
import { RESULTS } from './results/note-result.js';
import { TABLES } from './results/write-table.js';
import { APPROVALS, CLOSED } from './runs/approvals.js';
import { ANNOTATIONS } from './status/annotation-book.js';
import { NEWEST_STATUSES } from './status/status-book.js';

/** What Hookyard remembers of commits, pull requests, what operators did and what was forgotten, and need not for ever. */
const COLLECTIONS: readonly string[] = [
  NEWEST_STATUSES,
  ANNOTATIONS,
  APPROVALS,
  CLOSED,
  ENDED_APPROVALS,
  FORGOTTEN_MIRRORS,
  OPERATOR_ACTS,
  RESULTS,
  TABLES,
];

const DAY_MS = 24 * 3_600_000;
/** No approval is waited for so long: what is there still was left by a run that was terminated. */
const LONGEST_WAIT_MS = 400 * DAY_MS;
/** How long it is remembered that a test was flaky, and which tests have failed on a commit. */
const FLAKY_MS = 30 * DAY_MS;
/** How long a job that has passed counts in runs that go on from its own. */
const PASSED_MS = 7 * DAY_MS;

/**
 * Returns what forgets approvals, closed pull requests, reports on commits, passed jobs and flaky tests, and synced records of the collections in
 * `keepDays` that were not written for so many days. Each call looks at the next `limit` rows of each collection, deletes
 * those from before `before` (Unix ms), or their own time, and resolves to how many these were.
 */
export function createRecordPruner(
  records: RecordStore,
  keepDays: Readonly<Record<string, number>> = {},
): (slice: { readonly before: number; readonly limit: number }) => Promise<number> {
  const after = new Map<string, string>();
  return async ({ before, limit }) => {
    let deleted = 0;
    const own = COLLECTIONS.map((name) => [name, before] as const);
    const synced = Object.entries(keepDays).map(([name, days]) => [name, Date.now() - days * DAY_MS] as const);
    const left = [OPEN_APPROVALS, Math.min(before, Date.now() - LONGEST_WAIT_MS)] as const;
    const flaky = [FLAKY_TESTS, FAILED_TESTS].map((name) => [name, Date.now() - FLAKY_MS] as const);
    const passed = [PASSED_JOBS, Math.max(before, Date.now() - PASSED_MS)] as const;
    for (const [name, until] of [...own, left, ...flaky, passed, ...synced]) {
      const rows = await records.list(name, { limit, after: after.get(name) });
      for (const { collection, key, version, updatedAt } of rows)
        if (updatedAt < until && (await records.remove({ collection, key, version }))) deleted += 1;
      const last = rows.at(-1);
      if (last && rows.length === limit) after.set(name, last.key);
      else after.delete(name);
    }
    return deleted;
  };
}
