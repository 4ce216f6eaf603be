import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
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

describe('names that are not UTF-8', () => {
  const inBytes = (folder: string, path: string) =>
    Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]);

  test('are told, and nothing is taken for what is called as they are shown', async () => {
    const folder = await tempFolder('bytes');
    await writeFile(inBytes(folder, 'caf\xe9.txt'), 'bytes');
    await writeFile(inBytes(folder, 'caf\xea.txt'), 'others');
    await writeFile(join(folder, 'caf\ufffd.txt'), 'text');
    await mkdir(inBytes(folder, 'na\xefve'));
    await writeFile(inBytes(folder, 'na\xefve/file'), '');
    const found = await changedSince({ folder, below: [''], since: 0, signal: never });
    expect(found.files).toMatchObject([{ path: 'caf\ufffd.txt', bytes: 4 }]);
    expect([...found.unnamed].sort()).toEqual(['caf\ufffd.txt', 'caf\ufffd.txt', 'na\ufffdve']);
    expect([found.folders, found.unread]).toEqual([[], []]);
    expect(['na\ufffdve', 'gone'].map(found.isGone)).toEqual([false, true]);
  });

  test('are told where something was made or changed since then, also in a folder below, and no others', async () => {
    const folder = await tempFolder('bytes');
    for (const name of ['old\xff', 'new\xff']) await mkdir(inBytes(folder, `${name}/deep`), { recursive: true });
    for (const name of ['old\xff', 'new\xff']) await writeFile(inBytes(folder, `${name}/deep/file`), '');
    // What was there before is older than the tick of the clock.
    await new Promise((resolve) => setTimeout(resolve, 30));
    await writeFile(inBytes(folder, 'new\xff/deep/file'), 'changed');
    const since = (await stat(inBytes(folder, 'new\xff/deep/file'))).ctimeMs;
    const { unnamed } = await changedSince({ folder, below: [''], since, signal: never });
    expect(unnamed).toEqual(['new\ufffd']);
  });

  test('are counted with all others', async () => {
    const folder = await tempFolder('bytes');
    await mkdir(inBytes(folder, 'many\xff'));
    for (let i = 0; i < 9; i++) await writeFile(inBytes(folder, `many\xff/${i}`), '');
    const found = changedSince({
      ...{ folder, below: [''], since: Date.now() + 3_600_000, signal: never },
      most: { ...MOST_PATHS, count: 9 },
    });
    await expect(found).rejects.toThrow('there are more than 9 files: too many to look at');
  });
});
