import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type BlobStorage, DamagedBlobError, isHash, type StoredBlob } from '../blob-storage.js';
import { hashFile } from '../hash-file.js';
import { makeScratch, tidyScratch } from '../scratch.js';
import type { Bucket } from './bucket.js';
import { type Download, download } from './download.js';
import { abandonUploads, noteObject, objectAt, objectsOf, removeObject } from './objects.js';
import { upload } from './upload.js';

/** Which part of a bucket it is. */
export interface S3StorageOptions {
  readonly bucket: Bucket;
  /** What lies there: a part of the names of its objects. */
  readonly what: 'caches' | 'artifacts';
  /** Whether it is told from the objects when a blob was used last: beside it then lies an empty one that is written at each use. */
  readonly notesUse: boolean;
  /** Returns the id of the installation: others may have the same bucket, and what they keep is named by no entry of this one. */
  readonly installation: () => Promise<string>;
  /** A folder of this machine for what is on its way. */
  readonly folder: string;
  /** How many bytes are fetched of what nobody says how many it has. */
  readonly maxBytes: number;
}

/** Longer than an upload takes, and a use. */
const ABANDONED_MS = 24 * 3_600_000;
/** How often a blob is fetched that is not what was put in: it may be the way here that has changed it. */
const FETCHES = 2;

/** Returns the storage that a bucket holds. Any number of processes of any number of machines may use it at once. */
export function openS3Storage({
  bucket,
  what,
  notesUse,
  installation,
  folder,
  maxBytes,
}: S3StorageOptions): BlobStorage {
  const { prefix } = bucket.settings;
  const below = async () => `${prefix === '' ? '' : `${prefix}/`}${await installation()}/${what}/`;
  const keysOf = async (hash: string) => {
    if (!isHash(hash)) throw new Error('this is no hash of a blob');
    const start = await below();
    return { blob: `${start}blobs/${hash}`, used: `${start}used/${hash}` };
  };
  return {
    async place() {
      const where = createHash('sha256').update(`${bucket.settings.bucket}\0${await below()}`);
      return `s3-${where.digest('hex').slice(0, 32)}`;
    },
    scratch: () => makeScratch(folder),
    async put(file, signal) {
      const blob = await hashFile(file, signal);
      const { blob: key } = await keysOf(blob.hash);
      // Over the same content, if it is there: one that was damaged is whole again.
      await upload(bucket, { file, bytes: blob.bytes, key }, signal);
      return blob;
    },
    async use(hash, { use, bytes = maxBytes, signal }) {
      const keys = await keysOf(hash);
      const scratch = await makeScratch(folder);
      try {
        // Before it is fetched, so that no other worker removes it meanwhile for not having been used.
        if (notesUse) await noteObject(bucket, keys.used, signal);
        const file = join(scratch.folder, 'blob');
        const found = await fetchWhole(bucket, { key: keys.blob, file, maxBytes: bytes, hash }, signal);
        if (found === 'whole') return await use(file);
        // What jobs cache is made anew. An artifact is not: that it can't be read here does not say that nobody can.
        const isRemoved = found === 'changed' && what === 'caches';
        // Where it can't be removed, nothing will name it any more, and a sweep tries again.
        if (isRemoved) await removeObject(bucket, keys.blob).catch(() => undefined);
        if (notesUse && (isRemoved || found === 'missing'))
          await removeObject(bucket, keys.used).catch(() => undefined);
        if (found === 'missing') return undefined;
        throw new DamagedBlobError({ isRemoved });
      } finally {
        await scratch.remove();
      }
    },
    async remove(hash, { usedBefore, signal } = {}) {
      const keys = await keysOf(hash);
      for (const key of usedBefore === undefined ? [] : [keys.blob, ...(notesUse ? [keys.used] : [])]) {
        const now = await objectAt(bucket, key, { signal });
        if (now && usedBefore !== undefined && now.at >= usedBefore) return;
      }
      await removeObject(bucket, keys.blob, { signal });
      if (notesUse) await removeObject(bucket, keys.used, { signal });
    },
    async list(signal) {
      const start = await below();
      const usedAt = new Map<string, number>();
      if (notesUse)
        for await (const { key, at } of objectsOf(bucket, `${start}used/`, { signal })) usedAt.set(nameOf(key), at);
      const all: StoredBlob[] = [];
      for await (const { key, bytes, at } of objectsOf(bucket, `${start}blobs/`, { signal })) {
        const hash = nameOf(key);
        if (isHash(hash)) all.push({ hash, bytes, usedAt: Math.max(at, usedAt.get(hash) ?? 0) });
      }
      return all;
    },
    async tidy() {
      const start = await below();
      const before = Date.now() - ABANDONED_MS;
      // What fails of it keeps nothing else from being done.
      const done = await Promise.allSettled([
        tidyScratch(folder),
        abandonUploads(bucket, { prefix: start, before }),
        ...(notesUse ? [removeStrayNotes(bucket, { start, before })] : []),
      ]);
      for (const one of done) if (one.status === 'rejected') throw one.reason;
    },
  };
}

/**
 * Fetches a blob, once more where it is not what was put in. Returns what has come: `changed` where something else came each time, and
 * `larger` where one of these was not fetched whole, so that nothing but its size speaks against it.
 */
async function fetchWhole(
  bucket: Bucket,
  { hash, ...what }: Download & { readonly hash: string },
  signal: AbortSignal,
): Promise<'whole' | 'missing' | 'changed' | 'larger'> {
  let isLarger = false;
  for (let fetched = 0; fetched < FETCHES; fetched++) {
    const found = await download(bucket, what, signal);
    if (!found) return 'missing';
    if (found.hash === hash) return 'whole';
    isLarger ||= found.hash === undefined;
  }
  return isLarger ? 'larger' : 'changed';
}

/** Removes what says when a blob was used that is not there any more. */
async function removeStrayNotes(
  bucket: Bucket,
  { start, before }: { readonly start: string; readonly before: number },
): Promise<void> {
  const stray = new Map<string, string>();
  for await (const { key, at } of objectsOf(bucket, `${start}used/`)) if (at < before) stray.set(nameOf(key), key);
  if (stray.size === 0) return;
  for await (const { key } of objectsOf(bucket, `${start}blobs/`)) stray.delete(nameOf(key));
  for (const key of stray.values()) await removeObject(bucket, key);
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
