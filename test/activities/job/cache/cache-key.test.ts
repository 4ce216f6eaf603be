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
