import { mkdir, readdir, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { activity, type Jobs, mirrorOf, openJobs, WORKFLOW } from '../../support/harness/jobs.js';

let jobs: Jobs;
let origin: string;
beforeEach(async () => {
  jobs = await openJobs();
  origin = join(jobs.folder, 'repositories/acme/app.git');
  await jobs.commit({ 'word.txt': 'first\n' });
});
afterEach(() => jobs.close());

const runs = (checkout = {}) => jobs.run({ steps: ['cat word.txt'], checkout });
const fails = async () =>
  activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, await jobs.input({ steps: ['cat word.txt'] }));

/** The mirror's folder, after a first job has made it. */
async function mirrored(): Promise<string> {
  await jobs.run({ steps: ['true'] });
  return mirrorOf(jobs);
}

/** All objects of the mirror in one pack; answers its path. */
async function packed(mirror: string): Promise<string> {
  await execa('git', ['-C', mirror, '-c', 'safe.directory=*', 'repack', '-adq']);
  const packs = join(mirror, 'objects/pack');
  return join(packs, (await readdir(packs)).find((name) => name.endsWith('.pack')) ?? '');
}

test('a pack that was cut off is fetched anew, within the same job', async () => {
  await truncate(await packed(await mirrored()), 40);
  expect((await runs()).output).toBe('first');
});

test('a mirror that lacks what its refs name is made anew, within the same job', async () => {
  const mirror = await mirrored();
  const sha = await jobs.git('rev-parse', 'HEAD');
  await rm(join(mirror, 'objects', sha.slice(0, 2), sha.slice(2)));
  expect((await runs()).output).toBe('first');
});

test('a file whose content is damaged fails once with the reason, and then is right', async () => {
  // Files that are kept need no objects.
  jobs.config.jobs.keep.perRepository = 0;
  const mirror = await mirrored();
  const blob = await jobs.git('rev-parse', 'HEAD:word.txt');
  const path = join(mirror, 'objects', blob.slice(0, 2), blob.slice(2));
  await rm(path);
  await writeFile(path, 'not an object');
  await expect(fails()).rejects.toMatchObject({
    nonRetryable: false,
    message: expect.stringContaining('the mirror was broken and has been replaced'),
  });
  expect(await runs()).toMatchObject({ passed: true });
});

test('a sound mirror outlives a remote that is away', async () => {
  const mirror = await mirrored();
  await jobs.commit({ 'word.txt': 'second\n' });
  await rename(join(jobs.folder, 'repositories'), join(jobs.folder, 'away'));
  await expect(fails()).rejects.toMatchObject({ nonRetryable: false });
  expect((await stat(mirror)).isDirectory()).toBe(true);
  await rename(join(jobs.folder, 'away'), join(jobs.folder, 'repositories'));
  expect((await runs()).output).toBe('second');
});

test.each([
  ['empty', () => Promise.resolve()],
  ['half made', (mirror: string) => mkdir(join(mirror, 'objects'))],
  ['a file', (mirror: string) => rm(mirror, { recursive: true }).then(() => writeFile(mirror, ''))],
])('a mirror that a crash has left %s is made anew', async (_, leave) => {
  const mirror = await mirrored();
  await rm(mirror, { recursive: true });
  await mkdir(mirror);
  await leave(mirror);
  expect((await runs()).output).toBe('first');
});

test('the lock of a git that was killed long ago is removed; a fresh one is respected', async () => {
  const mirror = await mirrored();
  const lock = join(mirror, 'packed-refs.lock');
  await jobs.commit({ 'word.txt': 'other\n' }, 'gone');
  await jobs.run({ steps: ['true'], checkout: { ref: 'refs/heads/gone' } });
  await execa('git', ['-C', mirror, '-c', 'safe.directory=*', 'pack-refs', '--all']);
  await jobs.git('push', '--quiet', origin, ':refs/heads/gone');
  // Dropping a packed ref needs the lock.
  await writeFile(lock, '');
  const backup = join(jobs.folder, 'backup.git');
  await execa('git', ['init', '--quiet', '--bare', backup]);
  Object.assign(jobs.config.mirrors, { backup: { url: backup, username: 'x' } });
  const mirror_ = () => activity().run(jobs.mirror, { source: 'github', repository: 'acme/app', target: 'backup' });
  await expect(mirror_()).rejects.toMatchObject({ nonRetryable: false });
  expect((await stat(lock)).isFile()).toBe(true);
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(lock, longAgo, longAgo);
  expect(await mirror_()).toEqual({ updated: 1 });
});

test('a branch whose name was a folder of branches before is fetched and mirrored', async () => {
  const first = await jobs.commit({ 'word.txt': 'a\n' }, 'topic');
  await runs({ sha: first, ref: 'refs/heads/topic' });
  const backup = join(jobs.folder, 'backup.git');
  await execa('git', ['init', '--quiet', '--bare', backup]);
  Object.assign(jobs.config.mirrors, { backup: { url: backup, username: 'x' } });
  const mirror = () => activity().run(jobs.mirror, { source: 'github', repository: 'acme/app', target: 'backup' });
  await mirror();
  await jobs.git('push', '--quiet', origin, ':refs/heads/topic');
  const second = await jobs.commit({ 'word.txt': 'b\n' }, 'topic/two');
  expect((await runs({ sha: second, ref: 'refs/heads/topic/two' })).output).toContain('b');
  // Some servers take the old name away only after they have looked at the new one: the next attempt is right.
  await mirror().catch(mirror);
  const refs = await execa('git', ['-C', backup, '-c', 'safe.directory=*', 'for-each-ref', '--format=%(refname)']);
  expect(refs.stdout.split('\n')).toEqual(['refs/heads/main', 'refs/heads/topic/two']);
});

test('a mirror target that refuses says why', async () => {
  const backup = join(jobs.folder, 'backup.git');
  await execa('git', ['init', '--quiet', '--bare', '--initial-branch=kept', backup]);
  await jobs.git('push', '--quiet', backup, 'HEAD:refs/heads/kept');
  Object.assign(jobs.config.mirrors, { backup: { url: backup, username: 'x' } });
  const mirror = () => activity().run(jobs.mirror, { source: 'github', repository: 'acme/app', target: 'backup' });
  await expect(mirror()).rejects.toMatchObject({
    nonRetryable: false,
    message: expect.stringMatching(/mirror backup.*refs\/heads\/kept.*deletion of the current branch prohibited/s),
  });
});
