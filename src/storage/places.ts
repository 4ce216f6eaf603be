import { join } from 'node:path';
import type { BlobStorage } from './blob-storage.js';
import { openFolderStorage } from './folder-storage.js';

/** Opens where what jobs cache lies. `data`: the data folder. */
export function cacheStorage(data: string): BlobStorage {
  return openFolderStorage(join(data, 'storage', 'caches'));
}

/** Opens where the artifacts of jobs lie. `data`: the data folder. */
export function artifactStorage(data: string): BlobStorage {
  return openFolderStorage(join(data, 'storage', 'artifacts'));
}
