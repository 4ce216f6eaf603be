import type { Fixture } from '../conformance.js';

const SHA = '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c';
const OLD = '9353195a19e45482665306e466c832c46560532d';
const repository = {
  id: 12,
  full_name: 'acme/shop',
  html_url: 'https://git.example/acme/shop',
  default_branch: 'main',
  private: true,
};
const sender = { id: 1, login: 'ada', username: 'ada' };
const side = (ref: string, sha: string, id = 12) => ({
  ref,
  sha,
  repo_id: id,
  repo: { id, full_name: id === 12 ? 'acme/shop' : 'eve/shop' },
});
const pull = (change: object = {}) => ({
  number: 7,
  title: 'Sell more',
  html_url: 'https://git.example/acme/shop/pulls/7',
  state: 'open',
  merged: false,
  user: sender,
  labels: [{ name: 'bug' }],
  base: side('main', OLD),
  head: side('more', SHA),
  ...change,
});

export const giteaFixtures = (prefix: string): [Fixture, ...Fixture[]] => {
  const as = (name: string, event: string, body: object, expect: Fixture['expect']): Fixture => ({
    name,
    headers: { [`${prefix}-event`]: event },
    body: { repository, sender, ...body },
    expect,
  });
  return [
    as(
      'a push',
      'push',
      {
        ref: 'refs/heads/main',
        before: OLD,
        after: SHA,
        commits: [{ id: SHA, message: 'x', added: ['a'], removed: [], modified: ['b'] }],
      },
      {
        event: {
          kind: 'push',
          branch: 'main',
          before: OLD,
          commit: { sha: SHA },
          repository: { id: '12', fullName: 'acme/shop' },
        },
      },
    ),
    as(
      'a pushed tag, which comes twice',
      'push',
      { ref: 'refs/tags/v1', before: '0'.repeat(40), after: SHA, commits: [] },
      { event: { kind: 'tag', tag: 'v1', commit: { sha: SHA }, unpeeled: true } },
    ),
    as(
      'a new tag',
      'create',
      { ref: 'v1.0.0', ref_type: 'tag', sha: SHA },
      { event: { kind: 'tag', tag: 'v1.0.0', ref: 'refs/tags/v1.0.0', commit: { sha: SHA } } },
    ),
    as(
      'a new branch',
      'create',
      { ref: 'more', ref_type: 'branch', sha: SHA },
      { ignored: 'the push event says the same' },
    ),
    as(
      'a deleted branch',
      'delete',
      { ref: 'more', ref_type: 'branch' },
      { event: { kind: 'branch_deleted', branch: 'more' } },
    ),
    as(
      'a deleted tag',
      'delete',
      { ref: 'v1.0.0', ref_type: 'tag' },
      { event: { kind: 'tag_deleted', tag: 'v1.0.0', ref: 'refs/tags/v1.0.0' } },
    ),
    as(
      'a pull request',
      'pull_request',
      { action: 'opened', number: 7, pull_request: pull() },
      {
        event: {
          kind: 'pull_request',
          action: 'opened',
          commit: { sha: SHA },
          pullRequest: { number: 7, fork: false, labels: ['bug'], base: { ref: 'main' }, head: { ref: 'more' } },
        },
      },
    ),
    as(
      'a pull request from a fork',
      'pull_request',
      { action: 'synchronized', number: 7, pull_request: pull({ head: side('more', SHA, 99) }) },
      { event: { action: 'synchronize', pullRequest: { fork: true, head: { repository: 'eve/shop' } } } },
    ),
    as(
      'a pull request of Gogs, which names no commits',
      'pull_request',
      {
        action: 'opened',
        number: 7,
        pull_request: { ...pull(), base: undefined, head: undefined, head_branch: 'more' },
      },
      { ignored: 'the pull request names no commit' },
    ),
    as(
      'an approval',
      'pull_request_approved',
      { action: 'reviewed', number: 7, pull_request: pull(), review: { type: 'x', content: 'fine' } },
      { event: { kind: 'review', action: 'approved', number: 7, reviewer: 'ada', body: 'fine' } },
    ),
    as(
      'a comment on a pull request',
      'issue_comment',
      {
        action: 'created',
        issue: { number: 7, title: 't', state: 'open', pull_request: { merged: false } },
        comment: { id: 45, body: '/retest', user: sender },
      },
      {
        event: {
          kind: 'comment',
          on: 'pull_request',
          number: 7,
          open: true,
          comment: { id: '45', body: '/retest', author: 'ada' },
        },
      },
    ),
    as(
      'a release',
      'release',
      {
        action: 'published',
        release: { tag_name: 'v1', name: 'One', html_url: 'https://git.example/r', draft: false, prerelease: true },
      },
      { event: { kind: 'release', action: 'published', tag: 'v1', prerelease: true } },
    ),
    as('an issue', 'issues', { action: 'opened' }, { ignored: 'no automation can listen to issues events' }),
  ];
};

/** Gogs has no reviews, and names no commits in its pull requests. */
export function gogsFixtures(): readonly [Fixture, ...Fixture[]] {
  const [first, ...more] = giteaFixtures('x-gogs');
  const isPullRequest = ({ headers }: Fixture) => headers?.['x-gogs-event']?.startsWith('pull_request');
  const [pullRequest] = more.filter(isPullRequest);
  if (!pullRequest) throw new Error('there is no pull request among the fixtures');
  const body = pullRequest.body as { pull_request: object };
  const nameless = { ...body, pull_request: { ...body.pull_request, base: undefined, head: undefined } };
  return [
    first,
    ...more.filter((fixture) => !isPullRequest(fixture)),
    { ...pullRequest, body: nameless, expect: { ignored: 'the pull request names no commit' } },
  ];
}
