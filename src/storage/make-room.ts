import type { BlobStorage } from './blob-storage.js';

/** How much a storage may hold, and what stays in it whatever that comes to. */
export interface Room {
  readonly maxBytes: number;
  readonly keep?: string | undefined;
  readonly signal?: AbortSignal;
}

/** Removes the blobs that were not used for the longest time, until the others have no more bytes than there may be. Returns how many. */
export async function makeRoom(storage: BlobStorage, { maxBytes, keep, signal }: Room): Promise<number> {
  const blobs = [...(await storage.list(signal))].sort((a, b) => b.usedAt - a.usedAt);
  const kept = blobs.find(({ hash }) => hash === keep);
  let total = kept?.bytes ?? 0;
  let removed = 0;
  for (const { hash, bytes } of blobs) {
    if (hash === keep) continue;
    total += bytes;
    if (total <= maxBytes) continue;
    // Smaller ones that are older may stay.
    total -= bytes;
    await storage.remove(hash, { ...(signal && { signal }) });
    removed += 1;
  }
  return removed;
}
