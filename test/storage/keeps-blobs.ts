import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type BlobStorage, DamagedBlobError } from '../../src/storage/blob-storage.js';
import { makeRoom } from '../../src/storage/make-room.js';

/** A storage, and what only a test does to it. */
export interface Tried {
  readonly storage: BlobStorage;
  /** Opens it once more, as another process does. */
  again(): BlobStorage;
  /** Puts something else in the place of a blob. */
  damage(hash: string): Promise<void>;
  /** Has it that a blob was put in or used last at a time, in Unix ms. */
  age(hash: string, at: number): Promise<void>;
}

const { signal } = new AbortController();

/** Returns the SHA-256 of a text. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Puts a text into a storage. */
export async function put(storage: BlobStorage, text: string | Buffer, stop: AbortSignal = signal) {
  const scratch = await storage.scratch();
  const file = join(scratch.folder, 'file');
  await writeFile(file, text);
  try {
    return await storage.put(file, stop);
  } finally {
    await scratch.remove();
  }
}

/** Returns the text of a blob. */
export function read(storage: BlobStorage, hash: string): Promise<string | undefined> {
  return storage.use(hash, { use: (file) => readFile(file, 'utf8'), signal });
}

/** Tests what every storage does. */
export function keepsBlobs(tried: () => Tried): void {
  test('a blob is found by the SHA-256 of its content, also by another process, and nothing is left beside it', async () => {
    const { storage, again } = tried();
    expect(await put(storage, 'hello')).toEqual({ hash: sha256('hello'), bytes: 5 });
    expect(await read(storage, sha256('hello'))).toBe('hello');
    expect(await again().use(sha256('hello'), { use: async () => 'found', signal })).toBe('found');
    const scratch = await storage.scratch();
    expect(await readdir(dirname(scratch.folder))).toHaveLength(1);
    await scratch.remove();
  });

  test('the same content is kept once, and puts right what was damaged', async () => {
    const { storage, damage } = tried();
    const { hash } = await put(storage, 'hello');
    await damage(hash);
    await put(storage, 'hello');
    expect(await storage.list()).toMatchObject([{ hash, bytes: 5 }]);
    expect(await read(storage, hash)).toBe('hello');
  });

  test('what is not there is undefined, before anything was put in too', async () => {
    const { storage } = tried();
    expect(await storage.list()).toEqual([]);
    expect(await read(storage, sha256('nothing'))).toBeUndefined();
    await storage.remove(sha256('nothing'));
    await storage.tidy();
    expect(await storage.list()).toEqual([]);
  });

  test('what was removed is gone', async () => {
    const { storage } = tried();
    const { hash } = await put(storage, 'hello');
    await read(storage, hash);
    await storage.remove(hash);
    expect(await read(storage, hash)).toBeUndefined();
    expect(await storage.list()).toEqual([]);
  });

  test('what was put in or used since it was judged is not removed', async () => {
    const { storage, age } = tried();
    const { hash } = await put(storage, 'hello');
    await age(hash, 1_000_000_001_000);
    await storage.remove(hash, { usedBefore: 1_000_000_000_000 });
    expect(await read(storage, hash)).toBe('hello');
    await storage.remove(hash, { usedBefore: Date.now() + 60_000 });
    expect(await storage.list()).toEqual([]);
    await storage.remove(hash, { usedBefore: Date.now() });
  });

  test('a list that nobody waits for ends', async () => {
    const { storage } = tried();
    await put(storage, 'hello');
    await expect(storage.list(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  test('a damaged blob is told of, never handed out, and removed', async () => {
    const { storage, damage } = tried();
    const { hash } = await put(storage, 'hello');
    await damage(hash);
    await expect(read(storage, hash)).rejects.toThrow(DamagedBlobError);
    expect(await read(storage, hash)).toBeUndefined();
  });

  test('no other name than a hash is looked for', async () => {
    await expect(read(tried().storage, `../../${'a'.repeat(58)}`)).rejects.toThrow('no hash');
  });

  test('what is used stays, and of the others the oldest go until there is room', async () => {
    const { storage, age } = tried();
    const [oldest, old, newer] = [await put(storage, 'aaaa'), await put(storage, 'bbbb'), await put(storage, 'cccc')];
    await age(oldest.hash, 1_000_000_001_000);
    await age(old.hash, 1_000_000_002_000);
    await age(newer.hash, 1_000_000_003_000);
    await read(storage, oldest.hash);
    expect(await makeRoom(storage, { maxBytes: 8 })).toBe(1);
    const left = (await storage.list()).map(({ hash }) => hash);
    expect(left.sort()).toEqual([oldest.hash, newer.hash].sort());
  });

  test('what was just put in stays though it alone is more than there is room for', async () => {
    const { storage } = tried();
    await put(storage, 'aaaa');
    const { hash } = await put(storage, 'more than four');
    await makeRoom(storage, { maxBytes: 4, keep: hash });
    expect(await storage.list()).toMatchObject([{ hash }]);
  });
}
