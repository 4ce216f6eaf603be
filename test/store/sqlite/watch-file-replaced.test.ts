import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { watchSameFile } from '../../../src/store/sqlite/watch-file-replaced.js';
import { tempFolder } from '../../support/temp-folder.js';

test('a file that could not be asked for at first is not gone once it can be, and is when it is removed', async () => {
  const place = join(await tempFolder('same-file'), 'place');
  // A file in the place of its folder: there is an answer, which says nothing of the file.
  await writeFile(place, '');
  const gone = vi.fn();
  const stop = await watchSameFile(join(place, 'store.db'), gone, 20);
  await rm(place);
  await mkdir(place);
  await writeFile(join(place, 'store.db'), '');
  await wait(300);
  expect(gone).not.toHaveBeenCalled();
  await rm(join(place, 'store.db'));
  await expect.poll(() => gone.mock.calls.length).toBe(1);
  stop();
});
