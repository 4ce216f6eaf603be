import type { Fixture } from '../conformance.js';

const SHA = '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c';
const OLD = '9353195a19e45482665306e466c832c46560532d';
const SHORT = SHA.slice(0, 12);
const ours = '{bc771cbf-829e-4c4b-b71f-a0eb3ac2b860}';
const theirs = '{00000000-829e-4c4b-b71f-a0eb3ac2b860}';

const repository = {
  type: 'repository',
  uuid: ours,
  full_name: 'acme/shop',
  is_private: true,
  links: { html: { href: 'https://bitbucket.org/acme/shop' } },
};
const ada = { type: 'user', nickname: 'ada', display_name: 'Ada', account_id: '557058:2a6349dc' };
const target = (hash: string) => ({
  type: 'commit',
  hash,
  message: 'Sell more\n',
  author: { raw: 'Ada Lovelace <ada@acme.example>', user: ada },
  links: { html: { href: `https://bitbucket.org/acme/shop/commits/${hash}` } },
});
const ref = (type: string, name: string, hash: string) => ({ type, name, target: target(hash) });
const side = (branch: string, hash: string, uuid = ours) => ({
  branch: { name: branch },
  commit: { hash },
  repository: { ...repository, uuid, full_name: uuid === ours ? 'acme/shop' : 'eve/shop' },
});

export const pullRequest = (change: object = {}) => ({
  type: 'pullrequest',
  id: 7,
  title: 'Sell more',
  state: 'OPEN',
  draft: false,
  author: ada,
  source: side('more', SHORT),
  destination: side('main', OLD.slice(0, 12)),
  updated_on: '2026-07-02T21:54:34.210775+00:00',
  links: { html: { href: 'https://bitbucket.org/acme/shop/pull-requests/7' } },
  ...change,
});

const as = (name: string, event: string, body: object, expect: Fixture['expect']): Fixture => ({
  name,
  headers: { 'x-event-key': event },
  body: { repository, actor: ada, ...body },
  expect,
});
const push = (name: string, changes: unknown[], expect: Fixture['expect']) =>
  as(name, 'repo:push', { push: { changes } }, expect);
const comment = {
  id: 45,
  content: { raw: '/retest', markup: 'markdown' },
  user: ada,
  created_on: '2026-06-23T22:10:09.939925+02:00',
  links: { html: { href: 'https://bitbucket.org/acme/shop/pull-requests/7/_/diff#comment-45' } },
};
const status = (change: object) => ({
  commit_status: {
    key: '33',
    name: 'Pipeline #4',
    state: 'SUCCESSFUL',
    refname: 'main',
    commit: { hash: SHA },
    ...change,
  },
});

