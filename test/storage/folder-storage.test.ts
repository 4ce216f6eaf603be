import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type BlobStorage, DamagedBlobError } from '../../src/storage/blob-storage.js';
import { openFolderStorage } from '../../src/storage/folder-storage.js';
import { makeRoom } from '../../src/storage/make-room.js';
import { tempFolder } from '../support/temp-folder.js';

const { signal } = new AbortController();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let folder: string;
let storage: BlobStorage;
beforeEach(async () => {
  folder = join(await tempFolder('storage'), 'below', 'it');
  storage = openFolderStorage(folder);
});

async function put(text: string, usedAt?: number) {
  const scratch = await storage.scratch();
  const file = join(scratch.folder, 'file');
  await writeFile(file, text);
  const blob = await storage.put(file, signal);
  await scratch.remove();
  if (usedAt !== undefined) await utimes(pathOf(blob.hash), new Date(usedAt), new Date(usedAt));
  return blob;
}
const pathOf = (hash: string) => join(folder, 'blobs', hash.slice(0, 2), hash);
const read = (hash: string) => storage.use(hash, { use: (file) => readFile(file, 'utf8'), signal });

test('a blob is found by the SHA-256 of its content, also by another process, and nothing is left beside it', async () => {
  expect(await put('hello')).toEqual({ hash: sha256('hello'), bytes: 5 });
  expect(await read(sha256('hello'))).toBe('hello');
  expect(await openFolderStorage(folder).use(sha256('hello'), { use: async () => 'found', signal })).toBe('found');
  expect(await readdir(join(folder, 'making'))).toEqual([]);
});

test('the same content is kept once, and puts right what was damaged', async () => {
  const { hash } = await put('hello');
  await writeFile(pathOf(hash), 'spoilt');
  await put('hello');
  expect(await storage.list()).toMatchObject([{ hash, bytes: 5 }]);
  expect(await read(hash)).toBe('hello');
});

test('what is not there is undefined, before the folder is there too', async () => {
  expect(await storage.list()).toEqual([]);
  expect(await read(sha256('nothing'))).toBeUndefined();
  await storage.remove(sha256('nothing'));
});

test('a damaged blob is told of, never handed out, and removed', async () => {
  const { hash } = await put('hello');
  await writeFile(pathOf(hash), 'hullo');
  await expect(read(hash)).rejects.toThrow(DamagedBlobError);
  expect(await read(hash)).toBeUndefined();
});

test('no other name than a hash is looked for', async () => {
  await expect(read(`../../${'a'.repeat(58)}`)).rejects.toThrow('no hash');
});

test('others on the machine can read none of it', async () => {
  const { hash } = await put('hello');
  expect((await stat(folder)).mode & 0o077).toBe(0);
  expect((await stat(join(folder, 'blobs'))).mode & 0o077).toBe(0);
  expect((await stat(join(pathOf(hash), '..'))).mode & 0o077).toBe(0);
});

test('it has a name of its own that stays, and that two who open it at once agree on', async () => {
  const names = await Promise.all(Array.from({ length: 5 }, () => openFolderStorage(folder).place()));
  expect(new Set(names).size).toBe(1);
  expect(await openFolderStorage(join(folder, 'other')).place()).not.toBe(names[0]);
  expect(await readdir(folder)).toEqual(['other', 'place']);
});

test('what is used stays, and of the others the oldest go until there is room', async () => {
  const { hash: oldest } = await put('aaaa', 1_000);
  const { hash: old } = await put('bbbb', 2_000);
  const { hash: newer } = await put('cccc', 3_000);
  await read(oldest);
  expect(await makeRoom(storage, { maxBytes: 8 })).toBe(1);
  const left = (await storage.list()).map(({ hash }) => hash);
  expect(left.sort()).toEqual([oldest, newer].sort());
  expect(left).not.toContain(old);
});

test('what was just put in stays though it alone is more than there is room for', async () => {
  await put('aaaa');
  const { hash } = await put('more than four');
  await makeRoom(storage, { maxBytes: 4, keep: hash });
  expect(await storage.list()).toMatchObject([{ hash }]);
});

test('what a killed process has left half-way is removed a day later, and not what is being made', async () => {
  const { folder: now } = await storage.scratch();
  const left = join(folder, 'making', randomUUID());
  await mkdir(left);
  await writeFile(join(left, 'file'), 'half');
  await utimes(left, new Date(0), new Date(0));
  await storage.tidy();
  expect(await readdir(join(folder, 'making'))).toEqual([now.split('/').at(-1)]);
});
