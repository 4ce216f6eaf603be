import type { RecordStore } from '../store/store.js';
import { APPROVALS, CLOSED } from './runs/approvals.js';
import { NEWEST_STATUSES } from './status/status-book.js';

/** What Hookyard remembers of commits and pull requests, and need not for ever. */
const COLLECTIONS: readonly string[] = [NEWEST_STATUSES, APPROVALS, CLOSED];

/**
 * Returns what forgets approvals, closed pull requests and reports on commits: each call looks at the next `limit` rows of
 * each collection, deletes those from before `before` (Unix ms), and resolves to how many these were.
 */
export function createRecordPruner(
  records: RecordStore,
): (slice: { readonly before: number; readonly limit: number }) => Promise<number> {
  const after = new Map<string, string>();
  return async ({ before, limit }) => {
    let deleted = 0;
    for (const name of COLLECTIONS) {
      const rows = await records.list(name, { limit, after: after.get(name) });
      for (const { collection, key, version, updatedAt } of rows)
        if (updatedAt < before && (await records.remove({ collection, key, version }))) deleted += 1;
      const last = rows.at(-1);
      if (last && rows.length === limit) after.set(name, last.key);
      else after.delete(name);
    }
    return deleted;
  };
}
