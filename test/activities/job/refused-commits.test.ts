import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { git } from '../../../src/activities/git/git.js';
import { activity, type Jobs, mirrorOf, openJobs, WORKFLOW } from '../../support/harness/jobs.js';

let jobs: Jobs;
let good: string;
beforeEach(async () => {
  jobs = await openJobs();
  good = await jobs.commit({ 'word.txt': 'first\n' });
});
afterEach(() => jobs.close());

const work = (sha: string, steps: string[], checkout = {}) =>
  jobs
    .input({ steps, checkout: { sha, ...checkout } })
    .then((input) => activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input));

/** Begins a job that holds its checkout until it is let go, and then runs commands there. Returns once it has it. */
async function held(commands: string) {
  const [begun, go] = ['begun', 'go'].map((name) => join(jobs.folder, name));
  const running = work(good, [`touch ${begun}; until [ -e ${go} ]; do sleep 0.05; done; ${commands}`]);
  await expect.poll(() => existsSync(begun ?? ''), { timeout: 30_000 }).toBe(true);
  return async () => {
    await writeFile(go ?? '', '');
    return running;
  };
}

/** Writes a tree of this one entry, as nobody's git would; answers its name. */
async function treeOf(mode: string, name: string, object: string): Promise<string> {
  const bytes = Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(object, 'hex')]);
  await writeFile(join(jobs.folder, 'tree'), bytes);
  return jobs.git('hash-object', '-w', '-t', 'tree', '--literally', join(jobs.folder, 'tree'));
}

async function blobOf(text: string): Promise<string> {
  await writeFile(join(jobs.folder, 'blob'), text);
  return jobs.git('hash-object', '-w', '--no-filters', join(jobs.folder, 'blob'));
}

/** Commits a tree of this one entry on a branch; answers the commit. */
async function commitEntry(mode: string, name: string, object: string): Promise<string> {
  const tree = await treeOf(mode, name, object);
  const sha = await jobs.git('commit-tree', '-m', 'bad', tree);
  await jobs.git('push', '--quiet', '--force', join(jobs.folder, 'repositories/acme/app.git'), `${sha}:refs/heads/bad`);
  return sha;
}

const inode = async () => (await stat(await mirrorOf(jobs))).ino;

test('a commit whose tree git refuses is final, and harms neither the mirror nor a build that runs over it', async () => {
  const blob = await jobs.git('rev-parse', `${good}:word.txt`);
  const bad = await commitEntry('100644', '.git', blob);
  const goOn = await held('git log -1 --format=%s; git status');
  for (let attempt = 1; attempt <= 2; attempt++)
    await expect(work(bad, ['true'], { ref: 'refs/heads/bad' })).rejects.toMatchObject({
      nonRetryable: true,
      type: 'Refused',
      message: expect.stringContaining("invalid path '.git'"),
    });
  expect(await goOn()).toMatchObject({ passed: true });
});

test.each([
  ['a folder .git', '40000', '.git', 'tree'],
  ['.git in another case', '40000', '.GIT', 'tree'],
  ['the folder above', '40000', '..', 'tree'],
  ['a link called .gitmodules', '120000', '.gitmodules', 'blob'],
  ['a name of 300 characters', '100644', 'x'.repeat(300), 'blob'],
])('a commit with %s is final, and the mirror stays', async (_, mode, name, kind) => {
  const object = await jobs.git('rev-parse', kind === 'tree' ? `${good}^{tree}` : `${good}:word.txt`);
  const bad = await commitEntry(mode, name, object);
  await work(good, ['true']);
  const before = await inode();
  await expect(work(bad, ['true'], { ref: 'refs/heads/bad' })).rejects.toMatchObject({ nonRetryable: true });
  expect(await inode()).toBe(before);
});

test.each([
  [
    'a folder .git far below',
    async () => treeOf('40000', '.git', await treeOf('100644', 'x', await blobOf('x'))),
    'invalid path',
  ],
  ['a link to nowhere far below', async () => treeOf('120000', 'link', await blobOf('')), 'unable to create symlink'],
])('a commit with %s is final: its path is longer than what is told of it', async (_, make, words) => {
  let tree = await make();
  for (const letter of ['c', 'b']) tree = await treeOf('40000', letter.repeat(250), tree);
  const bad = await commitEntry('40000', 'a'.repeat(250), tree);
  await expect(work(bad, ['true'], { ref: 'refs/heads/bad' })).rejects.toMatchObject({
    nonRetryable: true,
    type: 'Refused',
    message: expect.stringContaining(words),
  });
});

test('a commit with an attribute that git ends at is final', async () => {
  const bad = await commitEntry('100644', '.gitattributes', await blobOf('* working-tree-encoding\n'));
  await expect(work(bad, ['true'], { ref: 'refs/heads/bad' })).rejects.toMatchObject({
    nonRetryable: true,
    type: 'Refused',
    message: expect.stringContaining('working-tree-encodings'),
  });
});

test('a broken mirror is replaced, and a build that borrows from it keeps it', async () => {
  jobs.config.jobs.keep.perRepository = 0;
  const goOn = await held('git log -1 --format=%s; git fsck --connectivity-only');
  const second = await jobs.commit({ 'word.txt': 'second\n' });
  await work(second, ['true']);
  const first = await mirrorOf(jobs);
  const blob = await jobs.git('rev-parse', `${second}:word.txt`);
  await rm(join(first, 'objects', blob.slice(0, 2), blob.slice(2)));
  await expect(work(second, ['true'])).rejects.toMatchObject({ nonRetryable: false });
  expect(await work(second, ['grep second word.txt'])).toMatchObject({ passed: true });
  expect(await mirrorOf(jobs)).not.toBe(first);
  expect((await stat(first)).isDirectory()).toBe(true);
  expect(await goOn()).toMatchObject({ passed: true });
});

test('a broken mirror whose remote no longer has the commit stays as it is', async () => {
  jobs.config.jobs.keep.perRepository = 0;
  await work(good, ['true']);
  const before = await inode();
  const origin = join(jobs.folder, 'repositories/acme/app.git');
  const blob = await jobs.git('rev-parse', `${good}:word.txt`);
  await rm(join(await mirrorOf(jobs), 'objects', blob.slice(0, 2), blob.slice(2)));
  await rename(origin, `${origin}.away`);
  await execa('git', ['init', '--quiet', '--bare', origin]);
  await expect(work(good, ['true'])).rejects.toThrow();
  expect(await inode()).toBe(before);
  expect(await readdir(join(jobs.config.data, 'mirrors'))).toHaveLength(1);
});

test('a missing folder is told from a missing git', async () => {
  const { signal } = new AbortController();
  const cwd = join(jobs.folder, 'gone');
  const call = () => activity().run(async (_: undefined) => git({ cwd, signal }, 'version'), undefined);
  await expect(call()).rejects.toThrow(`its folder ${cwd} is gone`);
  await mkdir(cwd);
  const path = process.env.PATH;
  process.env.PATH = cwd;
  try {
    await expect(call()).rejects.toThrow('is it installed on this worker?');
  } finally {
    process.env.PATH = path;
  }
});
