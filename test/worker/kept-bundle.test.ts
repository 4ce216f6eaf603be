import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { keepBundle, keptBundle } from '../../src/worker/kept-bundle.js';
import { tempFolder } from '../support/temp-folder.js';

let folder: string;
let path: string;
let source: string;
let preferred: string;

beforeEach(async () => {
  folder = await tempFolder('kept-bundle');
  path = join(folder, 'bundle', 'kept.json');
  source = join(folder, 'a.js');
  preferred = join(folder, 'a.ts');
  await writeFile(source, 'one');
  await utimes(source, 1, 1);
});

const keep = (since = Date.now()) =>
  keepBundle(path, {
    recipe: 'recipe',
    code: 'bundled',
    sources: { files: [source, folder, join(folder, 'of-memory-alone.cjs')], missing: [preferred] },
    since,
  });

test('a bundle is taken again while all that it was made from is as it was', async () => {
  await keep();
  expect(await keptBundle(path, 'recipe')).toBe('bundled');
  await utimes(source, 2, 2);
  expect(await keptBundle(path, 'recipe')).toBe('bundled');
});

test.each([
  ['a file has other bytes', () => writeFile(source, 'two')],
  ['a file is gone', () => rm(source)],
  ['a file is there that would have been taken instead', () => writeFile(preferred, 'one')],
  ['a folder is there in its place', () => mkdir(preferred)],
  ['what is kept was cut off', async () => writeFile(path, (await readFile(path, 'utf8')).slice(0, 40))],
  ['what is kept is gone', () => rm(path)],
])('a bundle is made again when %s', async (_, change) => {
  await keep();
  await change();
  expect(await keptBundle(path, 'recipe')).toBeUndefined();
});

test('a bundle is made again when it is to be made in another way', async () => {
  await keep();
  expect(await keptBundle(path, 'another recipe')).toBeUndefined();
});

test('a file that was written while it was bundled leaves nothing behind, since it may have been read before', async () => {
  await keep(1_000);
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});

test('a bundle that can not be written down rejects, and leaves nothing half written', async () => {
  await mkdir(join(path, 'in the way'), { recursive: true });
  await expect(keep()).rejects.toThrow();
  expect(await readdir(join(folder, 'bundle'))).toEqual(['kept.json']);
});
