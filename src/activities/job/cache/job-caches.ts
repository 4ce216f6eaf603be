import { withFirstAbort } from '../../../async/first-abort.js';
import { StorageError } from '../../../storage/s3/storage-error.js';
import type { CacheAsked, CacheResult } from '../../contract/index.js';
import { PathError } from '../packing/list-paths.js';
import type { SharedTime } from '../packing/shared-time.js';
import { type CacheDeps, type CachesOf, type JobCache, nameOf, prepareCache } from './job-cache.js';
import { restoreCache } from './restore-cache.js';
import { saveCache } from './save-cache.js';

const NOT_ASKED = 'its storage could not be used for the one before';

/** The caches of one job. */
export interface JobCaches {
  /** Saves those that were not hit. Never rejects: the job has passed, whatever becomes of them. */
  save(saving: { readonly time: SharedTime; readonly signal: AbortSignal }): Promise<void>;
  /** Returns what has become of them so far. */
  results(): readonly CacheResult[];
}

/** What of a job's caches is wanted. */
export interface OpenCaches {
  readonly asked: readonly CacheAsked[];
  /** The workspace is as earlier steps have left it: nothing is put over that. */
  readonly isTakenUp: boolean;
  /** Files are there that a stranger's code may have made. */
  readonly hasStrangersFiles: boolean;
  /** What restoring may take. */
  readonly time: SharedTime;
  readonly signal: AbortSignal;
}

/**
 * Restores a job's caches before its first step, and returns what saves them after the last. Whatever goes wrong is told in the job's log,
 * and the job goes on as it does without. Rejects only when the signal aborts.
 */
export async function openCaches(
  deps: CacheDeps,
  of: CachesOf,
  { asked: all, isTakenUp, hasStrangersFiles, time, signal }: OpenCaches,
): Promise<JobCaches> {
  const { job } = of;
  const told = { ...deps, ...of };
  const caches: { readonly used?: JobCache; readonly result: CacheResult }[] = [];
  /** A bucket did not answer, or refused: each further call would wait as long. */
  let isAway = false;
  const tried = (what: string, work: () => Promise<void>) =>
    orTold(what, told, () =>
      work().catch((error: unknown) => {
        isAway = error instanceof StorageError;
        throw error;
      }),
    );
  await withFirstAbort([signal, job.limit], async (stop) => {
    for (const asked of all) {
      const name = nameOf(asked);
      const used = await orTold(`cache ${name}: not used`, told, () =>
        prepareCache(deps, job, { asked, hasStrangersFiles, signal: stop }),
      );
      signal.throwIfAborted();
      caches.push(used ? { used, result: used.result } : { result: { hit: 'none', because: `${name} was not used` } });
      if (!used) continue;
      const what = `cache ${used.key}: not restored`;
      if (isTakenUp) await job.jobLog.note(`${what}: the job goes on in a workspace that earlier steps have left`);
      else if (isAway) await job.jobLog.note(`${what}: ${NOT_ASKED}`);
      else await tried(what, () => restoreCache(deps, of, { cache: used, time, signal: stop }));
      signal.throwIfAborted();
    }
  });
  return {
    async save(saving) {
      // What did not answer before the steps may do so after them.
      isAway = false;
      for (const { used: cache } of caches) {
        if (!cache) continue;
        const what = `cache ${cache.key}: not saved`;
        if (isAway) await job.jobLog.note(`${what}: ${NOT_ASKED}`, { aside: true });
        else await tried(what, () => saveCache(deps, of, { cache, ...saving }));
      }
    },
    results: () => caches.map(({ used, result }) => used?.result ?? result),
  };
}

/** Returns what work does; undefined where it fails, which the job's log tells. */
async function orTold<T>(
  what: string,
  { log, job, run }: Pick<CacheDeps, 'log'> & CachesOf,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const { message } = error as Error;
    if (!(error instanceof PathError)) log.warn({ err: error, run, job: job.input.name }, what);
    await job.jobLog.note(`${what}: ${message}`, { aside: true });
    return undefined;
  }
}
