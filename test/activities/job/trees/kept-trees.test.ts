import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CancelledFailure } from '@temporalio/common';
import { execa } from 'execa';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Checkout } from '../../../../src/activities/contract/index.js';
import { createReleases } from '../../../../src/activities/job/releases.js';
import { createRunJob } from '../../../../src/activities/job/run-job.js';
import { boundTrees } from '../../../../src/activities/job/trees/bound-trees.js';
import { sweepTrees } from '../../../../src/activities/job/trees/sweep-trees.js';
import { foldersIn, keptFolders } from '../../../../src/activities/job/trees/tree-folders.js';
import { activity, type Jobs, mirrorOf, openJobs, WORKFLOW } from '../../../support/harness/jobs.js';
import { tempFolder } from '../../../support/temp-folder.js';

let jobs: Jobs;
beforeEach(async () => {
  const source = () => ({
    kind: 'github' as const,
    secrets: [{ env: 'HOOK' }],
    clone: { url: '/placeholder/{fullName}' },
  });
  jobs = await openJobs({ sources: { github: source(), other: source() } });
  cloneFrom('github', `${jobs.folder}/repositories/{fullName}.git`);
  cloneFrom('other', `${jobs.folder}/repositories/{fullName}.git`);
  await jobs.commit({ 'word.txt': 'first\n', 'steady.txt': 'steady\n' });
});
afterEach(async () => {
  for (const folder of keptFolders(jobs.config)) await rm(folder, { recursive: true, force: true });
  await jobs.close();
});

function cloneFrom(source: string, url: string): void {
  (jobs.config.sources[source] as { clone: { url: string } }).clone.url = url;
}

/** Runs a job; returns which file it found, by its number, which may be given again, and its time; and what its step printed. */
async function build(checkout: Partial<Checkout> = {}, step = 'true') {
  const path = join(jobs.folder, `printed-${randomUUID()}`);
  const steps = [`exec > ${path}; stat -c '%i %y' steady.txt; ${step}`];
  // Of a stranger too: it prints to a file that no sandbox has.
  const result = await jobs.run({ steps, trust: true, checkout });
  expect(result, result.tail).toMatchObject({ passed: true });
  const [file, ...printed] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  return { file, printed: printed.join('\n') };
}

async function kept(): Promise<string[]> {
  const places = (await Promise.all(keptFolders(jobs.config).map(foldersIn))).flat();
  return (await Promise.all(places.map(foldersIn))).flat();
}

const STRANGERS: Partial<Checkout> = { pullRequest: { number: 7, head: { ref: 'topic', repository: 'eve/app' } } };

test('a job begins with the files that the last one of its repository left, and gets those of its own commit', async () => {
  const first = await build();
  await jobs.commit({ 'word.txt': 'second\n', 'new.txt': 'new\n' });
  await jobs.git('rm', '--quiet', 'new.txt');
  expect(await build({}, 'cat word.txt new.txt; git status --porcelain; git log --format=%s -1')).toEqual({
    file: first.file,
    printed: 'second\nnew\nm',
  });
  await jobs.git('reset', '--quiet', '--hard');
  await jobs.commit({ 'word.txt': 'third\n' });
  const older = await jobs.git('rev-parse', 'HEAD~2');
  expect(await build({ sha: older }, 'cat word.txt; test ! -e new.txt')).toEqual({
    file: first.file,
    printed: 'first',
  });
});

test('two jobs at once have files of their own, and both are kept', async () => {
  jobs.config.jobs.keep.perRepository = 2;
  /** Neither ends before the other has begun. */
  const two = () => {
    const begun = join(jobs.folder, `begun-${randomUUID()}`);
    const step = `touch ${begun}-$$; until [ "$(ls ${begun}-* | wc -l)" = 2 ]; do sleep 0.02; done`;
    return Promise.all([build({}, step), build({}, step)]);
  };
  const both = await two();
  expect(new Set(both.map(({ file }) => file)).size).toBe(2);
  expect(await kept()).toHaveLength(2);
  const again = await two();
  expect(new Set([...both, ...again].map(({ file }) => file)).size).toBe(2);
});

test('a job gets the files of the one before, though they are just being given back while its run goes on', async () => {
  const { config, store } = jobs;
  const log = pino({ level: 'silent' });
  const releases = createReleases({ config, log });
  const runJob = createRunJob({ config, store, log, releases, reportPending: async () => undefined });
  const run = async () => {
    const path = join(jobs.folder, 'which');
    const input = await jobs.input({ steps: [`stat -c '%i %y' steady.txt > ${path}`] });
    await activity({ workflowExecution: WORKFLOW }).run(runJob, input);
    return readFile(path, 'utf8');
  };
  const first = await run();
  expect([await run(), await run()]).toEqual([first, first]);
  await releases.all();
  expect(await jobs.workspaces()).toEqual([]);
});

