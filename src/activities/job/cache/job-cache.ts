import type { Config } from '../../../config/config.js';
import type { Logger } from '../../../log.js';
import { inWorkspace, problemOfKeptPath } from '../../../runs/kept-path.js';
import type { BlobStorage } from '../../../storage/blob-storage.js';
import type { CacheAsked, CacheResult } from '../../contract/index.js';
import type { OpenJob } from '../open-job.js';
import { PathError } from '../packing/list-paths.js';
import type { CacheBook, CachePlace } from './cache-book.js';
import { cacheKey } from './cache-key.js';
import { type CacheScope, cacheScope } from './cache-scope.js';

/** What caches work with. */
export interface CacheDeps {
  readonly config: Pick<Config, 'cache'>;
  readonly storage: BlobStorage;
  readonly book: CacheBook;
  readonly log: Logger;
}

/** Whose caches they are. */
export interface CachesOf {
  readonly job: OpenJob;
  /** Workflow id. */
  readonly run: string;
}

/** One cache of a job. */
export interface JobCache {
  readonly asked: CacheAsked;
  readonly key: string;
  readonly scope: CacheScope;
  readonly place: CachePlace;
  /** What has become of it so far. */
  result: CacheResult;
}

/** What was saved before this one nobody has looked at: it may have been put elsewhere than its paths say, by whoever made it. */
const FORMAT = 2;

/** Finds out what a job's cache is called and which branches' entries it may touch. Throws {@link PathError} where it can't be used. */
export async function prepareCache(
  { config, storage }: CacheDeps,
  job: OpenJob,
  {
    asked,
    hasStrangersFiles,
    signal,
  }: { readonly asked: CacheAsked; readonly hasStrangersFiles: boolean; readonly signal: AbortSignal },
): Promise<JobCache> {
  if (config.cache.megabytes === 0) throw new PathError('cache.megabytes of the configuration is 0');
  const bad = asked.paths.find((path) => problemOfKeptPath(path) !== undefined);
  if (bad !== undefined) throw new PathError(`its path ${JSON.stringify(bad)} ${problemOfKeptPath(bad)}`);
  const { checkout } = job.input;
  const { source, repository: from, home: repository = from, defaultBranch = job.defaultBranch() } = checkout;
  const key = await cacheKey(job, asked, signal);
  const place = {
    ...{ source, repository, paths: asked.paths.map(inWorkspace) },
    ...{ platform: `${process.platform}-${process.arch}`, format: FORMAT, place: await storage.place() },
  };
  const scope = cacheScope(
    { ...checkout, ...(defaultBranch !== undefined && { defaultBranch }) },
    { mode: asked.mode, hasStrangersFiles },
  );
  return { asked, key, scope, place, result: { key, hit: 'none' } };
}

/** Returns what a cache is called before its key is known. */
export function nameOf({ key }: CacheAsked): string {
  return key.map((part) => (typeof part === 'string' ? part : `hash of ${part.hashFiles.join(', ')}`)).join('-');
}