export const bitbucketCloudFixtures: [Fixture, ...Fixture[]] = [
  push(
    'a push',
    [{ new: ref('branch', 'main', SHA), old: ref('branch', 'main', OLD), forced: false, truncated: false }],
    {
      event: {
        provider: 'bitbucket-cloud',
        kind: 'push',
        ref: 'refs/heads/main',
        branch: 'main',
        before: OLD,
        commit: {
          sha: SHA,
          message: 'Sell more\n',
          author: 'ada',
          url: `https://bitbucket.org/acme/shop/commits/${SHA}`,
        },
        created: false,
        forced: false,
        repository: { id: ours.slice(1, -1), fullName: 'acme/shop', private: true },
        sender: { login: 'ada', id: '557058:2a6349dc', bot: false },
      },
    },
  ),
  push('a forced push', [{ new: ref('branch', 'main', SHA), old: ref('branch', 'main', OLD), forced: true }], {
    event: { kind: 'push', forced: true },
  }),
  push(
    'a push of a new branch, a new tag and two that are gone',
    [
      { new: ref('branch', 'feature/a', SHA), old: null },
      { new: ref('tag', 'v1', SHA), old: null },
      { new: null, old: ref('branch', 'old', OLD) },
      { new: null, old: ref('tag', 'v0', OLD) },
    ],
    {
      events: [
        { kind: 'push', branch: 'feature/a', created: true, commit: { sha: SHA } },
        { kind: 'tag', tag: 'v1', ref: 'refs/tags/v1', created: true, commit: { sha: SHA } },
        { kind: 'branch_deleted', branch: 'old', ref: 'refs/heads/old', before: OLD },
        { kind: 'tag_deleted', tag: 'v0', before: OLD },
      ],
    },
  ),
  push('a push of no ref at all', [], { ignored: 'the push names no ref' }),
  push('a bookmark', [{ new: ref('bookmark', 'x', SHA), old: null }], {
    ignored: 'the change is neither of a branch nor of a tag',
  }),
  as(
    'a pull request',
    'pullrequest:created',
    { pullrequest: pullRequest() },
    {
      event: {
        kind: 'pull_request',
        action: 'opened',
        commit: { sha: SHORT },
        pullRequest: {
          number: 7,
          title: 'Sell more',
          author: 'ada',
          state: 'open',
          draft: false,
          fork: false,
          merged: false,
          base: { ref: 'main', sha: OLD.slice(0, 12) },
          head: { ref: 'more', sha: SHORT, repository: 'acme/shop' },
          updatedAt: '2026-07-02T21:54:34.210Z',
        },
      },
    },
  ),
  as(
    'an update from a fork',
    'pullrequest:updated',
    { pullrequest: pullRequest({ draft: true, source: side('more', SHORT, theirs) }) },
    {
      event: {
        action: 'synchronize',
        pullRequest: { fork: true, draft: true, head: { repository: 'eve/shop' } },
        repository: { fullName: 'acme/shop' },
      },
    },
  ),
  as(
    'a pull request whose fork is gone',
    'pullrequest:updated',
    { pullrequest: pullRequest({ source: { ...side('more', SHORT), repository: null } }) },
    { event: { pullRequest: { fork: true } } },
  ),
  as(
    'a pull request whose branch is gone',
    'pullrequest:updated',
    { pullrequest: pullRequest({ source: { ...side('more', SHORT), commit: null } }) },
    { ignored: 'the pull request names no commit' },
  ),
  as(
    'the event of new commits, which comes beside an update',
    'pullrequest:push',
    { pullrequest: pullRequest() },
    { event: { kind: 'pull_request', action: 'synchronize', commit: { sha: SHORT } } },
  ),
  as(
    'a merge',
    'pullrequest:fulfilled',
    { pullrequest: pullRequest({ state: 'MERGED' }) },
    {
      event: { action: 'closed', pullRequest: { state: 'closed', merged: true } },
    },
  ),
  as(
    'a refusal',
    'pullrequest:rejected',
    { pullrequest: pullRequest({ state: 'DECLINED' }) },
    {
      event: { action: 'closed', pullRequest: { state: 'closed', merged: false } },
    },
  ),
  as(
    'an approval',
    'pullrequest:approved',
    { pullrequest: pullRequest(), approval: { user: { ...ada, nickname: 'bob' } } },
    {
      event: { kind: 'review', action: 'approved', number: 7, reviewer: 'bob', commit: { sha: SHORT } },
    },
  ),
  as(
    'an approval taken back',
    'pullrequest:unapproved',
    { pullrequest: pullRequest(), approval: { user: ada } },
    {
      event: { kind: 'review', action: 'dismissed', reviewer: 'ada' },
    },
  ),
  as(
    'a request for changes',
    'pullrequest:changes_request_created',
    { pullrequest: pullRequest(), changes_request: { user: ada } },
    { event: { kind: 'review', action: 'changes_requested', reviewer: 'ada' } },
  ),
  as(
    'a request for changes taken back',
    'pullrequest:changes_request_removed',
    { pullrequest: pullRequest(), changes_request: { user: ada } },
    { event: { kind: 'review', action: 'dismissed' } },
  ),
  as(
    'a comment',
    'pullrequest:comment_created',
    { pullrequest: pullRequest(), comment },
    {
      event: {
        kind: 'comment',
        action: 'created',
        on: 'pull_request',
        number: 7,
        open: true,
        comment: { id: '45', body: '/retest', author: 'ada', createdAt: '2026-06-23T20:10:09.939Z' },
      },
    },
  ),
  as(
    'an edited comment',
    'pullrequest:comment_updated',
    { pullrequest: pullRequest(), comment },
    {
      event: { kind: 'comment', action: 'edited' },
    },
  ),
  as(
    'a deleted comment',
    'pullrequest:comment_deleted',
    { pullrequest: pullRequest({ state: 'MERGED' }), comment },
    {
      event: { kind: 'comment', action: 'deleted', open: false },
    },
  ),
  as(
    'a comment on a commit',
    'repo:commit_comment_created',
    { comment, commit: { hash: SHA } },
    {
      event: { kind: 'comment', action: 'created', on: 'commit', commit: { sha: SHA }, comment: { id: '45' } },
    },
  ),
  as('a status', 'repo:commit_status_updated', status({}), {
    event: { kind: 'status', state: 'success', name: 'Pipeline #4', branch: 'main', commit: { sha: SHA } },
  }),
  as(
    'a status of ours, known by its key',
    'repo:commit_status_created',
    status({ key: 'hookyard-3f2a', name: 'ci/test', state: 'INPROGRESS' }),
    { event: { kind: 'status', state: 'pending', name: 'hookyard/ci/test' } },
  ),
  as(
    'a status that has its commit in a link only',
    'repo:commit_status_created',
    status({
      commit: undefined,
      links: { commit: { href: `https://api.bitbucket.org/2.0/repositories/acme/shop/commit/${SHA}` } },
      state: 'STOPPED',
    }),
    { event: { kind: 'status', state: 'cancelled', commit: { sha: SHA } } },
  ),
  as('an issue', 'issue:created', { issue: {} }, { ignored: 'no automation can listen to issue:created events' }),
];
