import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { watchSameFile } from '../../../src/store/sqlite/watch-file-replaced.js';
import { tempFolder } from '../../support/temp-folder.js';

test('a file that could not be asked for at first is not gone once it can be, and is when it is removed', async () => {
  const folder = await tempFolder('same-file');
  const [place, next, there] = [join(folder, 'place'), join(folder, 'next'), join(folder, 'there')];
  // A file in the place of its folder: there is an answer, which says nothing of the file.
  await writeFile(join(folder, 'no-folder'), '');
  await symlink('no-folder', place);
  const gone = vi.fn();
  const stop = await watchSameFile(join(place, 'store.db'), gone, 20);
  await mkdir(there);
  await writeFile(join(there, 'store.db'), '');
  await symlink('there', next);
  // In one step: in between there would be no file, and on a busy machine it may be looked for there twice.
  await rename(next, place);
  await wait(300);
  expect(gone).not.toHaveBeenCalled();
  await rm(join(place, 'store.db'));
  await expect.poll(() => gone.mock.calls.length).toBe(1);
  stop();
});
