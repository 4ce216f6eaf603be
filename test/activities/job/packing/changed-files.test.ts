import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changedSince } from '../../../../src/activities/job/packing/changed-files.js';
import { tempFolder } from '../../../support/temp-folder.js';

test('a step that has made more files than anybody looks at is told so, whether they lie in one folder or in many', async () => {
  const folder = await tempFolder('changed');
  for (const below of ['one', 'many/a', 'many/b', 'many/c']) await mkdir(join(folder, below), { recursive: true });
  for (let i = 0; i < 9; i++) {
    await writeFile(join(folder, `one/${i}`), '');
    await writeFile(join(folder, `many/${'abc'[i % 3]}/${i}`), '');
  }
  const found = (below: string, most: number) =>
    changedSince({ folder, below: [below], since: 0, most, signal: new AbortController().signal });
  expect((await found('one', 9)).files).toHaveLength(9);
  expect((await found('many', 12)).files).toHaveLength(9);
  for (const [below, most] of [
    ['one', 8],
    ['many', 11],
  ] as const)
    await expect(found(below, most)).rejects.toThrow(`there are more than ${most} files: too many to look at`);
});
