import type { BlobStorage, StoredBlob } from './blob-storage.js';

/**
 * In milliseconds: for so long what nothing names stays. It may have been put there just now, and be noted next: keeping takes minutes, what
 * went there in parts has the time at which it was begun, and a service takes calls of clocks that differ by a quarter of an hour.
 */
export const UNKNOWN_MS = 3_600_000;

/** What is removed from, and what is asked before. */
export interface Unnamed {
  readonly blobs: Iterable<StoredBlob>;
  /** What was named when it was looked through. */
  readonly named: ReadonlySet<string>;
  /** Asks anew whether a blob is named. */
  readonly isNamed: (hash: string) => Promise<boolean>;
}

/** Removes what nothing names. Each is asked for anew right before: another worker may have put in the same content meanwhile. */
export async function removeUnnamed(storage: BlobStorage, { blobs, named, isNamed }: Unnamed): Promise<void> {
  const before = Date.now() - UNKNOWN_MS;
  for (const { hash, usedAt } of blobs)
    if (!named.has(hash) && usedAt < before && !(await isNamed(hash))) await storage.remove(hash);
}
