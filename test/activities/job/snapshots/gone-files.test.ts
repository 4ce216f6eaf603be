import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeGone } from '../../../../src/activities/job/snapshots/gone-files.js';
import { tempFolder } from '../../../support/temp-folder.js';

test('files that are gone are removed with the folders that are empty then, and nothing behind a link', async () => {
  const folder = await tempFolder('gone');
  const [checkout, outside] = [join(folder, 'checkout'), join(folder, 'outside')];
  for (const path of [join(checkout, 'real/deep'), join(checkout, 'kept'), join(outside, 'empty')])
    await mkdir(path, { recursive: true });
  const files = ['checkout/real/deep/file', 'checkout/kept/file', 'checkout/kept/other', 'outside/file'];
  for (const file of files) await writeFile(join(folder, file), '');
  await symlink(outside, join(checkout, 'link'));
  await symlink('kept', join(checkout, 'inner'));
  const gone = [
    'real/deep/file',
    'kept/other',
    'link/file',
    'link/empty/file',
    'inner/file',
    '../outside/file',
    'no/file',
  ];
  await removeGone(checkout, gone);
  expect(files.filter((file) => existsSync(join(folder, file)))).toEqual(['checkout/kept/file', 'outside/file']);
  expect(existsSync(join(checkout, 'real'))).toBe(false);
  expect(existsSync(join(outside, 'empty'))).toBe(true);
});

test('a file whose parent folder was replaced by a file is not there any more', async () => {
  const checkout = await tempFolder('gone');
  await writeFile(join(checkout, 'folder'), 'now a file');
  await removeGone(checkout, ['folder/file']);
  expect(existsSync(join(checkout, 'folder'))).toBe(true);
});