test("a stranger's code gets no files that others used, and leaves none", async () => {
  const sha = await jobs.git('commit-tree', '-m', 'proposed', 'HEAD^{tree}');
  await jobs.git('push', '--quiet', join(jobs.folder, 'repositories/acme/app.git'), `${sha}:refs/pull/7/head`);
  const stranger = { ...STRANGERS, sha };
  const first = await build();
  expect((await build(stranger)).file).not.toBe(first.file);
  expect(await kept()).toHaveLength(1);
  expect((await build()).file).toBe(first.file);
  for (const folder of await kept()) await rm(folder, { recursive: true });
  await build(stranger);
  await build({ sha, ref: 'refs/pull/7/head' });
  await build({ untrusted: true });
  await build({ queued: true });
  expect(await kept()).toEqual([]);
});

test('what a merge queue builds is a stranger’s, by the name of its branch alone', async () => {
  const ref = 'refs/heads/gh-readonly-queue/main/pr-7-aaaa';
  const sha = await jobs.git('commit-tree', '-m', 'queued', 'HEAD^{tree}');
  await jobs.git('push', '--quiet', join(jobs.folder, 'repositories/acme/app.git'), `${sha}:${ref}`);
  await build({ sha, ref });
  expect(await kept()).toEqual([]);
});

test('nothing lies in the folder of a submodule that the last commit did not have', async () => {
  await jobs.commit({ 'y/left.txt': 'left\n' });
  const first = await build({}, 'mv y lib');
  const [folder = ''] = await kept();
  expect(await readdir(join(folder, 'src'))).not.toContain('lib');
  await mkdir(join(folder, 'src/lib'));
  await writeFile(join(folder, 'src/lib/left.txt'), 'left\n');
  await jobs.git('init', '--quiet', 'lib');
  await jobs.git('-C', 'lib', 'commit', '--quiet', '--allow-empty', '--message=lib');
  await jobs.commit({});
  expect(await build({}, 'ls -A lib')).toEqual({ file: first.file, printed: '' });
});

test('a tree that can’t be used is not, and the job has its files all the same', async () => {
  const before = await build();
  const [folder = ''] = await kept();
  await rm(join(folder, 'src'), { recursive: true });
  const after = await build({}, 'cat word.txt');
  expect(after.printed).toBe('first');
  expect(after.file).not.toBe(before.file);
});

test('a pull request from a branch of the repository is no stranger', async () => {
  const sha = await jobs.git('commit-tree', '-m', 'proposed', 'HEAD^{tree}');
  await jobs.git('push', '--quiet', join(jobs.folder, 'repositories/acme/app.git'), `${sha}:refs/pull/7/head`);
  const first = await build();
  const pullRequest = { number: 7, head: { ref: 'topic', repository: 'acme/app' } };
  expect((await build({ sha, pullRequest })).file).toBe(first.file);
});

test('each source has files of its own', async () => {
  const first = await build();
  const second = await build({ source: 'other' });
  expect(second.file).not.toBe(first.file);
  expect((await build()).file).toBe(first.file);
  expect((await build({ source: 'other' })).file).toBe(second.file);
});

test('what was changed meanwhile is not used: an index, a note; a file is written anew, and one that was added is removed', async () => {
  for (const name of ['index', 'tree.json']) {
    const before = await build();
    const [folder = ''] = await kept();
    await appendFile(join(folder, name), 'x');
    const after = await build({}, 'cat word.txt');
    expect(after.printed).toBe('first');
    expect(after.file).not.toBe(before.file);
  }
  const before = await build();
  const [folder = ''] = await kept();
  await writeFile(join(folder, 'src/word.txt'), 'other\n');
  await writeFile(join(folder, 'src/left'), 'left\n');
  await mkdir(join(folder, 'src/other/.git'), { recursive: true });
  expect(await build({}, 'cat word.txt; ls')).toEqual({ file: before.file, printed: 'first\nsteady.txt\nword.txt' });
});

test('a commit that says how files are written has all of them written anew', async () => {
  const first = await build({}, "grep -c $'\\r' word.txt || true");
  expect(first.printed).toBe('0');
  await jobs.commit({ 'sub/.gitattributes': '*.bin binary\n', '.gitattributes': '*.txt text eol=crlf\n' });
  const second = await build({}, "grep -c $'\\r' word.txt");
  expect(second.printed).toBe('1');
  await jobs.commit({ 'word.txt': 'second\n' });
  expect((await build()).file).toBe(second.file);
  await jobs.commit({ 'sub/.gitattributes': '*.bin text\n' });
  expect((await build()).file).not.toBe(second.file);
});

