import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { trackedFiles } from '../../src/activities/checkout/tracked-files.js';
import { removeUntracked } from '../../src/activities/job/trees/untracked.js';
import { readRecords } from '../../src/activities/read-records.js';
import { activity } from '../support/harness/activity.js';
import { tempFolder } from '../support/temp-folder.js';

const { PATH = '' } = process.env;
let bin = '';
beforeEach(async () => {
  bin = await tempFolder('bin');
  process.env.PATH = `${bin}${delimiter}${PATH}`;
});
afterEach(() => {
  process.env.PATH = PATH;
});

/** Puts a git in front of the real one that prints what a command of shell prints. */
async function gitThat(prints: string) {
  await writeFile(join(bin, 'git'), `#!/bin/sh\n${prints}\n`);
  await chmod(join(bin, 'git'), 0o755);
}

const signal = new AbortController().signal;
const within = <T>(work: () => Promise<T>) => activity().run(work, undefined);
const lines = (count: number, prefix: string) =>
  `awk 'BEGIN { for (i = 0; i < ${count}; i++) printf "${prefix}%0200d%c", i, 0 }'`;

async function records(parts: readonly (string | Buffer)[], encoding: 'utf8' | 'latin1' = 'utf8') {
  const found: string[] = [];
  await readRecords(Readable.from(parts.map((part) => Buffer.from(part))), {
    encoding,
    onRecord: (record) => void found.push(record),
  });
  return found;
}

test('records come as they are ended, wherever a stream is cut, and the last one need not be', async () => {
  const ü = Buffer.from('ü');
  expect(await records(['on', 'e\0tw', 'o\0', '\0thr', 'ee'])).toEqual(['one', 'two', '', 'three']);
  expect(await records([ü.subarray(0, 1), ü.subarray(1), '\0'])).toEqual(['ü']);
  expect(await records([ü, '\0'], 'latin1')).toEqual([ü.toString('latin1')]);
  expect(await records([])).toEqual([]);
});

test('a record that never ends is not kept: the stream ends', async () => {
  const stream = new PassThrough();
  const reading = readRecords(stream, { encoding: 'utf8', onRecord: () => undefined });
  reading.catch(() => undefined);
  const piece = 'x'.repeat(64 * 1024);
  while (!stream.destroyed) if (!stream.write(piece)) await new Promise((resolve) => setTimeout(resolve, 1));
  await expect(reading).rejects.toThrow('a name of more than 1048576 characters');
});

test('the files of a commit are listed however many there are: of more than 64 MB too', async () => {
  await gitThat(lines(300_000, '100644 blob 0123456789abcdef\\t'));
  const cwd = await tempFolder('many');
  const paths = await within(() => trackedFiles({ cwd, signal }, 'HEAD'));
  expect(paths).toHaveLength(300_000);
  expect(paths[7]).toMatch(/^0+7$/);
});

test('a listing of git that fails is a failure, with what it has said', async () => {
  await gitThat('printf "100644 blob 01\\ta\\0"; echo "fatal: it is broken" >&2; exit 128');
  const cwd = await tempFolder('broken');
  await expect(within(() => trackedFiles({ cwd, signal }, 'HEAD'))).rejects.toThrow(
    'git ls-tree failed: fatal: it is broken',
  );
});

test('a listing with a name that has no end is a failure, and git is ended', async () => {
  await gitThat('exec head -c 1000000000 /dev/zero | tr "\\0" x');
  const cwd = await tempFolder('endless');
  await expect(within(() => trackedFiles({ cwd, signal }, 'HEAD'))).rejects.toThrow('a name of more than');
});

test('what is kept for the next job is compared with an index of more than 64 MB too', async () => {
  await gitThat(lines(300_000, '100644 0123456789abcdef 0\\t'));
  const cwd = await tempFolder('many');
  await writeFile(join(cwd, 'untracked'), '');
  // None of them is there.
  expect(await within(() => removeUntracked({ cwd, signal }))).toBe(false);
});
