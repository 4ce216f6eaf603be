import { join } from 'node:path';
import type { BlobStorage } from './blob-storage.js';
import { openFolderStorage } from './folder-storage.js';
import { openBucket } from './s3/bucket.js';
import { openS3Storage, type S3StorageOptions } from './s3/s3-storage.js';
import type { S3Settings } from './s3/settings.js';
import { tidyScratch } from './scratch.js';

/** Has what is on its way to a bucket, and from there. */
const MAKING = 'making';

/** What of the configuration says where files lie. */
export interface StorageConfig {
  /** The data folder. */
  readonly data: string;
  readonly storage: { readonly s3?: S3Settings | undefined };
}

/** Whose files they are. */
export interface StorageOf {
  /** Returns the installation's id. */
  readonly installation: () => Promise<string>;
  /** Ends what nobody else can end, such as lists. */
  readonly ending?: AbortSignal;
}

/** How much all of one sort may have. */
interface Bound {
  readonly megabytes: number;
}

/** Opens where what jobs cache lies. */
export function cacheStorage(
  { cache, ...config }: StorageConfig & { readonly cache: Bound },
  of: StorageOf,
): BlobStorage {
  return open(config, { what: 'caches', notesUse: true, ...of, ...cache });
}

/** Opens where the artifacts of jobs lie: those of runs, which have a time to end, however often they are used. */
export function artifactStorage(
  { artifacts, ...config }: StorageConfig & { readonly artifacts: Bound },
  of: StorageOf,
): BlobStorage {
  return open(config, { what: 'artifacts', notesUse: false, ...of, ...artifacts });
}

/** Removes from this machine what artifacts a process was fetching that was killed, some time ago. */
export function tidyFetched({ data }: Pick<StorageConfig, 'data'>): Promise<void> {
  return tidyScratch(join(data, 'storage', 'artifacts', MAKING));
}

function open(
  { data, storage: { s3 } }: StorageConfig,
  { what, megabytes, ending, ...how }: StorageOf & Bound & Pick<S3StorageOptions, 'what' | 'notesUse'>,
): BlobStorage {
  const folder = join(data, 'storage', what);
  if (!s3) return openFolderStorage(folder, { canBeRemade: what === 'caches' });
  const maxBytes = megabytes * 1024 * 1024;
  return openS3Storage({ bucket: openBucket(s3, ending), what, folder: join(folder, MAKING), maxBytes, ...how });
}
