import type { Fixture } from '../conformance.js';

const SHA = '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c';
const OLD = '9353195a19e45482665306e466c832c46560532d';
const PEELED = 'c690da9e7f6a6d90defe03d57b8802df149c4aff';
const NONE = '0'.repeat(40);
const PAGE = 'https://git.example/bitbucket/projects/PRJ/repos/shop';

const repository = {
  slug: 'shop',
  id: 1684,
  name: 'Shop',
  public: false,
  project: { key: 'PRJ', id: 2, public: false, type: 'NORMAL' },
};
const forked = { ...repository, id: 1856, project: { key: '~ADA.L_ACME.EXAMPLE', id: 3, type: 'PERSONAL' } };
const ada = { name: 'ada@acme.example', slug: 'ada_acme.example', id: 15107, displayName: 'Ada', type: 'NORMAL' };
const side = (branch: string, latestCommit: string, of: object = repository) => ({
  id: `refs/heads/${branch}`,
  displayId: branch,
  latestCommit,
  repository: of,
});
const pullRequest = (change: object = {}) => ({
  id: 111,
  title: 'Sell more',
  state: 'OPEN',
  open: true,
  draft: false,
  updatedDate: 1_757_591_589_232,
  author: { user: ada, role: 'AUTHOR' },
  fromRef: side('more', SHA),
  toRef: side('main', OLD),
  ...change,
});

