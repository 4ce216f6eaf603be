import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Jobs, mirrorOf, openJobs } from '../../support/harness/jobs.js';

let jobs: Jobs;
beforeEach(async () => {
  jobs = await openJobs();
});
afterEach(() => jobs.close());

/** Makes the repository anew, which names its objects so, with a branch beside `main`; returns the branch's commit. */
async function repository(format: 'sha1' | 'sha256'): Promise<string> {
  const [work, bare] = [join(jobs.folder, 'work'), join(jobs.folder, 'repositories/acme/app.git')];
  for (const folder of [work, bare]) await rm(folder, { recursive: true });
  await mkdir(work);
  for (const where of [['--bare', bare], []])
    await jobs.git('init', '--quiet', `--object-format=${format}`, '--initial-branch=main', ...where);
  await jobs.commit({ 'word.txt': 'first\n' });
  await jobs.git('tag', '--annotate', '--message=one', 'v1');
  await jobs.git('push', '--quiet', '--tags', bare);
  await jobs.git('checkout', '--quiet', '-b', 'topic');
  const sha = await jobs.commit({ 'more.txt': 'more\n' }, 'topic');
  await jobs.git('checkout', '--quiet', 'main');
  await jobs.commit({ 'word.txt': 'second\n' });
  return sha;
}

const since = () => new Date(Date.now() + 60_000).toISOString();
const run = (sha: string, steps: string[], options: object = {}) =>
  jobs.run({
    steps,
    trust: true,
    checkout: { sha, ref: 'refs/heads/topic', base: 'main', defaultBranch: 'main', since: since(), options },
  });

test('a repository whose objects are named by SHA-256 is checked out, with tags, branches, depth and merges', async () => {
  const sha = await repository('sha256');
  expect(sha).toHaveLength(64);
  const { output } = await run(sha, [
    'cat word.txt more.txt; git describe; git status --porcelain; git rev-parse HEAD',
  ]);
  expect(output).toBe(`first\nmore\nv1-1-g${sha.slice(0, 7)}\n${sha}`);
  expect((await run(sha, ['git merge-base origin/main HEAD | wc -c'])).output).toBe('65');
  expect((await run(sha, ['git rev-list --count HEAD'], { depth: 1 })).output).toBe('1');
  expect((await run(sha, ['cat word.txt more.txt; git status --porcelain'], { merge: true })).output).toBe(
    'second\nmore',
  );
});

test('a mirror is made anew for a repository that names its objects otherwise by now', async () => {
  const before = await repository('sha1');
  expect((await run(before, ['cat more.txt'])).output).toBe('more');
  const mirror = await mirrorOf(jobs);
  const sha = await repository('sha256');
  expect((await run(sha, ['cat more.txt; git rev-parse HEAD'])).output).toBe(`more\n${sha}`);
  expect(await mirrorOf(jobs)).not.toBe(mirror);
});
