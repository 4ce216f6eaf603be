import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type BlobStorage, DamagedBlobError, isHash, type StoredBlob } from './blob-storage.js';
import { hashFile } from './hash-file.js';
import { makeScratch, tidyScratch } from './scratch.js';
import { unlessMissing } from './unless-missing.js';

const BLOBS = 'blobs';
const MAKING = 'making';
const PLACE = 'place';

/** In milliseconds: one bad read of a disk may be followed by a good one. */
const AGAIN_MS = 500;

/** What lies in a folder. */
export interface FolderStorageOptions {
  /** Whether it can be made anew: what is damaged is removed then. */
  readonly canBeRemade: boolean;
}

/**
 * Returns the storage that a folder of this machine holds, readable by this user alone. Any number of processes may use it at once. A blob
 * is written beside its place, and is there whole or not at all.
 */
export function openFolderStorage(folder: string, { canBeRemade }: FolderStorageOptions): BlobStorage {
  const blobAt = (hash: string) => {
    if (!isHash(hash)) throw new Error('this is no hash of a blob');
    return join(folder, BLOBS, hash.slice(0, 2), hash);
  };
  return {
    place: () => placeOf(folder),
    scratch: () => makeScratch(join(folder, MAKING)),
    async put(file, signal) {
      const blob = await hashFile(file, signal);
      const path = blobAt(blob.hash);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const now = new Date();
      await utimes(file, now, now);
      await syncFile(file);
      // Over the same content, if it is there: one that was damaged is whole again.
      await rename(file, path);
      return blob;
    },
    async use(hash, { use, signal }) {
      const path = blobAt(hash);
      if (!(await touch(path))) return undefined;
      if ((await hashFile(path, signal)).hash === hash) return use(path);
      await pause(AGAIN_MS, undefined, { signal });
      // Another worker may have found it damaged as well, and removed it.
      const again = await hashFile(path, signal).catch(unlessMissing);
      if (again?.hash === hash) return use(path);
      if (canBeRemade) await rm(path, { force: true });
      throw new DamagedBlobError({ isRemoved: canBeRemade });
    },
    async remove(hash, { usedBefore } = {}) {
      const path = blobAt(hash);
      const now = usedBefore === undefined ? undefined : await stat(path).catch(unlessMissing);
      if (now === undefined || usedBefore === undefined || now.mtimeMs < usedBefore) await rm(path, { force: true });
    },
    list: (signal) => blobsIn(join(folder, BLOBS), signal),
    tidy: () => tidyScratch(join(folder, MAKING)),
  };
}

/** Returns the name that a folder was given once: it moves with the folder, and a new folder in its place has another. */
async function placeOf(folder: string): Promise<string> {
  const path = join(folder, PLACE);
  const read = () => readFile(path, 'utf8').catch(unlessMissing);
  const known = await read();
  if (known) return known;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const beside = `${path}-${randomUUID()}`;
  await writeFile(beside, `folder-${randomUUID()}`, { mode: 0o600 });
  // Of two processes that begin at once, the first names it.
  await link(beside, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(beside, { force: true });
  return (await read()) ?? placeOf(folder);
}

async function blobsIn(folder: string, signal?: AbortSignal): Promise<readonly StoredBlob[]> {
  const all: StoredBlob[] = [];
  for (const first of await namesIn(folder))
    for (const hash of await namesIn(join(folder, first))) {
      signal?.throwIfAborted();
      const found = isHash(hash) && (await stat(join(folder, first, hash)).catch(() => undefined));
      if (found) all.push({ hash, bytes: found.size, usedAt: found.mtimeMs });
    }
  return all;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(unlessMissing)) ?? [];
}

/** Notes that a blob is used. Returns whether it is there. */
async function touch(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now)
    .then(() => true, unlessMissing)
    .then((done) => done === true);
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