test('files are kept also when a job fails or times out, and not where that is switched off', async () => {
  const first = await build();
  await jobs.run({ steps: ['exit 1'] });
  // Long enough for its commit to be checked out: files of which only some are there are not kept.
  const late = await jobs.run({ steps: ['echo begun; sleep 60'], timeoutMs: 6_000 });
  expect(late).toMatchObject({ outcome: 'timed_out', output: 'begun' });
  expect((await build()).file).toBe(first.file);
  jobs.config.jobs.keep.perRepository = 0;
  await build();
  expect(await kept()).toEqual([]);
});

test('files are kept also when the run is cancelled, though all of git’s calls are', async () => {
  const first = await build();
  const around = activity({ workflowExecution: WORKFLOW, heartbeatTimeoutMs: 10_000 });
  const on = join(jobs.folder, 'on');
  const running = around.run(jobs.runJob, await jobs.input({ steps: [`touch ${on}; sleep 60`] }));
  await expect.poll(() => existsSync(on), { timeout: 30_000 }).toBe(true);
  around.cancel();
  await expect(running).rejects.toBeInstanceOf(CancelledFailure);
  expect((await build()).file).toBe(first.file);
});

test('a build after many drops the refs of the oldest, so that fetches stay fast', async () => {
  await build();
  const mirror = await mirrorOf(jobs);
  const sha = await jobs.git('rev-parse', 'HEAD');
  const names = Array.from({ length: 1_500 }, (_, n) => n.toString(16).padStart(40, '0'));
  const input = names.map((name) => `create refs/hookyard/${name} ${sha}\n`).join('');
  await execa('git', ['-C', mirror, 'update-ref', '--stdin'], { input });
  const left = async () => {
    await jobs.commit({ 'word.txt': String(Math.random()) });
    await build();
    return (await readdir(join(mirror, 'refs/hookyard'))).length;
  };
  expect([await left(), await left(), await left()]).toEqual([502, 100, 101]);
});

test('files of a repository whose mirror is gone are removed, and those of an installation that is gone', async () => {
  await build();
  await sweepTrees(jobs.config);
  expect(await kept()).toHaveLength(1);
  const [name = ''] = await readdir(join(jobs.config.data, 'mirrors'));
  await rm(join(jobs.config.data, 'mirrors', name), { recursive: true });
  await sweepTrees(jobs.config);
  expect(await kept()).toEqual([]);
  await build();
  await rm(jobs.config.data, { recursive: true });
  await sweepTrees({ ...jobs.config, data: await tempFolder('another') });
  expect(await kept()).toEqual([]);
});

test('of what is kept the oldest goes first: of a repository, of all together, and what is too old', async () => {
  const root = await tempFolder('kept');
  const make = async (place: string, name: string, { megabytes = 1, daysAgo = 0, note = true }) => {
    const folder = join(root, place, name);
    await mkdir(folder, { recursive: true });
    if (note) await writeFile(join(folder, 'tree.json'), JSON.stringify({ index: 'x', kilobytes: megabytes * 1024 }));
    const at = new Date(Date.now() - daysAgo * 24 * 3_600_000);
    await utimes(folder, at, at);
  };
  const names = async () => (await readdir(root, { recursive: true })).filter((name) => /\/[^/.]+$/.test(name)).sort();
  await make('a', 'old', { daysAgo: 3 });
  await make('a', 'newer', { daysAgo: 2 });
  await make('a', 'newest', { daysAgo: 1 });
  await make('b', 'large', { megabytes: 8, daysAgo: 4 });
  await make('b', 'older', { daysAgo: 9 });
  await make('b', 'new-young', { note: false });
  await make('b', 'new-abandoned', { daysAgo: 2, note: false });
  await make('b', 'new-of-dead', { note: false });
  const dead = { host: hostname(), pid: 2 ** 22 + 1, startTime: '1' };
  await writeFile(join(root, 'b/new-of-dead/owner.json'), JSON.stringify(dead));
  await make('b', 'gone-half', { note: false });
  await make('c', 'unreadable', { note: false });
  const bounds = { perRepository: 2, megabytes: 10, days: 7 };
  await boundTrees(root, bounds);
  expect(await names()).toEqual(['a/newer', 'a/newest', 'b/large', 'b/new-young']);
  await boundTrees(root, { ...bounds, megabytes: 9 });
  expect(await names()).toEqual(['a/newer', 'a/newest', 'b/new-young']);
  await boundTrees(root, { ...bounds, perRepository: 0 });
  expect(await names()).toEqual(['b/new-young']);
});
