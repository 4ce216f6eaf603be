import type { BlobStorage } from './blob-storage.js';

/** Tidies a storage up, and does some work whatever becomes of that. Throws what the work throws, or what tidying has thrown. */
export async function tidyThen(storage: BlobStorage, work: () => Promise<void>): Promise<void> {
  const [tidied] = await Promise.allSettled([storage.tidy()]);
  await work();
  if (tidied.status === 'rejected') throw tidied.reason;
}
