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
      const namedNow = async () => {
        const now = new Set<string>();
        for await (const artifact of book.all()) if (artifact.place === place) now.add(artifact.hash);
        return now;
      };
      await removeUnnamed(storage, { blobs: await storage.list(), named, namedNow });
    });
}
