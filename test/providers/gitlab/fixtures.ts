import type { Fixture } from '../conformance.js';

const SHA = '16862e368d8ab812e48833b741dad720e48d7e3a';
const OLD = 'ffe8eb4f91d1fe6bc49f1e610e50e4b5767f0104';
const ZERO = '0'.repeat(40);
const project = {
  id: 2,
  path_with_namespace: 'acme/team/shop',
  web_url: 'https://gitlab.example/acme/team/shop',
  default_branch: 'main',
  visibility_level: 0,
};
const commit = (id: string) => ({
  id,
  message: 'Sell more',
  url: 'https://gitlab.example/c',
  author: { name: 'Ada' },
  added: ['a'],
  modified: [],
  removed: ['b'],
});
const user = { name: 'Ada', username: 'ada' };
const request = (change: object = {}) => ({
  iid: 7,
  title: 'Sell more',
  url: 'https://gitlab.example/acme/team/shop/-/merge_requests/7',
  state: 'opened',
  action: 'open',
  draft: false,
  source_branch: 'more',
  target_branch: 'main',
  source_project_id: 2,
  target_project_id: 2,
  source: { path_with_namespace: 'acme/team/shop' },
  last_commit: { id: SHA, message: 'Sell more' },
  updated_at: '2022-01-17 15:47:39 UTC',
  ...change,
});

const as = (name: string, event: string, body: object, expect: Fixture['expect']): Fixture => ({
  name,
  headers: { 'x-gitlab-event': event },
  body,
  expect,
});
export const gitlabFixtures: [Fixture, ...Fixture[]] = [
  as(
    'a push',
    'Push Hook',
    {
      ref: 'refs/heads/main',
      before: OLD,
      after: SHA,
      user_username: 'ada',
      project,
      commits: [commit(SHA)],
      total_commits_count: 1,
    },
    {
      event: {
        kind: 'push',
        branch: 'main',
        commit: { sha: SHA, author: 'Ada' },
        repository: { id: '2', fullName: 'acme/team/shop', private: true },
        sender: { login: 'ada' },
      },
    },
  ),
  as(
    'a deleted branch',
    'Push Hook',
    { ref: 'refs/heads/more', before: OLD, after: ZERO, project, commits: [] },
    { event: { kind: 'branch_deleted', branch: 'more', before: OLD } },
  ),
  as(
    'a deleted tag',
    'Tag Push Hook',
    { ref: 'refs/tags/v1', before: OLD, after: ZERO, checkout_sha: null, project },
    { event: { kind: 'tag_deleted', tag: 'v1', before: OLD } },
  ),
  as(
    'an annotated tag',
    'Tag Push Hook',
    { ref: 'refs/tags/v1', before: ZERO, after: 'a'.repeat(40), checkout_sha: SHA, project },
    { event: { kind: 'tag', tag: 'v1', commit: { sha: SHA }, created: true } },
  ),
  as(
    'a merge request',
    'Merge Request Hook',
    { user, project, object_attributes: request(), labels: [{ title: 'bug' }] },
    {
      event: {
        kind: 'pull_request',
        action: 'opened',
        commit: { sha: SHA },
        pullRequest: { number: 7, state: 'open', fork: false, labels: ['bug'], updatedAt: '2022-01-17T15:47:39.000Z' },
      },
    },
  ),
  as(
    'new commits of a fork',
    'Merge Request Hook',
    { user, project, object_attributes: request({ action: 'update', oldrev: OLD, source_project_id: 9 }) },
    { event: { action: 'synchronize', pullRequest: { fork: true } } },
  ),
  as(
    'a merge request whose projects are unknown, which counts as a fork',
    'Merge Request Hook',
    {
      user,
      project,
      object_attributes: request({ source_project_id: undefined, target_project_id: undefined }),
    },
    { event: { kind: 'pull_request', pullRequest: { fork: true } } },
  ),
  as(
    'a changed target branch',
    'Merge Request Hook',
    { user, project, object_attributes: request({ action: 'update' }), changes: { target_branch: {} } },
    { event: { action: 'edited', baseChanged: true } },
  ),
  as(
    'a draft that is ready',
    'Merge Request Hook',
    { user, project, object_attributes: request({ action: 'update' }), changes: { draft: {} } },
    { event: { action: 'ready_for_review' } },
  ),
  as(
    'a merge',
    'Merge Request Hook',
    { user, project, object_attributes: request({ action: 'merge', state: 'merged' }) },
    { event: { action: 'closed', pullRequest: { merged: true, state: 'closed' } } },
  ),
  as(
    'an approval',
    'Merge Request Hook',
    { user, project, object_attributes: request({ action: 'approved' }) },
    { event: { kind: 'review', action: 'approved', reviewer: 'ada', number: 7 } },
  ),
  as(
    'a comment',
    'Note Hook',
    {
      user,
      project,
      object_attributes: { id: 5, note: 'lgtm', noteable_type: 'MergeRequest', url: 'https://gitlab.example/n' },
      merge_request: { iid: 7, title: 't', state: 'opened', last_commit: { id: SHA } },
    },
    {
      event: {
        kind: 'comment',
        on: 'pull_request',
        number: 7,
        open: true,
        comment: { id: '5', body: 'lgtm', author: 'ada' },
        commit: { sha: SHA },
      },
    },
  ),
  as(
    'a release',
    'Release Hook',
    { project, action: 'create', tag: 'v1', name: 'One', url: 'https://gitlab.example/r' },
    { event: { kind: 'release', action: 'published', tag: 'v1' } },
  ),
  as(
    'a deployment',
    'Deployment Hook',
    { user, project, status: 'success', deployment_id: 15, environment: 'staging', ref: 'main' },
    { event: { kind: 'deployment', action: 'success', environment: 'staging', id: '15' } },
  ),
  as(
    'a pipeline',
    'Pipeline Hook',
    { user, project, object_attributes: { ref: 'main', sha: SHA, status: 'failed', tag: false } },
    { event: { kind: 'status', state: 'failure', branch: 'main', commit: { sha: SHA } } },
  ),
  as('an issue', 'Issue Hook', { object_kind: 'issue' }, { ignored: 'no automation can listen to Issue Hook events' }),
];
