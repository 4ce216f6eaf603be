import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sweepMirrors } from '../../../src/activities/git/mirror-generations.js';
import { basic } from '../../../src/http/auth-headers.js';
import { Secret } from '../../../src/secrets/secret.js';
import { activity, type Jobs, mirrorOf, openJobs, WORKFLOW } from '../../support/harness/jobs.js';
import { type GitServer, openGitServer } from './git-server.js';

/* Who may read a repository, and whose mirror of it a job borrows from. */

const TOKEN = 'a-token-that-may-read';
let server: GitServer;
let jobs: Jobs;
beforeEach(async () => {
  server = await openGitServer(basic('x-access-token', TOKEN));
  const clone = { url: `${server.url}/{fullName}.git` };
  const secrets = [{ env: 'HOOK' }];
  jobs = await openJobs(
    {
      sources: {
        github: { kind: 'github', secrets, clone: { ...clone, token: { env: 'TOKEN' } } },
        other: { kind: 'github', secrets, clone },
        same: { kind: 'github', secrets, clone: { ...clone, token: { env: 'TOKEN' } } },
      },
    },
    { TOKEN },
  );
  server.root = join(jobs.folder, 'repositories');
  await jobs.commit({ 'word.txt': 'private\n' });
});
afterEach(async () => {
  await jobs.close();
  await server.close();
});

const build = async (source: string, checkout = {}) => {
  const input = await jobs.input({ steps: ['cat word.txt'], trust: true, checkout: { source, ...checkout } });
  return activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input);
};
const mirrors = () => readdir(join(jobs.config.data, 'mirrors'));

test('a source without credentials can not build a commit that another source has fetched', async () => {
  expect(await build('github')).toMatchObject({ passed: true });
  await expect(build('other')).rejects.toThrow(/can't fetch/);
  await expect(build('other', { ref: undefined })).rejects.toThrow(/can't fetch/);
  expect(await build('github')).toMatchObject({ passed: true });
});

test('nor can one whose credentials are no longer good, or one with another name', async () => {
  await build('github');
  await build('same');
  expect(await mirrors()).toHaveLength(2);
  const { clone } = jobs.config.sources.github as { clone: { token: Secret } };
  clone.token = new Secret('a-token-that-was-revoked');
  await expect(build('github')).rejects.toThrow(/can't fetch/);
  for (const name of await mirrors()) expect(name).not.toContain('token');
});

test('a mirror that versions before shared between sources is not used, and is removed when nobody can use it', async () => {
  await build('github');
  const root = join(jobs.config.data, 'mirrors');
  const shared = join(root, '0'.repeat(32));
  await execa('cp', ['-r', await mirrorOf(jobs), shared]);
  await rm(join(shared, 'hookyard-used'));
  await sweepMirrors(jobs.config.data);
  expect(await mirrors()).toHaveLength(2);
  const longAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
  for (const name of ['.', 'refs', 'objects', 'objects/pack']) await utimes(join(shared, name), longAgo, longAgo);
  await sweepMirrors(jobs.config.data);
  expect(await mirrors()).toEqual([expect.stringMatching(/^github-/)]);
  expect(await build('github')).toMatchObject({ passed: true });
});

test('of a mirror the newest generation stays, an older one while a job may use it, and one that is forgotten goes', async () => {
  await build('github');
  const first = await mirrorOf(jobs);
  await writeFile(join(first, 'HEAD'), 'nonsense');
  await build('github');
  const second = await mirrorOf(jobs);
  expect(second).not.toBe(first);
  await sweepMirrors(jobs.config.data);
  expect((await stat(first)).isDirectory()).toBe(true);
  const age = async (folder: string, days: number) => {
    const at = new Date(Date.now() - days * 24 * 3_600_000);
    for (const name of ['hookyard-used', '.', 'refs', 'objects', 'objects/pack'])
      await utimes(join(folder, name), at, at);
  };
  await age(first, 8);
  await age(second, 8);
  await sweepMirrors(jobs.config.data);
  await expect(stat(first)).rejects.toThrow('ENOENT');
  expect((await stat(second)).isDirectory()).toBe(true);
  await age(second, 31);
  await sweepMirrors(jobs.config.data);
  expect(await mirrors()).toEqual([]);
});
