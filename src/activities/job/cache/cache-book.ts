import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CACHES, type CacheEntry, cacheEntrySchema } from '../../../runs/cache-records.js';
import { versionAfter } from '../../../store/record-version.js';
import type { RecordStore, StoredRecord } from '../../../store/store.js';

/** Where entries are found: those of one repository, one storage, one sort of machine, one format and the same paths. */
export type CachePlace = Pick<CacheEntry, 'source' | 'repository' | 'platform' | 'format' | 'place' | 'paths'>;

/** What is looked for: of several branches, the first that has it. */
export interface CacheWanted {
  readonly branches: readonly string[];
  readonly key: string;
}

/** The entries that all workers know of. */
export interface CacheBook {
  /** Returns the entry of this key. */
  find(place: CachePlace, wanted: CacheWanted): Promise<CacheEntry | undefined>;
  /** Returns the newest entry whose key begins so. */
  findNewest(place: CachePlace, wanted: CacheWanted): Promise<CacheEntry | undefined>;
  /** Notes an entry, in the place of the one before. */
  note(entry: CacheEntry): Promise<void>;
  /** Forgets an entry, unless another one has taken its place. */
  forget(entry: CacheEntry): Promise<void>;
  /** Returns all entries, a page at a time. */
  all(): AsyncGenerator<CacheEntry>;
}

const PAGE = 500;
/** Of one branch with the same beginning: beyond these, older ones may be taken for the newest. */
const MOST = 5_000;

/** Returns the book that the store keeps. */
export function createCacheBook(records: Pick<RecordStore, 'get' | 'list' | 'upsert' | 'remove'>): CacheBook {
  return {
    async find(place, { branches, key }) {
      for (const branch of branches) {
        const found = read(await records.get(CACHES, keyOf({ ...place, branch, key })));
        if (found) return found;
      }
      return undefined;
    },
    async findNewest(place, { branches, key }) {
      for (const branch of branches) {
        const start = keyOf({ ...place, branch, key });
        const exact = read(await records.get(CACHES, start));
        let newest = exact;
        let seen = 0;
        for await (const { key: at, entry } of from(records, start)) {
          if (!at.startsWith(start) || seen++ > MOST) break;
          if (entry && (newest === undefined || entry.savedAt > newest.savedAt)) newest = entry;
        }
        if (newest) return newest;
      }
      return undefined;
    },
    async note(entry) {
      const { run, savedAt } = entry;
      const key = keyOf(entry);
      const version = versionAfter(await records.get(CACHES, key), savedAt);
      await records.upsert({ collection: CACHES, key, version, data: entry, run });
    },
    async forget(entry) {
      const stored = await records.get(CACHES, keyOf(entry));
      const known = read(stored);
      if (stored && known?.savedAt === entry.savedAt && known.hash === entry.hash) await records.remove(stored);
    },
    async *all() {
      for await (const { entry } of from(records, undefined)) if (entry) yield entry;
    },
  };
}

async function* from(
  records: Pick<RecordStore, 'list'>,
  start: string | undefined,
): AsyncGenerator<{ readonly key: string; readonly entry: CacheEntry | undefined }> {
  for (let after = start; ; ) {
    const rows = await records.list(CACHES, { limit: PAGE, after });
    for (const row of rows) yield { key: row.key, entry: read(row) };
    after = rows.at(-1)?.key;
    if (rows.length < PAGE) return;
  }
}

function read(row: StoredRecord | undefined): CacheEntry | undefined {
  return z.safeParse(cacheEntrySchema, row?.data).data;
}

/** `source#…`: by that what is to be forgotten of a source is found. The key is last, so that those of one beginning lie together. */
function keyOf({ source, key, ...of }: CachePlace & Pick<CacheEntry, 'branch' | 'key'>): string {
  const { format } = of;
  const where = JSON.stringify([
    ...[of.place, of.platform, of.repository, of.branch, of.paths],
    ...(format === undefined ? [] : [format]),
  ]);
  return `${source}#${createHash('sha256').update(where).digest('hex').slice(0, 40)}#${key}`;
}
