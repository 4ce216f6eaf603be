import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { BlobStorage } from '../../src/storage/blob-storage.js';
import { openFolderStorage } from '../../src/storage/folder-storage.js';
import { tempFolder } from '../support/temp-folder.js';
import { keepsBlobs, put, read } from './keeps-blobs.js';

let folder: string;
let storage: BlobStorage;
beforeEach(async () => {
  folder = join(await tempFolder('storage'), 'below', 'it');
  storage = openFolderStorage(folder, { canBeRemade: true });
});

const pathOf = (hash: string) => join(folder, 'blobs', hash.slice(0, 2), hash);

keepsBlobs(() => ({
  storage,
  again: () => openFolderStorage(folder, { canBeRemade: true }),
  damage: (hash) => writeFile(pathOf(hash), 'spoilt'),
  age: (hash, at) => utimes(pathOf(hash), new Date(at), new Date(at)),
}));

test('others on the machine can read none of it', async () => {
  const { hash } = await put(storage, 'hello');
  expect((await stat(folder)).mode & 0o077).toBe(0);
  expect((await stat(join(folder, 'blobs'))).mode & 0o077).toBe(0);
  expect((await stat(join(pathOf(hash), '..'))).mode & 0o077).toBe(0);
});

test('it has a name of its own that stays, and that two who open it at once agree on', async () => {
  const names = await Promise.all(
    Array.from({ length: 5 }, () => openFolderStorage(folder, { canBeRemade: true }).place()),
  );
  expect(new Set(names).size).toBe(1);
  expect(await openFolderStorage(join(folder, 'other'), { canBeRemade: true }).place()).not.toBe(names[0]);
  expect(await readdir(folder)).toEqual(['other', 'place']);
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

test('what can not be made anew stays where it is damaged, and is had again once it is whole', async () => {
  const kept = openFolderStorage(folder, { canBeRemade: false });
  const { hash } = await put(kept, 'hello');
  const path = pathOf(hash);
  await writeFile(path, 'spoilt');
  await expect(read(kept, hash)).rejects.toThrow(/is damaged$/);
  await writeFile(path, 'hello');
  expect(await read(kept, hash)).toBe('hello');
});

test('a blob whose second reading is good is had', async () => {
  const { hash } = await put(storage, 'hello');
  const path = pathOf(hash);
  await writeFile(path, 'spoilt');
  const reading = read(storage, hash);
  setTimeout(() => writeFileSync(path, 'hello'), 200);
  expect(await reading).toBe('hello');
});
