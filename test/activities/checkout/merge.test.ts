import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mergeInto } from '../../../src/activities/checkout/merge.js';
import type { Checkout } from '../../../src/activities/contract/index.js';
import { activity, type Jobs, openJobs, WORKFLOW } from '../../support/harness/jobs.js';

let jobs: Jobs;
let sha: string;
let base: string;
beforeEach(async () => {
  jobs = await openJobs();
  await jobs.commit({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
  await jobs.git('checkout', '--quiet', '-b', 'feature');
  sha = await jobs.commit({ 'b.txt': 'changed here\n', 'c.txt': 'new\n' }, 'feature');
  await jobs.git('checkout', '--quiet', 'main');
  base = await jobs.commit({ 'a.txt': 'changed there\n' });
});
afterEach(() => jobs.close());

const checkout = (more: Partial<Checkout> = {}) => ({
  ...{ sha, ref: 'refs/heads/feature', base: 'main', defaultBranch: 'main' },
  since: new Date(Date.now() + 60_000).toISOString(),
  options: { merge: true },
  ...more,
});
const run = (steps: string[], more: Partial<Checkout> = {}) =>
  jobs.run({ steps, trust: true, checkout: checkout(more) });
const failing = async (more: Partial<Checkout> = {}) =>
  activity({ workflowExecution: WORKFLOW }).run(
    jobs.runJob,
    await jobs.input({ steps: ['true'], checkout: checkout(more) }),
  );

test('a pull request is built as it will be when it is merged; its statuses are those of its head', async () => {
  const steps = ['cat a.txt b.txt c.txt; git status --porcelain', 'git log -1 --format="%H %P"', 'env'];
  const { output } = await run(steps);
  expect(output).toMatch(/^changed there\nchanged here\nnew\n/);
  const [, merge] = /HOOKYARD_MERGE_COMMIT=(\w+)/.exec(output) ?? [];
  expect(output).toContain(`${merge} ${base} ${sha}\n`);
  expect(output).toContain(`HOOKYARD_COMMIT=${sha}`);
  expect(output).toContain(`HOOKYARD_BASE_COMMIT=${base}`);
});

test('the same two commits give the same merge, in each job', async () => {
  const merges = [await run(['git rev-parse HEAD']), await run(['git rev-parse HEAD'])].map(({ output }) => output);
  expect(merges[0]).toMatch(/^[0-9a-f]{40}$/);
  expect(merges[0]).toBe(merges[1]);
});

test('the base is that of now', async () => {
  await run(['true']);
  await jobs.commit({ 'd.txt': 'later\n' });
  expect((await run(['cat d.txt'])).output).toBe('later');
});

test('with a depth, the history of both is cut', async () => {
  const count = async (depth: number) =>
    (await run(['git rev-list --count HEAD'], { options: { merge: true, depth } })).output;
  expect([await count(1), await count(2), await count(3)]).toEqual(['1', '3', '4']);
});

test('a conflict is a failure that names the files, and is not tried again', async () => {
  await jobs.commit({ 'b.txt': 'changed there too\n' });
  await expect(failing()).rejects.toMatchObject({
    type: 'Refused',
    nonRetryable: true,
    message: expect.stringMatching(/can't be merged into main at \w{12}: conflicts in "b.txt". Merge the branch/),
  });
});

test('what the files of an earlier job say of merging counts for nothing', async () => {
  const tip = await jobs.commit({ 'b.txt': 'changed there too\n' });
  await jobs.git('update-ref', 'refs/remotes/origin/main', tip);
  const cwd = join(jobs.folder, 'work');
  const merged = () => mergeInto({ cwd, signal: new AbortController().signal }, { branch: 'main', head: sha });
  for (const attributes of ['', '* merge=union\n']) {
    await writeFile(join(cwd, '.gitattributes'), attributes);
    await expect(merged()).rejects.toMatchObject({ type: 'Refused', message: expect.stringContaining('in "b.txt"') });
  }
});

test('a history that has nothing in common with the base is a failure, and so is a base that is gone', async () => {
  await jobs.git('checkout', '--quiet', '--orphan', 'other');
  const orphan = await jobs.commit({ 'a.txt': 'x\n' }, 'feature');
  await expect(failing({ sha: orphan })).rejects.toMatchObject({ type: 'Refused', message: /no commit in common/ });
  await expect(failing({ base: 'gone' })).rejects.toMatchObject({ type: 'Refused', message: /no branch "gone"/ });
});

test('what is no pull request is checked out as it is', async () => {
  const { output } = await run(['git rev-parse HEAD; env'], { base: undefined as never });
  expect(output).toContain(sha);
  expect(output).not.toContain('HOOKYARD_MERGE_COMMIT');
});

test('a fork that keeps its head in its own repository is merged into the base of the other', async () => {
  const fork = join(jobs.folder, 'repositories/stranger/fork.git');
  await jobs.git('init', '--quiet', '--bare', fork);
  await jobs.git('push', '--quiet', fork, `${sha}:refs/heads/change`);
  await jobs.git('push', '--quiet', join(jobs.folder, 'repositories/acme/app.git'), ':refs/heads/feature');
  const { output } = await run(['cat a.txt c.txt'], {
    ...{ repository: 'stranger/fork', home: 'acme/app', ref: 'refs/heads/change', untrusted: true },
  });
  expect(output).toBe('changed there\nnew');
});
