import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { readLastCommit } from '../../../src/cli/client/last-commit.js';
import { openRepository } from '../../support/harness/repository.js';
import { tempFolder } from '../../support/temp-folder.js';

test('the last commit of a clone is read with its files, whatever they are called', async () => {
  const folder = await tempFolder('clone');
  const { git, commit } = await openRepository(folder);
  const work = join(folder, 'work');
  await expect(readLastCommit(work)).rejects.toThrow(`${work} has no commit yet`);
  const first = await commit({ 'a.txt': 'a', 'gone.txt': 'x' });
  expect(await readLastCommit(work)).toMatchObject({
    branch: 'main',
    before: '0'.repeat(40),
    after: first,
    added: ['a.txt', 'gone.txt'],
  });
  await git('rm', '--quiet', 'gone.txt');
  const second = await commit({ 'a.txt': 'b', "it's\n$(touch x).txt": 'y', 'ü.txt': 'z' });
  await git('remote', 'add', 'origin', 'git@git.example:acme/app.git');
  expect(await readLastCommit(work)).toEqual({
    branch: 'main',
    before: first,
    after: second,
    message: 'm',
    author: { name: 'T', email: 't@t.invalid' },
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    added: ["it's\n$(touch x).txt", 'ü.txt'],
    removed: ['gone.txt'],
    modified: ['a.txt'],
    remote: 'git@git.example:acme/app.git',
  });
});

test('a branch that is called as a tag is named as it is', async () => {
  const folder = await tempFolder('clone');
  const { git, commit } = await openRepository(folder);
  await commit({ 'a.txt': 'a' });
  await git('checkout', '--quiet', '-b', 'release/1');
  await git('tag', 'release/1');
  expect((await readLastCommit(join(folder, 'work'))).branch).toBe('release/1');
});

test('a shallow clone is told of where its last commit seems to be the first', async () => {
  const folder = await tempFolder('clone');
  const { git, commit } = await openRepository(folder);
  await commit({ 'a.txt': 'a' });
  await commit({ 'a.txt': 'b' });
  const shallow = join(folder, 'shallow');
  await git('clone', '--quiet', '--depth', '1', `file://${join(folder, 'work')}`, shallow);
  await expect(readLastCommit(shallow)).rejects.toThrow(`${shallow} is a shallow clone`);
  await git('-C', shallow, 'fetch', '--quiet', '--deepen=1');
  expect((await readLastCommit(shallow)).modified).toEqual(['a.txt']);
});

test('nothing that a clone configures is run by reading it', async () => {
  const folder = await tempFolder('clone');
  const { git, commit } = await openRepository(folder);
  await commit({ 'a.txt': 'a' });
  const work = join(folder, 'work');
  const program = `touch '${join(folder, 'ran')}'`;
  await writeFile(join(work, '.git/info/attributes'), '* diff=evil\n');
  for (const name of ['core.fsmonitor', 'diff.external', 'diff.evil.textconv', 'gpg.program', 'core.pager'])
    await git('config', name, program);
  await git('config', 'log.showSignature', 'true');
  expect((await readLastCommit(work)).added).toEqual(['a.txt']);
  await expect(readLastCommit(join(folder, 'ran'))).rejects.toThrow('is none');
});

test('a folder that is no clone, and a clone without a branch, are told of', async () => {
  const folder = await tempFolder('clone');
  await expect(readLastCommit(folder)).rejects.toThrow(/git says of .*not a git repository/);
  await expect(readLastCommit(join(folder, '--upload-pack=x'))).rejects.toThrow('--from takes the folder');
  const { git, commit } = await openRepository(folder);
  await commit({ 'a.txt': 'a' });
  await git('checkout', '--quiet', '--detach');
  await expect(readLastCommit(join(folder, 'work'))).rejects.toThrow('No branch is checked out');
});

test('a clone is read from a hook of another repository too, whose variables name that one', async () => {
  const folder = await tempFolder('clone');
  const { commit } = await openRepository(folder);
  const sha = await commit({ 'a.txt': 'a' });
  for (const name of ['GIT_DIR', 'GIT_OBJECT_DIRECTORY', 'GIT_COMMON_DIR']) vi.stubEnv(name, join(folder, 'nowhere'));
  try {
    expect((await readLastCommit(join(folder, 'work'))).after).toBe(sha);
  } finally {
    vi.unstubAllEnvs();
  }
});
