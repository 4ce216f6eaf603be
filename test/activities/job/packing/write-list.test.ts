import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeList } from '../../../../src/activities/job/packing/write-list.js';
import { tempFolder } from '../../../support/temp-folder.js';

async function written(paths: readonly string[], signal = new AbortController().signal): Promise<readonly string[]> {
  const list = join(await tempFolder('list'), 'list');
  await writeList(list, paths, signal);
  return (await readFile(list, 'utf8')).split('\0').slice(0, -1);
}

test('each path is written once, and before it the folders that it lies below, the outer ones first', async () => {
  expect(await written(['a/b/c/d', 'a/b', 'a/b', 'e', 'ü/x', 'a/b/c'])).toEqual([
    ...['./ü', './a', './a/b', './a/b/c', './a/b/c/d', './e', './ü/x'],
  ]);
  // So that no folder is left before all in it is there: its mode is set then.
  const folders = (await written(['a/x/1', 'b/x/1', 'a/y/1', 'b/y/1'])).filter((path) => !path.endsWith('1'));
  expect(folders.map((path) => path.split('/')[1]).join('')).toMatch(/^(aaabbb|bbbaaa)$/);
});

test('a list that is longer than what is written at once is whole, and ends with its signal', async () => {
  const paths = Array.from({ length: 3_000 }, (_, i) => `${'f'.repeat(200)}/${i}`);
  expect(await written(paths)).toEqual([`./${'f'.repeat(200)}`, ...paths.map((path) => `./${path}`)]);
  await expect(written(paths, AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up');
});
