import { link, mkdir, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, expect, test } from 'vitest';
import { contentsOf, pack, unpack } from '../../../../src/activities/job/packing/archive.js';
import { GRACE_PERIODS } from '../../../../src/activities/job/process-group.js';
import { hostRunner } from '../../../../src/activities/job/runners/host-runner.js';
import { tempFolder } from '../../../support/temp-folder.js';

let folder: string;
let from: string;
let to: string;
let archive: string;
beforeEach(async () => {
  folder = await tempFolder('archive');
  [from, to, archive] = [join(folder, 'from'), join(folder, 'to'), join(folder, 'files.tar.gz')];
  for (const one of [join(from, 'a'), to]) await mkdir(one, { recursive: true });
  await writeFile(join(from, 'a/file'), 'content');
});

const call = (cwd: string) => ({
  ...{ cwd, gracePeriods: GRACE_PERIODS, runner: hostRunner },
  signal: new AbortController().signal,
});
const tar = (...args: string[]) => execa('tar', ['-C', from, ...args]);

test('what is packed is unpacked as it was, whatever it is called, and where its links lead is told', async () => {
  const odd = ['new\nline', 'quo"te\\', ' -> x', 'ümläut', '\t\x07'];
  for (const name of odd) await writeFile(join(from, name), name);
  await symlink('a -> "b"\n', join(from, 'link -> ü'));
  await link(join(from, 'a/file'), join(from, 'hard'));
  await pack(archive, [...odd, 'a', 'a/file', 'link -> ü', 'hard', 'gone'], call(from));
  const { links } = await contentsOf(archive, call(to));
  await unpack(archive, call(to));
  expect([...links]).toEqual([['link -> ü', 'a -> "b"\n']]);
  expect((await readdir(to)).sort()).toEqual([...odd, 'a', 'link -> ü', 'hard'].sort());
  expect(await readFile(join(to, 'hard'), 'utf8')).toBe('content');
});

test('what its files have once they are unpacked is told, holes too, and once of what was linked hard', async () => {
  await writeFile(join(from, 'hole'), '');
  await truncate(join(from, 'hole'), 4_000_000);
  await link(join(from, 'hole'), join(from, 'hard'));
  await pack(archive, ['a', 'a/file', 'hole', 'hard'], call(from));
  expect(await contentsOf(archive, call(to))).toMatchObject({ bytes: 4_000_007 });
  await tar('-czSf', archive, './hole');
  expect(await contentsOf(archive, call(to))).toMatchObject({ bytes: 4_000_000 });
});

test('a tree whose links were linked hard, as cp -al does it, is packed and unpacked with them', async () => {
  await symlink('file', join(from, 'a/link'));
  await execa('cp', ['-al', join(from, 'a'), join(from, 'b')]);
  await pack(archive, ['a', 'a/file', 'a/link', 'b', 'b/file', 'b/link'], call(from));
  const { links } = await contentsOf(archive, call(to));
  expect([...links]).toEqual([
    ['a/link', 'file'],
    ['b/link', 'file'],
  ]);
  await unpack(archive, call(to));
  expect(await readFile(join(to, 'b/link'), 'utf8')).toBe('content');
});

test.each<[string, () => Promise<unknown>, RegExp]>([
  [
    'has an entry below a link, which a step has put there meanwhile',
    async () => {
      await symlink('a', join(from, 'way'));
      await tar('-czf', archive, './way', './way/file');
    },
    /"way\/file" lies below what is no folder/,
  ],
  [
    'has an entry below a link that comes after it',
    async () => {
      await symlink('a', join(from, 'way'));
      await tar('-czf', archive, './way/file', './way');
    },
    /"way\/file" lies below what is no folder/,
  ],
  [
    'has a hard link to what it has not put there',
    async () => {
      await link(join(from, 'a/file'), join(from, 'hard'));
      await tar('-cf', join(folder, 'x.tar'), './a/file', './hard');
      await execa('tar', ['-f', join(folder, 'x.tar'), '--delete', './a/file']);
      await execa('gzip', ['-c', join(folder, 'x.tar')], { stdout: { file: archive } });
    },
    /"hard" is a hard link to what is not in it/,
  ],
  [
    'has a path that leads out',
    () => tar('-czPf', archive, '--transform', 's,^,../,', 'a/file'),
    /"..\/a\/file" is no path below it/,
  ],
  ['has an absolute path', () => tar('-czPf', archive, join(from, 'a/file')), /is no path below it/],
  [
    'has a pipe',
    async () => {
      await execa('mkfifo', [join(from, 'pipe')]);
      await tar('-czf', archive, './pipe');
    },
    /"pipe" is neither a file nor a folder nor a link/,
  ],
])('no archive is taken that %s', async (_what, make, because) => {
  await make();
  await expect(contentsOf(archive, call(to))).rejects.toThrow(because);
});

test("git's own folders are put there only where they are asked for", async () => {
  await mkdir(join(from, 'a/.git/hooks'), { recursive: true });
  await writeFile(join(from, 'a/.git/hooks/x'), 'hook');
  await mkdir(join(from, 'a/.GiT'));
  await pack(archive, ['a', 'a/file', 'a/.git', 'a/.git/hooks/x', 'a/.GiT'], call(from));
  await unpack(archive, call(to));
  expect(await readdir(join(to, 'a'))).toEqual(['file']);
  await unpack(archive, { ...call(to), git: true });
  expect(await readFile(join(to, 'a/.git/hooks/x'), 'utf8')).toBe('hook');
});

test('what lies hundreds of folders deep is put there, without what is there of git', async () => {
  const paths = Array.from({ length: 300 }, (_, i) => Array.from({ length: i + 1 }, () => 'a-folder').join('/'));
  const deepest = paths.at(-1) ?? '';
  await mkdir(join(from, deepest, '.git'), { recursive: true });
  for (const path of paths) await writeFile(join(from, path, 'é'), '');
  await pack(archive, [...paths, ...paths.map((path) => `${path}/é`), `${deepest}/.git`], call(from));
  expect((await contentsOf(archive, call(to))).files).toBe(300);
  await unpack(archive, call(to));
  expect(await readdir(join(to, deepest))).toEqual(['é']);
});

test('how many files and links an archive has is told, whatever was to be in it', async () => {
  await symlink('file', join(from, 'a/link'));
  await link(join(from, 'a/file'), join(from, 'a/hard'));
  await pack(archive, ['a', 'a/file', 'a/link', 'a/hard', 'a/gone'], call(from));
  expect((await contentsOf(archive, call(to))).files).toBe(3);
});
