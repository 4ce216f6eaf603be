import { expect, test } from 'vitest';
import { toldBy } from '../told-by.js';

const SHA = '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c';
const repository = { full_name: 'acme/shop' };
const status = (change: object = {}, of: object = repository) =>
  toldBy('bitbucket-cloud', 'repo:commit_status_created', {
    repository: of,
    commit_status: { key: '33', state: 'FAILED', commit: { hash: SHA }, ...change },
  });
const linked = (rest: string, full = 'acme/shop') => ({
  commit: null,
  links: { commit: { href: `https://api.bitbucket.org/2.0/repositories/${full}/commit/${rest}` } },
});
const failed = { kind: 'status', state: 'failure', name: '33', commit: { sha: SHA } };

test('a status tells its name, its branch and its page, as far as the payload has them', () => {
  expect(status()).toStrictEqual(failed);
  const url = 'https://ci.example/33';
  expect(status({ name: 'unit', refname: 'main', url })).toStrictEqual({
    ...failed,
    name: 'unit',
    branch: 'main',
    url,
  });
});

test.each([
  ['INPROGRESS', 'pending'],
  ['SUCCESSFUL', 'success'],
  ['STOPPED', 'cancelled'],
])('a status that is %s is %s', (state, ours) => {
  expect(status({ state })).toStrictEqual({ ...failed, state: ours });
});

test.each(['UNKNOWN', 'constructor'])('a status that is %s is ignored', (state) => {
  expect(status({ state })).toEqual({ ignored: 'no automation can listen to this state of a status' });
});

test.each([
  ['no link', { commit: null }],
  ['no link to a commit', { commit: null, links: {} }],
  ['a link to something of a commit', linked(`${SHA}/statuses`)],
  ['a link to a short name', linked(SHA.slice(0, 12))],
])('a status without a commit is ignored: %s', (_, change) => {
  expect(status(change)).toEqual({ ignored: 'the status names no commit' });
});

test('a status is of a fork where its commit is told to be of another repository, and else is not', () => {
  const by = (full_name: string | null) => ({ commit: { hash: SHA, repository: { full_name } } });
  for (const own of [by('acme/shop'), by(null), { links: {} }, linked(SHA)]) expect(status(own)).toStrictEqual(failed);
  for (const fork of [by('eve/shop'), linked(SHA, 'eve/shop'), { links: linked(SHA, 'eve/shop').links }])
    expect(status(fork)).toStrictEqual({ ...failed, fork: true });
});

test('a status is of a fork where its commit is told to be of a repository with another id', () => {
  const ours = '673a6070-3421-46c9-9d48-90745f7bfe8e';
  const theirs = '99999999-7777-4777-8777-777777777777';
  const of = { ...repository, uuid: `{${ours}}` };
  const by = (told: object) => ({ commit: { hash: SHA, repository: told } });
  const escaped = (id: string) => `%7B${id}%7D`;
  for (const own of [
    by({ uuid: `{${ours}}` }),
    by({ uuid: `{${ours.toUpperCase()}}`, full_name: 'acme/renamed' }),
    by({ uuid: null, full_name: 'acme/shop' }),
    linked(SHA, `{}/{${ours}}`),
    linked(SHA, `acme/${escaped(ours)}`),
    linked(SHA, `${escaped(theirs)}/shop`),
  ])
    expect(status(own, of), JSON.stringify(own)).toStrictEqual(failed);
  for (const fork of [
    by({ uuid: `{${theirs}}` }),
    by({ uuid: `{${theirs}}`, full_name: null }),
    by({ uuid: `{${theirs}}`, full_name: 'acme/shop' }),
    linked(SHA, `{}/{${theirs}}`),
    linked(SHA, `${escaped(theirs)}/${escaped(theirs)}`),
    linked(SHA, `acme/${escaped(theirs).toLowerCase()}`),
  ])
    expect(status(fork, of), JSON.stringify(fork)).toStrictEqual({ ...failed, fork: true });
  // Which id ours has is not told.
  expect(status(by({ uuid: `{${theirs}}` }))).toStrictEqual({ ...failed, fork: true });
  expect(status(by({ uuid: `{${theirs}}`, full_name: 'acme/shop' }))).toStrictEqual(failed);
});

test('a status of ours is known by how its key begins, and is called ours once', () => {
  expect(status({ key: 'hookyard-3f2a', name: 'ci/test' })).toMatchObject({ name: 'hookyard/ci/test' });
  expect(status({ key: 'hookyard-3f2a', name: 'hookyard/ci/test' })).toMatchObject({ name: 'hookyard/ci/test' });
  for (const key of ['not-hookyard', 'hookyards']) expect(status({ key, name: 'x' })).toMatchObject({ name: 'x' });
});

test('a body of something else is no status', () => {
  expect(() => toldBy('bitbucket-cloud', 'repo:commit_status_created', { repository })).toThrow(
    'is not a commit status payload: commit_status is',
  );
});
