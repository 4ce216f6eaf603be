import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheKey } from '../../../../src/activities/job/cache/cache-key.js';
import type { OpenJob } from '../../../../src/activities/job/open-job.js';
import { tempFolder } from '../../../support/temp-folder.js';

test('a key hashes the files that its globs name, however long their paths are, and no others', async () => {
  const source = await tempFolder('key');
  const deep = Array.from({ length: 4 }, (_, i) => `${i}`.repeat(80)).join('/');
  await mkdir(join(source, deep), { recursive: true });
  const paths = ['yarn.lock', 'bun.lock', 'other'].map((name) => `${deep}/${name}`);
  for (const path of paths) await writeFile(join(source, path), '1');
  const notes: string[] = [];
  const note = async (text: string) => void notes.push(text);
  const job = { workspace: { source }, tracked: async () => paths, jobLog: { note } } as unknown as OpenJob;
  const key = (...hashFiles: readonly string[]) =>
    cacheKey(job, { key: ['k', { hashFiles }] }, new AbortController().signal);
  const before = await key('**/{yarn,bun}.lock');
  await writeFile(join(source, deep, 'other'), '2');
  expect(await key('**/{yarn,bun}.lock')).toBe(before);
  await writeFile(join(source, deep, 'bun.lock'), '2');
  expect(await key('**/{yarn,bun}.lock')).not.toBe(before);
  expect(await key('./**/{yarn,bun}.lock')).toBe(await key('**/{yarn,bun}.lock'));
  expect(notes).toEqual([]);
  await expect(key('**/@(yarn|bun).lock')).rejects.toThrow('no file of the checkout matches');
  expect(notes).toEqual([expect.stringMatching(/^hashFiles: \*\*\/@\(yarn\|bun\)\.lock was not tried on 3 paths/)]);
});

test("a key hashes the files of submodules too, and none of git's own", async () => {
  const source = await tempFolder('key');
  await mkdir(join(source, 'lib/.git'), { recursive: true });
  await writeFile(join(source, 'own.lock'), '1');
  await writeFile(join(source, 'lib/its.lock'), '1');
  const theirs = ['lib/.git', 'lib/its.lock'];
  const tracked: OpenJob['tracked'] = async (_, how) => ['own.lock', ...(how?.submodules ? theirs : [])];
  const job = { workspace: { source }, tracked, jobLog: { note: async () => undefined } } as unknown as OpenJob;
  const key = (...hashFiles: readonly string[]) =>
    cacheKey(job, { key: [{ hashFiles }] }, new AbortController().signal);
  const before = await key('**/*.lock');
  expect(await key('**')).toBe(before);
  await writeFile(join(source, 'lib/its.lock'), '2');
  expect(await key('**/*.lock')).not.toBe(before);
  expect(await key('lib/*.lock')).not.toBe(await key('own.lock'));
});

test('that a file counts by its name alone, which is not UTF-8, is told', async () => {
  const source = await tempFolder('key');
  for (const name of ['caf\xe9.lock', 'caf\u00c3\u00a9.lock', '\u00ef\u00bf\u00bd.lock'])
    await writeFile(Buffer.concat([Buffer.from(`${source}/`), Buffer.from(name, 'latin1')]), '');
  const notes: string[] = [];
  const note = async (text: string) => void notes.push(text);
  const paths = ['caf\ufffd.lock', 'café.lock', '\ufffd.lock'];
  const job = { workspace: { source }, tracked: async () => paths, jobLog: { note } } as unknown as OpenJob;
  await cacheKey(job, { key: [{ hashFiles: ['*.lock'] }] }, new AbortController().signal);
  expect(notes).toEqual(['hashFiles: 1 files whose names are not UTF-8 count by their names alone']);
});
