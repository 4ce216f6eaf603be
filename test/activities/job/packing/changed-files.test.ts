import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changedSince } from '../../../../src/activities/job/packing/changed-files.js';
import { MOST_PATHS } from '../../../../src/activities/path-count.js';
import { tempFolder } from '../../../support/temp-folder.js';

const never = new AbortController().signal;

test('a step that has made more files than anybody looks at is told so, whether they lie in one folder or in many', async () => {
  const folder = await tempFolder('changed');
  for (const below of ['one', 'many/a', 'many/b', 'many/c']) await mkdir(join(folder, below), { recursive: true });
  for (let i = 0; i < 9; i++) {
    await writeFile(join(folder, `one/${i}`), '');
    await writeFile(join(folder, `many/${'abc'[i % 3]}/${i}`), '');
  }
  const found = (below: string, most: number) =>
    changedSince({ folder, below: [below], since: 0, most: { ...MOST_PATHS, count: most }, signal: never });
  expect((await found('one', 9)).files).toHaveLength(9);
  expect((await found('many', 12)).files).toHaveLength(9);
  for (const [below, most] of [
    ['one', 8],
    ['many', 11],
  ] as const)
    await expect(found(below, most)).rejects.toThrow(`there are more than ${most} files: too many to look at`);
});

test('a step whose files lie so deep that nobody has all of their paths in memory is told so, in one folder or in many', async () => {
  const folder = await tempFolder('deep');
  const deep = 'f'.repeat(200);
  for (const below of [deep, `many/${deep}/a`, `many/${deep}/b`]) await mkdir(join(folder, below), { recursive: true });
  for (let i = 0; i < 6; i++) {
    await writeFile(join(folder, deep, `${i}`), '');
    await writeFile(join(folder, 'many', deep, i % 2 === 0 ? 'a' : 'b', `${i}`), '');
  }
  const found = (below: string, characters: number) =>
    changedSince({ folder, below: [below], since: 0, most: { ...MOST_PATHS, characters }, signal: never });
  expect((await found(deep, 6 * 202)).files).toHaveLength(6);
  expect((await found('many', 9 * 209)).files).toHaveLength(6);
  for (const [below, characters] of [
    [deep, 6 * 202 - 1],
    ['many', 8 * 207],
  ] as const)
    await expect(found(below, characters)).rejects.toThrow(
      `the paths of the files have more than ${characters} characters together: too many to look at`,
    );
});