const as = (name: string, event: string, body: object, expect: Fixture['expect']): Fixture => ({
  name,
  headers: { 'x-event-key': event },
  body: { eventKey: event, date: '2026-09-23T03:15:55+0300', actor: ada, ...body },
  expect,
});
const change = (id: string, fromHash: string, toHash: string, type: string) => ({
  ref: { id, displayId: id.replace(/^refs\/\w+\//, ''), type: id.startsWith('refs/tags/') ? 'TAG' : 'BRANCH' },
  refId: id,
  fromHash,
  toHash,
  type,
});
const comment = { id: 62, version: 0, text: '/retest', author: ada, createdDate: 1_505_783_860_548 };
const approval = { user: { ...ada, name: 'bob' }, role: 'REVIEWER', status: 'APPROVED', lastReviewedCommit: OLD };

export const bitbucketDataCenterFixtures: [Fixture, ...Fixture[]] = [
  as(
    'a push of version 5, which says little',
    'repo:refs_changed',
    { repository, changes: [change('refs/heads/main', OLD, SHA, 'UPDATE')] },
    {
      event: {
        provider: 'bitbucket-data-center',
        kind: 'push',
        ref: 'refs/heads/main',
        branch: 'main',
        before: OLD,
        commit: { sha: SHA, url: `${PAGE}/commits/${SHA}` },
        created: false,
        repository: { id: '1684', fullName: 'PRJ/shop', url: `${PAGE}/browse`, private: true },
        sender: { login: 'ada@acme.example', id: '15107', bot: false },
      },
    },
  ),
  as(
    'a push of version 10, with the commits and without refId',
    'repo:refs_changed',
    {
      repository,
      changes: [{ ...change('refs/heads/main', OLD, SHA, 'UPDATE'), refId: undefined }],
      toCommit: { id: SHA, message: 'chore: update all', author: { name: 'renovate' }, parents: [] },
      commits: [],
    },
    { event: { kind: 'push', branch: 'main', commit: { sha: SHA, message: 'chore: update all', author: 'renovate' } } },
  ),
  as(
    'a push of a new branch, one that is gone, a tag and something else',
    'repo:refs_changed',
    {
      repository: { ...repository, project: { ...repository.project, public: true } },
      changes: [
        change('refs/heads/feature/a', NONE, SHA, 'ADD'),
        change('refs/heads/old', OLD, NONE, 'DELETE'),
        change('refs/tags/v1', NONE, SHA, 'ADD'),
        change('refs/tags/v0', OLD, NONE, 'DELETE'),
        change('refs/notes/commits', OLD, SHA, 'UPDATE'),
      ],
    },
    {
      events: [
        { kind: 'push', branch: 'feature/a', created: true, repository: { private: false } },
        { kind: 'branch_deleted', branch: 'old', before: OLD },
        { kind: 'tag', tag: 'v1', created: true, commit: { sha: SHA } },
        { kind: 'tag_deleted', tag: 'v0', before: OLD },
      ],
    },
  ),
  as(
    'an annotated tag, which leads to a commit',
    'repo:refs_changed',
    { repository, changes: [change('refs/tags/v1', NONE, SHA, 'ADD')], toCommit: { id: PEELED, message: 'x' } },
    { event: { kind: 'tag', commit: { sha: PEELED, message: 'x' } } },
  ),
  as(
    'a pull request',
    'pr:opened',
    { pullRequest: pullRequest() },
    {
      event: {
        kind: 'pull_request',
        action: 'opened',
        commit: { sha: SHA },
        pullRequest: {
          number: 111,
          title: 'Sell more',
          url: `${PAGE}/pull-requests/111`,
          author: 'ada@acme.example',
          state: 'open',
          draft: false,
          fork: false,
          merged: false,
          base: { ref: 'main', sha: OLD },
          head: { ref: 'more', sha: SHA, repository: 'PRJ/shop' },
          updatedAt: '2025-09-11T11:53:09.232Z',
        },
      },
    },
  ),
  as(
    'a pull request that is opened again',
    'pr:reopened',
    { pullRequest: pullRequest() },
    { event: { action: 'reopened', pullRequest: { state: 'open' } } },
  ),
  as(
    'new commits, from the fork of a person',
    'pr:from_ref_updated',
    { pullRequest: pullRequest({ draft: true, fromRef: side('more', SHA, forked) }), previousFromHash: OLD },
    {
      event: {
        action: 'synchronize',
        repository: { fullName: 'PRJ/shop' },
        pullRequest: { fork: true, draft: true, head: { repository: '~ADA.L_ACME.EXAMPLE/shop' } },
      },
    },
  ),
  as(
    'an edited title',
    'pr:modified',
    { pullRequest: pullRequest(), previousTitle: 'Sell', previousTarget: { id: 'refs/heads/main' } },
    { event: { action: 'edited' } },
  ),
  as(
    'a draft that is ready',
    'pr:modified',
    { pullRequest: pullRequest({ draft: false }), previousDraft: true },
    { event: { action: 'ready_for_review', pullRequest: { draft: false } } },
  ),
  as(
    'a pull request that becomes a draft',
    'pr:modified',
    { pullRequest: pullRequest({ draft: true }), previousDraft: false },
    { event: { action: 'converted_to_draft', pullRequest: { draft: true } } },
  ),
  as(
    'another base branch',
    'pr:modified',
    { pullRequest: pullRequest(), previousTarget: { id: 'refs/heads/wrong' } },
    { event: { action: 'edited', baseChanged: true } },
  ),
  as(
    'a merge, with dates as text',
    'pr:merged',
    { pullRequest: pullRequest({ state: 'MERGED', updatedDate: '2018-07-05T19:33:20+0000' }) },
    {
      event: {
        action: 'closed',
        pullRequest: { state: 'closed', merged: true, updatedAt: '2018-07-05T19:33:20.000Z' },
      },
    },
  ),
  as(
    'a refusal',
    'pr:declined',
    { pullRequest: pullRequest({ state: 'DECLINED' }) },
    {
      event: { action: 'closed', pullRequest: { state: 'closed', merged: false } },
    },
  ),
  as(
    'a deletion of an open one',
    'pr:deleted',
    { pullRequest: pullRequest() },
    {
      event: { action: 'closed', pullRequest: { state: 'closed', merged: false } },
    },
  ),
  as(
    'new reviewers',
    'pr:reviewer:updated',
    { pullRequest: pullRequest(), addedReviewers: [ada], removedReviewers: [] },
    {
      event: { action: 'review_requested' },
    },
  ),
  as(
    'fewer reviewers',
    'pr:reviewer:updated',
    { pullRequest: pullRequest(), addedReviewers: [], removedReviewers: [ada] },
    {
      event: { action: 'review_request_removed' },
    },
  ),
  as(
    'an approval',
    'pr:reviewer:approved',
    { pullRequest: pullRequest(), participant: approval },
    {
      event: { kind: 'review', action: 'approved', number: 111, reviewer: 'bob', commit: { sha: OLD } },
    },
  ),
  as(
    'an approval taken back',
    'pr:reviewer:unapproved',
    { pullRequest: pullRequest(), participant: { user: ada } },
    {
      event: { kind: 'review', action: 'dismissed', commit: { sha: SHA } },
    },
  ),
  as(
    'a request for changes',
    'pr:reviewer:needs_work',
    { pullRequest: pullRequest(), participant: approval },
    {
      event: { kind: 'review', action: 'changes_requested' },
    },
  ),
  as(
    'a comment',
    'pr:comment:added',
    { pullRequest: pullRequest(), comment },
    {
      event: {
        kind: 'comment',
        action: 'created',
        on: 'pull_request',
        number: 111,
        open: true,
        comment: {
          id: '62',
          body: '/retest',
          author: 'ada@acme.example',
          url: `${PAGE}/pull-requests/111/overview?commentId=62`,
          createdAt: '2017-09-19T01:17:40.548Z',
        },
        commit: { sha: SHA },
      },
    },
  ),
  as(
    'an edited comment',
    'pr:comment:edited',
    { pullRequest: pullRequest(), comment, previousComment: '/test' },
    {
      event: { kind: 'comment', action: 'edited' },
    },
  ),
  as(
    'a deleted comment',
    'pr:comment:deleted',
    { pullRequest: pullRequest({ state: 'MERGED' }), comment },
    {
      event: { kind: 'comment', action: 'deleted', open: false },
    },
  ),
  as(
    'a comment on a commit',
    'repo:comment:added',
    { repository, commit: SHA, comment },
    {
      event: { kind: 'comment', action: 'created', on: 'commit', commit: { sha: SHA }, comment: { id: '62' } },
    },
  ),
  as(
    'an edited comment on a commit',
    'repo:comment:edited',
    { repository, commit: SHA, comment },
    {
      event: { kind: 'comment', action: 'edited', on: 'commit' },
    },
  ),
  as(
    'a deleted comment on a commit',
    'repo:comment:deleted',
    { repository, commit: SHA, comment },
    {
      event: { kind: 'comment', action: 'deleted', on: 'commit' },
    },
  ),
  as('a fork', 'repo:forked', { repository }, { ignored: 'no automation can listen to repo:forked events' }),
  {
    name: 'a test of the connection',
    headers: { 'x-event-key': 'diagnostics:ping' },
    body: { test: true },
    expect: { ignored: 'ping' },
  },
];
