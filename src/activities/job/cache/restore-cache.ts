import { join } from 'node:path';
import type { CacheEntry } from '../../../runs/cache-records.js';
import { DamagedBlobError } from '../../../storage/blob-storage.js';
import type { OpenJob } from '../open-job.js';
import { unpack } from '../packing/archive.js';
import { inMegabytes, inSeconds } from '../packing/in-words.js';
import { kindOf } from '../packing/list-paths.js';
import type { SharedTime } from '../packing/shared-time.js';
import { removeFolder } from '../workspace.js';
import type { CacheBook } from './cache-book.js';
import { shortOf } from './cache-scope.js';
import type { CacheDeps, CachesOf, JobCache } from './job-cache.js';

/** Entries that are found and have nothing: a storage that is gone as a whole is not looked through entry by entry. */
const MOST_LOST = 20;

/** A cache that is wanted, and for how long it is. */
export interface Restoring {
  readonly cache: JobCache;
  readonly time: SharedTime;
  readonly signal: AbortSignal;
}

/**
 * Puts the best entry of a cache into its job's workspace, where there is one; the job's log says which, or why there is none. One whose
 * content is gone or damaged is forgotten, and the next one looked for. Throws where it can't be put there: nothing of it is there then.
 */
export async function restoreCache(
  deps: CacheDeps,
  { job, run }: CachesOf,
  { cache, ...how }: Restoring,
): Promise<void> {
  const { key, scope } = cache;
  const note = (text: string) => job.jobLog.note(`cache ${key}: ${text}`);
  const why = scope.because === undefined ? '' : ` (${scope.because})`;
  for (let lost = 0; lost < MOST_LOST; lost++) {
    const entry = await find(deps.book, cache);
    if (!entry) break;
    const began = Date.now();
    const isLost = await putBack(deps, { job, entry, ...how });
    if (isLost !== undefined) {
      await deps.book.forget(entry);
      await note(`${entry.key} of ${shortOf(entry.branch)} is not restored: ${isLost}`);
      continue;
    }
    const durationMs = Date.now() - began;
    const isExact = entry.key === key;
    const moved = { key: entry.key, bytes: entry.bytes, durationMs };
    cache.result = { key, hit: isExact ? 'exact' : 'older', restored: moved };
    const what = isExact ? 'restored' : `not there; restored ${entry.key} instead`;
    const by = entry.run === run ? 'this run' : entry.run;
    const took = `${inMegabytes(entry.bytes)} in ${inSeconds(durationMs)}`;
    return note(`${what}, ${took}, saved on ${shortOf(entry.branch)} by ${by}${why}`);
  }
  await note(`nothing to restore${why}`);
}

async function find(book: CacheBook, { key, place, scope, asked }: JobCache): Promise<CacheEntry | undefined> {
  const exact = await book.find(place, { branches: scope.reads, key });
  if (exact) return exact;
  for (const beginning of asked.restoreKeys ?? []) {
    const older = await book.findNewest(place, { branches: scope.reads, key: beginning });
    if (older) return older;
  }
  return undefined;
}

/** Returns why there is nothing to put back, in words; undefined where it was put back. */
async function putBack(
  { storage }: CacheDeps,
  {
    job,
    entry,
    time,
    signal: parent,
  }: Omit<Restoring, 'cache'> & { readonly job: OpenJob; readonly entry: CacheEntry },
): Promise<string | undefined> {
  const { folder } = job.workspace;
  const missing: string[] = [];
  for (const path of entry.paths) if ((await kindOf(folder, path)) === 'missing') missing.push(path);
  try {
    const found = await time.within(parent, (signal) => {
      const { runner, gracePeriods } = job;
      const use = async (archive: string) => {
        await unpack(archive, { cwd: folder, signal, gracePeriods, runner });
        return true;
      };
      return storage.use(entry.hash, { use, bytes: entry.bytes, signal });
    });
    return found ? undefined : 'what was saved is gone';
  } catch (failure) {
    for (const path of missing) await removeFolder(join(folder, path)).catch(() => undefined);
    if (failure instanceof DamagedBlobError) return failure.message;
    throw failure;
  }
}
