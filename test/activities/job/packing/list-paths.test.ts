import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type ListedOf, listPaths } from '../../../../src/activities/job/packing/list-paths.js';
import { MOST_PATHS } from '../../../../src/activities/path-count.js';
import { tempFolder } from '../../../support/temp-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await tempFolder('list');
});

async function write(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), '');
  }
}

const list = (of: Omit<ListedOf, 'signal'>) => listPaths(folder, { ...of, signal: new AbortController().signal });

test('what is listed is bounded over all paths and globs together, in number and in the length of its paths', async () => {
  await write('one/a', 'one/b', 'two/a', 'two/b', 'c.txt');
  const of = { paths: ['one', 'two'], globs: ['*.txt', 'one/*'] };
  const bounded = (most: object) => list({ ...of, most: { ...MOST_PATHS, ...most } });
  // Each of them, and those below it.
  expect((await bounded({ count: 7, characters: 31 })).files).toBe(5);
  await expect(bounded({ count: 6 })).rejects.toThrow('there are more than 6 files: too many to look at');
  await expect(bounded({ characters: 30 })).rejects.toThrow(
    'the paths of the files have more than 30 characters together: too many to look at',
  );
});

test('paths of any length are matched by globs of braces and classes, and of others it is told which were too long for them', async () => {
  const deep = Array.from({ length: 4 }, (_, i) => `${i}`.repeat(80)).join('/');
  await write(
    `dist/${deep}/app.js`,
    `dist/${deep}/app.map`,
    `dist/${deep}/key.pem`,
    `dist/${deep}/1.html`,
    'dist/app.map',
  );
  const below = (...names: readonly string[]) => names.map((name) => `dist/${deep}/${name}`).sort();
  const files = async (of: Omit<ListedOf, 'signal'>) => {
    const { entries, missing, unjudged } = await list(of);
    return { files: entries.filter((path) => /\.\w+$/.test(path)).sort(), missing, unjudged };
  };
  expect(await files({ paths: ['dist'], without: ['**/*.{map,pem}'] })).toEqual({
    ...{ files: below('app.js', '1.html'), missing: [], unjudged: [] },
  });
  const globs = await files({ paths: [], globs: ['**/*.{html,css}', '**/[!a]*.pem', '**/[k-m]*.map'] });
  expect(globs).toEqual({ files: below('1.html', 'key.pem'), missing: ['**/[k-m]*.map'], unjudged: [] });
  const glob = '**/@(app|key).*';
  expect(await files({ paths: [], globs: [glob] })).toEqual({
    ...{ files: ['dist/app.map'], missing: [], unjudged: [{ glob, paths: 4 }] },
  });
  expect(await files({ paths: ['dist'], without: [glob] })).toEqual({
    files: below('app.js', 'app.map', 'key.pem', '1.html'),
    ...{ missing: [], unjudged: [{ glob: `!${glob}`, paths: 4 }] },
  });
});

test('of names that are not UTF-8 those are told that would be listed', async () => {
  await write('dist/app.js', 'dist/sub/x');
  for (const path of ['dist/caf\xe9.js', 'dist/caf\xe9.map', 'dist/sub/\xff'])
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]), '');
  const told = async (of: Omit<ListedOf, 'signal'>) => {
    const { unnamed, missing } = await list(of);
    return { unnamed: [...unnamed].sort(), missing };
  };
  const all = ['dist/caf\ufffd.js', 'dist/caf\ufffd.map', 'dist/sub/\ufffd'];
  expect(await told({ paths: ['dist'] })).toEqual({ unnamed: all, missing: [] });
  expect((await told({ paths: ['dist'], without: ['dist/sub', '**/*.map'] })).unnamed).toEqual(['dist/caf\ufffd.js']);
  expect(await told({ paths: [], globs: ['dist/*.map', '*.txt'] })).toEqual({
    ...{ unnamed: ['dist/caf\ufffd.map'], missing: ['*.txt'] },
  });
});
