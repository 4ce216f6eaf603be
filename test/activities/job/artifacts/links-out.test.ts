import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { loadAnewHere } from '../../../support/load-anew-here.js';
import { tempFolder } from '../../../support/temp-folder.js';

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  return { ...fs, readlink: vi.fn(fs.readlink) };
});

loadAnewHere();
const { readlink } = await import('node:fs/promises');
const { leftOutInWords, linksOut, readLinks } = await import('../../../../src/activities/job/artifacts/links-out.js');

const never = new AbortController().signal;
let folder: string;
beforeAll(async () => {
  const outside = await tempFolder('links');
  folder = join(outside, 'checkout');
  await mkdir(join(folder, 'site/deep/er'), { recursive: true });
  await mkdir(join(folder, '.git'));
  await writeFile(join(folder, 'site/index'), '');
  await writeFile(join(outside, 'secret'), '');
  await symlink('../..', join(folder, 'site/deep/top'));
  await symlink('deep/er', join(folder, 'site/down'));
  await symlink('../..', join(folder, 'site/out'));
  await symlink('round', join(folder, 'site/round'));
});

test.each([
  ['index', 'a file beside it'],
  ['../site/deep', 'a folder, by the folder above'],
  ['..', 'the checkout itself'],
  ['deep/top/site/index', 'a file, by a link within'],
  ['down/../../index', 'a file that seems to lie outside, and does not: a link on the way goes down'],
  ['not/there', 'what is not there'],
])('%s leads to %s: not out', async (target) => {
  expect([...(await linksOut(folder, new Map([['site/x', target]]), never))]).toEqual([]);
});

test.each([
  ['/etc/passwd', 'an absolute path'],
  ['../../secret', 'above the checkout'],
  ['out/secret', 'a link on the way'],
  ['deep/top/../secret', 'a folder that a link leads to, and up from there'],
  ['deep/../out', 'a link at its end'],
  ['gone/../index', 'what is not there, and may be a link by then'],
  ['../.git/config', "git's own folder"],
  ['../.GIT', "git's own folder, where capitals are the same"],
  ['round', 'itself'],
  ['\ufffd', 'what is no text'],
])('%s leads out, by %s', async (target) => {
  expect([...(await linksOut(folder, new Map([['site/x', target]]), never))]).toEqual(['site/x']);
});

test('a link counts from where it lies, also where a folder on the way to it is a link by now', async () => {
  const links = new Map([
    ['site/down/x', '../../index'],
    ['site/out/x', 'secret'],
  ]);
  expect([...(await linksOut(folder, links, never))]).toEqual(['site/out/x']);
});

test('links are read as they are written, and those that are gone are left out', async () => {
  expect([...(await readLinks(folder, ['site/down', 'site/gone', 'site/index'], never))]).toEqual([
    ['site/down', 'deep/er'],
  ]);
});

test('many links over the same folders ask the file system once for each path, not once for each link', async () => {
  const links = new Map(Array.from({ length: 2_000 }, (_, i) => [`site/deep/er/${i}`, '../top/site/index']));
  vi.mocked(readlink).mockClear();
  expect([...(await linksOut(folder, links, never))]).toEqual([]);
  const asked = vi.mocked(readlink).mock.calls.length;
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(20);
});

test('a way that is too long to be gone counts as one that leads out', async () => {
  const links = new Map([
    ['site/x', `${'deep/../'.repeat(400)}index`],
    ['site/y', `${'deep/../'.repeat(600)}index`],
  ]);
  expect([...(await linksOut(folder, links, never))]).toEqual(['site/y']);
});

test('links are judged no longer than there is time for, however many they are', async () => {
  const links = new Map(Array.from({ length: 50_000 }, (_, i) => [`site/${i}`, `${'deep/../'.repeat(400)}index`]));
  const over = new AbortController();
  setTimeout(() => over.abort(new Error('the time is over')), 10);
  await expect(linksOut(folder, links, over.signal)).rejects.toThrow('the time is over');
  await expect(readLinks(folder, ['site/down'], over.signal)).rejects.toThrow('the time is over');
});

test('what is left out is told in quotes, whatever it is called', () => {
  expect(leftOutInWords(new Set(['a', 'b\nstep 2: passed\u202e']))).toBe(
    'links that lead out of the checkout are left out: "a", "b\\nstep 2: passed\\u202e"',
  );
});
