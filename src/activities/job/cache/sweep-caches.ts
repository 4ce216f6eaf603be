import type { Config } from '../../../config/config.js';
import type { BlobStorage } from '../../../storage/blob-storage.js';
import { makeRoom } from '../../../storage/make-room.js';
import { removeUnnamed, UNKNOWN_MS } from '../../../storage/remove-unnamed.js';
import { tidyThen } from '../../../storage/tidy-then.js';
import { MEGABYTE } from '../packing/in-words.js';
import type { CacheBook } from './cache-book.js';

/** What {@link createCacheSweep} works with. */
export interface CacheSweepDeps {
  readonly config: Pick<Config, 'cache'>;
  readonly storage: BlobStorage;
  readonly book: CacheBook;
}

const DAY_MS = 24 * 3_600_000;

/**
 * Returns what removes cached files that no job has used for as long as the configuration says, that no entry names any more, as after
 * `hookyard forget`, and those that there is no room for; and the entries whose files are gone.
 */
export function createCacheSweep({ config, storage, book }: CacheSweepDeps): () => Promise<void> {
  return () =>
    tidyThen(storage, async () => {
      const place = await storage.place();
      const now = Date.now();
      const blobs = new Map((await storage.list()).map((blob) => [blob.hash, blob] as const));
      const named = new Set<string>();
      for await (const entry of book.all()) {
        if (entry.place !== place) continue;
        const blob = blobs.get(entry.hash);
        const isOld = blob && blob.usedAt < now - config.cache.days * DAY_MS;
        const isGone = !blob && entry.savedAt < now - UNKNOWN_MS;
        if (isOld || isGone) await book.forget(entry);
        else named.add(entry.hash);
      }
      const namedNow = async () => {
        const now = new Set<string>();
        for await (const entry of book.all()) if (entry.place === place) now.add(entry.hash);
        return now;
      };
      await removeUnnamed(storage, { blobs: blobs.values(), named, namedNow });
      await makeRoom(storage, { maxBytes: config.cache.megabytes * MEGABYTE });
    });
}
