import { z } from 'zod';
import { isSameRepository } from '../../events/repository-name.js';
import { CACHES, type CacheEntry, cacheEntrySchema } from '../../runs/cache-records.js';
import type { Store, StoredRecord } from '../../store/store.js';
import { HttpError } from '../http/http-error.js';
import type { CachesAnswer, ClearCachesAnswer, ListedCache } from './contract.js';

/** Which entries are meant: all that have what is named. */
export interface CacheFilter {
  readonly source?: string | undefined;
  readonly repository?: string | undefined;
  /** Its name, or the full ref. */
  readonly branch?: string | undefined;
  /** The beginning of keys. */
  readonly key?: string | undefined;
}

/** Rows that are read for an answer. */
const PAGE = 500;
const name = z.string().min(1).max(500);

/** Which entries are to be removed. */
export const clearCachesBody = z
  .strictObject({
    source: name.optional(),
    repository: name.optional(),
    branch: name.optional(),
    key: name.optional().describe('the beginning of keys'),
    all: z.literal(true).optional().describe('needed where nothing else is named'),
    after: z.string().max(2_000).optional().describe('the "next" of the call before'),
  })
  .refine(({ after: _, ...named }) => Object.values(named).some((one) => one !== undefined), 'nothing is named');

/** Returns a page of what jobs have cached. */
export async function listCaches(
  records: Pick<Store['records'], 'list'>,
  { after, ...filter }: CacheFilter & { readonly after?: string | undefined },
): Promise<CachesAnswer> {
  const { found, next } = await page(records, { filter, after });
  return { caches: found.map(({ entry }) => listed(entry)), ...next };
}

/** Removes a page of what jobs have cached. Throws {@link HttpError} (400) where nothing is named. */
export async function clearCaches(
  records: Pick<Store['records'], 'list' | 'remove'>,
  body: unknown,
): Promise<ClearCachesAnswer> {
  const asked = clearCachesBody.safeParse(body);
  if (!asked.success)
    throw new HttpError(400, 'send { "repository": … }, "source", "branch" or "key", or { "all": true } as JSON');
  const { after, all: _, ...filter } = asked.data;
  const { found, next } = await page(records, { filter, after });
  let removed = 0;
  let bytes = 0;
  for (const { row, entry } of found) {
    if (!(await records.remove(row))) continue;
    removed += 1;
    bytes += entry.bytes;
  }
  return { removed, bytes, ...next };
}

async function page(
  records: Pick<Store['records'], 'list'>,
  { filter, after }: { readonly filter: CacheFilter; readonly after: string | undefined },
) {
  const rows = await records.list(CACHES, { limit: PAGE, after });
  const found = rows.flatMap((row) => {
    const entry = read(row);
    return entry && isMeant(entry, filter) ? [{ row, entry }] : [];
  });
  const last = rows.at(-1);
  return { found, next: rows.length === PAGE && last ? { next: last.key } : {} };
}

function read({ data }: StoredRecord): CacheEntry | undefined {
  return cacheEntrySchema.safeParse(data).data;
}

function isMeant(entry: CacheEntry, { source, repository, branch, key }: CacheFilter): boolean {
  return (
    (source === undefined || entry.source === source) &&
    (repository === undefined || isSameRepository(entry.repository, repository)) &&
    (branch === undefined || entry.branch === branch || entry.branch === `refs/heads/${branch}`) &&
    (key === undefined || entry.key.startsWith(key))
  );
}

/** Without where it lies: that is the workers' own. */
function listed({ place: _, hash: __, format: ___, savedAt, ...entry }: CacheEntry): ListedCache {
  return { ...entry, savedAt: new Date(savedAt).toISOString() };
}
