import type { RecordStore } from '../store/store.js';
import { APPROVALS, CLOSED } from './runs/approvals.js';
import { NEWEST_STATUSES } from './status/status-book.js';

/** What Hookyard remembers of commits and pull requests, and need not for ever. */
const COLLECTIONS: readonly string[] = [NEWEST_STATUSES, APPROVALS, CLOSED];
/** Rows that one pass looks at, of each collection. */
const PAGE = 100;

/** Deletes what is older than the inbox keeps deliveries. */
export interface RecordPruner {
  /** Looks at the next page of each collection. Rejects when the store does not answer. */
  pass(): Promise<void>;
}

/** Returns what forgets approvals, closed pull requests and reports on commits. `keptMs`: for how long they are kept. */
export function createRecordPruner({ records, keptMs }: { records: RecordStore; keptMs: number }): RecordPruner {
  const after = new Map<string, string>();
  return {
    async pass() {
      const before = Date.now() - keptMs;
      for (const name of COLLECTIONS) {
        const from = after.get(name);
        const rows = await records.list(name, { limit: PAGE, ...(from !== undefined && { after: from }) });
        for (const { collection, key, version, updatedAt } of rows)
          if (updatedAt < before) await records.remove({ collection, key, version });
        const last = rows.at(-1);
        if (last && rows.length === PAGE) after.set(name, last.key);
        else after.delete(name);
      }
    },
  };
}
