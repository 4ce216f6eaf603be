import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type BlobStorage, DamagedBlobError, isHash, type StoredBlob } from '../blob-storage.js';
import { hashFile } from '../hash-file.js';
import { makeScratch, tidyScratch } from '../scratch.js';
import type { Bucket } from './bucket.js';
import { download } from './download.js';
import { abandonUploads, noteObject, objectsOf, removeObject } from './objects.js';
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
  /** What is larger was not put in here. */
  readonly maxBytes: number;
}

/** Longer than an upload takes. */
const ABANDONED_MS = 24 * 3_600_000;

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
    async use(hash, { use, signal }) {
      const keys = await keysOf(hash);
      const scratch = await makeScratch(folder);
      try {
        // Before it is fetched, so that no other worker removes it meanwhile for not having been used.
        if (notesUse) await noteObject(bucket, keys.used, signal);
        const file = join(scratch.folder, 'blob');
        const found = await fetchWhole(bucket, { key: keys.blob, hash, file, maxBytes }, signal);
        if (found) return await use(file);
        if (notesUse) await removeObject(bucket, keys.used);
        return undefined;
      } finally {
        await scratch.remove();
      }
    },
    async remove(hash) {
      const keys = await keysOf(hash);
      await removeObject(bucket, keys.blob);
      if (notesUse) await removeObject(bucket, keys.used);
    },
    async list() {
      const start = await below();
      const usedAt = new Map<string, number>();
      if (notesUse) for await (const { key, at } of objectsOf(bucket, `${start}used/`)) usedAt.set(nameOf(key), at);
      const all: StoredBlob[] = [];
      for await (const { key, bytes, at } of objectsOf(bucket, `${start}blobs/`)) {
        const hash = nameOf(key);
        if (isHash(hash)) all.push({ hash, bytes, usedAt: Math.max(at, usedAt.get(hash) ?? 0) });
      }
      return all;
    },
    async tidy() {
      await tidyScratch(folder);
      await abandonUploads(bucket, { prefix: await below(), before: Date.now() - ABANDONED_MS });
    },
  };
}

/** Fetches a blob, and returns whether it is there. One that is not what was put in is removed, and {@link DamagedBlobError} thrown. */
async function fetchWhole(
  bucket: Bucket,
  {
    key,
    hash,
    file,
    maxBytes,
  }: { readonly key: string; readonly hash: string; readonly file: string; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const found = await download(bucket, { key, file, maxBytes }, signal);
    if (found && found.hash !== hash) throw new DamagedBlobError();
    return found !== undefined;
  } catch (error) {
    // Where it can't be removed, nothing will name it any more, and a sweep tries again.
    if (error instanceof DamagedBlobError) await removeObject(bucket, key).catch(() => undefined);
    throw error;
  }
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
