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
  /** Returns what is named now. */
  readonly namedNow: () => Promise<ReadonlySet<string>>;
}

/** Blobs that are removed by one look at what is named: all of it is read for that. */
const AT_ONCE = 100;

/**
 * Removes what nothing names. What is named is asked for anew before some are removed, and of each whether it is as old as it was: another
 * worker may have put in the same content meanwhile.
 */
export async function removeUnnamed(storage: BlobStorage, { blobs, named, namedNow }: Unnamed): Promise<void> {
  const usedBefore = Date.now() - UNKNOWN_MS;
  const unnamed = [...blobs].filter(({ hash, usedAt }) => !named.has(hash) && usedAt < usedBefore);
  for (let at = 0; at < unnamed.length; at += AT_ONCE) {
    const now = await namedNow();
    for (const { hash } of unnamed.slice(at, at + AT_ONCE))
      if (!now.has(hash)) await storage.remove(hash, { usedBefore });
  }
}
