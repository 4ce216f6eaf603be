import { join } from 'node:path';
import { withDeadline } from '../../../async/deadline.js';
import type { CacheEntry } from '../../../runs/cache-records.js';
import { DamagedBlobError } from '../../../storage/blob-storage.js';
import type { OpenJob } from '../open-job.js';
import { unpack } from '../packing/archive.js';
import { inMegabytes, inSeconds } from '../packing/in-words.js';
import { kindOf } from '../packing/list-paths.js';
import { removeFolder } from '../workspace.js';
import type { CacheBook } from './cache-book.js';
import { type CacheDeps, type CachesOf, type JobCache, shortOf } from './job-cache.js';

const RESTORE_MS = 10 * 60_000;

/**
 * Puts the entry of a cache into its job's workspace, where there is one; the job's log says which, or why there is none. Throws where it
 * can't be put there: nothing of it is there then.
 */
export async function restoreCache(
  deps: CacheDeps,
  { job, run }: CachesOf,
  { cache, signal }: { readonly cache: JobCache; readonly signal: AbortSignal },
): Promise<void> {
  const { key, scope } = cache;
  const note = (text: string) => job.jobLog.note(`cache ${key}: ${text}`);
  const why = scope.because === undefined ? '' : ` (${scope.because})`;
  const entry = await find(deps.book, cache);
  if (!entry) return note(`nothing to restore${why}`);
  const began = Date.now();
  if (!(await putBack(deps, { job, entry, signal }))) return note('not restored: what was saved is gone');
  const durationMs = Date.now() - began;
  const isExact = entry.key === key;
  const moved = { key: entry.key, bytes: entry.bytes, durationMs };
  cache.result = { key, hit: isExact ? 'exact' : 'older', restored: moved };
  const what = isExact ? 'restored' : `not there; restored ${entry.key} instead`;
  const by = entry.run === run ? 'this run' : entry.run;
  await note(
    `${what}, ${inMegabytes(entry.bytes)} in ${inSeconds(durationMs)}, saved on ${shortOf(entry.branch)} by ${by}${why}`,
  );
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

/** Returns whether an entry was there; one that is not, or is damaged, is forgotten. */
async function putBack(
  { storage, book }: CacheDeps,
  { job, entry, signal: parent }: { readonly job: OpenJob; readonly entry: CacheEntry; readonly signal: AbortSignal },
): Promise<boolean> {
  const { folder } = job.workspace;
  const missing: string[] = [];
  for (const path of entry.paths) if ((await kindOf(folder, path)) === 'missing') missing.push(path);
  const error = () => new Error(`it took more than ${RESTORE_MS / 60_000} minutes`);
  try {
    const found = await withDeadline({ ms: RESTORE_MS, parent, error }, (signal) => {
      const { runner, gracePeriods } = job;
      const use = async (archive: string) => {
        await unpack(archive, { cwd: folder, signal, gracePeriods, runner });
        return true;
      };
      return storage.use(entry.hash, { use, signal });
    });
    if (!found) await book.forget(entry);
    return found === true;
  } catch (failure) {
    if (failure instanceof DamagedBlobError) await book.forget(entry);
    for (const path of missing) await removeFolder(join(folder, path)).catch(() => undefined);
    throw failure;
  }
}
