import type { BlobStorage } from '../../../storage/blob-storage.js';
import type { ArtifactBook } from './artifact-book.js';

/** Of what nothing names: it may have been put there just now, and be noted next. */
const UNKNOWN_MS = 5 * 60_000;

/** Returns what removes the artifacts that have expired, what none names any more, as after `hookyard forget`, and room that nobody gave back. */
export function createArtifactSweep({
  storage,
  book,
}: {
  readonly storage: BlobStorage;
  readonly book: ArtifactBook;
}): () => Promise<void> {
  return async () => {
    await storage.tidy();
    const place = await storage.place();
    const now = Date.now();
    const named = new Set<string>();
    for await (const artifact of book.all()) {
      if (artifact.expiresAt <= now) await book.forget(artifact);
      else if (artifact.place === place) named.add(artifact.hash);
    }
    for (const claim of await book.claims()) if (claim.until <= now) await book.unclaim(claim);
    for (const { hash, usedAt } of await storage.list())
      if (!named.has(hash) && usedAt < now - UNKNOWN_MS) await storage.remove(hash);
  };
}
