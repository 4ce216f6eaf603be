import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolderError, prepareDataFolder } from '../../src/config/data-folder.js';
import { tempFolder } from '../support/temp-folder.js';

test('a data folder is made, ignored by git, and tried without leaving anything', async () => {
  const data = join(await tempFolder('data'), 'a/b');
  prepareDataFolder(data);
  prepareDataFolder(data);
  expect(await readdir(data)).toEqual(['.gitignore']);
});

test.each(['file', 'file/below'])('a data folder that is a %s is told of in one sentence', async (name) => {
  const folder = await tempFolder('data');
  await writeFile(join(folder, 'file'), '');
  expect(() => prepareDataFolder(join(folder, name))).toThrow(
    `The data folder ${join(folder, name)} is a file, or lies below one: move that away, or set HOOKYARD_DATA to another folder`,
  );
});

test.each([
  ['EACCES', "can't be written to (EACCES): give it to the user that Hookyard runs as"],
  ['EPERM', "can't be written to (EPERM)"],
  ['EROFS', "can't be written to (EROFS)"],
  ['ENOSPC', 'is full (ENOSPC): make room there'],
  ['EDQUOT', 'is full (EDQUOT)'],
  ['EMFILE', "can't be used (EMFILE)"],
])('an error %s says what to do', (code, words) => {
  const { name, message } = dataFolderError('/data', Object.assign(new Error('x'), { code }));
  expect(name).toBe('ConfigError');
  expect(message).toContain(words);
  expect(message).toContain('/data');
  expect(message).toMatch(/or set HOOKYARD_DATA to another folder$/);
});
