import type { BlobStorage } from '../../../storage/blob-storage.js';
import { removeUnnamed } from '../../../storage/remove-unnamed.js';
import { tidyThen } from '../../../storage/tidy-then.js';
import type { ArtifactBook } from './artifact-book.js';

/** Returns what removes the artifacts that have expired, what none names any more, as after `hookyard forget`, and room that nobody gave back. */
export function createArtifactSweep({
  storage,
  book,
}: {
  readonly storage: BlobStorage;
  readonly book: ArtifactBook;
}): () => Promise<void> {
  return () =>
    tidyThen(storage, async () => {
      const place = await storage.place();
      const now = Date.now();
      const named = new Set<string>();
      for await (const artifact of book.all()) {
        if (artifact.expiresAt <= now) await book.forget(artifact);
        else if (artifact.place === place) named.add(artifact.hash);
      }
      for (const claim of await book.claims()) if (claim.until <= now) await book.unclaim(claim);
      const isNamed = async (hash: string) => {
        for await (const one of book.all()) if (one.hash === hash && one.place === place) return true;
        return false;
      };
      await removeUnnamed(storage, { blobs: await storage.list(), named, isNamed });
    });
}
