import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RepositoryApi, SourceApi } from '../../../src/providers/api.js';
import { createGiteaApi } from '../../../src/providers/gitea/api/index.js';
import { configOf } from '../../support/harness/config.js';
import { type ScriptedApi, scriptedApi } from '../../support/scripted-api.js';

const TOKEN = 'canary-token';
const SHA = '16862e368d8ab812e48833b741dad720e48d7e3a';
const OLD = '5f22f7d0d95d614d25a5b68592adb345a4b5c7fd';
const REPOSITORY = '/api/v1/repos/acme/shop';

type Kind = 'gitea' | 'forgejo' | 'gogs';

let server: ScriptedApi;
beforeEach(async () => {
  server = await scriptedApi(['authorization', `token ${TOKEN}`]);
});
afterEach(() => server.close());

function sourceApi(
  kind: Kind = 'gitea',
  { token = TOKEN, account }: { token?: string; account?: string } = {},
): SourceApi {
  const api = { token: { env: 'TOKEN', optional: true }, ...(account && { account }) };
  const here = {
    kind,
    url: 'https://code.example',
    secrets: [{ env: 'HOOK' }],
    api: { ...api, url: `${server.url}/` },
  };
  const source = configOf({ sources: { here } }, { HOOK: 'x', TOKEN: token }).sources.here;
  if (source?.kind !== kind) throw new Error('no source');
  return createGiteaApi({ name: 'here', source, log: pino({ enabled: false }) });
}

type Whole = Required<RepositoryApi> & { readonly hooks: Required<NonNullable<RepositoryApi['hooks']>> };
const repository = (...of: Parameters<typeof sourceApi>): Whole => sourceApi(...of).repository('acme/shop') as Whole;

const total = (count: number) => ({ 'x-total-count': String(count) });
const me = { ask: 'GET /api/v1/user', answer: { id: 28, login: 'Hooky', username: 'Hooky' } };

describe('a status', () => {
  const status = { sha: SHA, context: 'hookyard/ci', state: 'error', description: 'd'.repeat(200) } as const;
  const ask = `POST ${REPOSITORY}/statuses/${SHA}`;

  test('a status is written, cut to length', async () => {
    const description = `${'d'.repeat(139)}…`;
    const target_url = 'https://ui.example/run';
    server.expects(
      { ask, sent: { state: 'error', context: 'hookyard/ci', description, target_url }, status: 201, answer: {} },
      { ask, sent: { state: 'success', context: 'hookyard/ci', description: 'nothing to do' }, status: 201 },
    );
    await repository().writeStatus({ ...status, targetUrl: target_url });
    await repository().writeStatus({ ...status, state: 'skipped', description: 'nothing to do' });
  });

  test('a status is read back: the newest of its context, as far as it has to be looked for', async () => {
    const list = (page: number) => `GET ${REPOSITORY}/commits/${SHA}/statuses?sort=highestindex&page=${page}&limit=50`;
    const written = (state: string, context = 'hookyard/ci') => ({ id: 1, status: state, context, target_url: '' });
    server.expects(
      { ask: list(1), answer: [written('success', 'other')], headers: total(4) },
      {
        ask: list(2),
        answer: [{ ...written('failure'), target_url: 'https://ui.example/run' }, written('pending')],
        headers: total(4),
      },
      { ask: list(1), answer: [written('warning')], headers: total(1) },
      { ask: list(1), answer: [], headers: total(0) },
    );
    expect(await repository().readStatus(status)).toEqual({ state: 'failure', targetUrl: 'https://ui.example/run' });
    expect(await repository().readStatus(status)).toEqual({ state: 'failure' });
    expect(await repository().readStatus(status)).toBeUndefined();
  });
});

describe('a comment', () => {
  const comment = (id: number, body: string, login = 'hooky') => ({
    id,
    body,
    html_url: `https://code.example/acme/shop/pulls/7#issuecomment-${id}`,
    user: { id: 1, login, username: login },
  });
  const list = `GET ${REPOSITORY}/issues/7/comments`;

  test('a comment is written and changed', async () => {
    server.expects(
      {
        ask: `POST ${REPOSITORY}/issues/7/comments`,
        sent: { body: 'Failed' },
        status: 201,
        answer: comment(5, 'Failed'),
      },
      { ask: `PATCH ${REPOSITORY}/issues/comments/5`, sent: { body: 'Passed' }, answer: comment(5, 'Passed') },
    );
    const url = 'https://code.example/acme/shop/pulls/7#issuecomment-5';
    expect(await repository().comment({ number: 7, body: 'Failed' })).toEqual({ id: '5', body: 'Failed', url });
    expect(await repository().editComment({ number: 7, id: '5', body: 'Passed' })).toEqual({
      id: '5',
      body: 'Passed',
      url,
    });
  });

  test('a comment is found by its marker if it is our own: the newest', async () => {
    const comments = [comment(1, '<!-- ci -->'), comment(2, 'x <!-- ci -->'), comment(3, '<!-- ci -->', 'stranger')];
    server.expects(
      me,
      { ask: list, answer: comments },
      { ask: list, answer: [...comments, { ...comment(4, ''), user: null }] },
    );
    const api = repository();
    expect(await api.findComment({ number: 7, marker: '<!-- ci -->' })).toMatchObject({ id: '2' });
    // Whom the token belongs to is not asked twice.
    expect(await api.findComment({ number: 7, marker: '<!-- cd -->' })).toBeUndefined();
  });

  test('a comment of the account that the configuration names is found without asking who we are', async () => {
    server.expects({ ask: list, answer: [comment(9, '<!-- ci -->', 'robot')] });
    const api = repository('forgejo', { account: 'robot' });
    expect(await api.findComment({ number: 7, marker: '<!-- ci -->' })).toMatchObject({ id: '9' });
  });

  test('a comment gets a reaction, and the same one again is no failure', async () => {
    const ask = `POST ${REPOSITORY}/issues/comments/5/reactions`;
    server.expects(
      { ask, sent: { content: '+1' }, status: 201, answer: {} },
      { ask, sent: { content: '+1' }, status: 200, answer: {} },
    );
    await repository().react({ number: 7, commentId: '5', reaction: '+1' });
    await repository().react({ number: 7, commentId: '5', reaction: '+1' });
  });
});

const pull = {
  number: 7,
  title: 'Add two numbers',
  html_url: 'https://code.example/acme/shop/pulls/7',
  state: 'open',
  draft: false,
  merged: false,
  updated_at: '2026-03-01T10:00:00+02:00',
  user: { login: 'ada' },
  labels: [{ name: 'bug' }],
  base: { ref: 'main', sha: OLD, repo_id: 3, repo: { id: 3, full_name: 'acme/shop' } },
  head: { ref: 'feature', sha: SHA, repo_id: 3, repo: { id: 3, full_name: 'acme/shop' } },
};

describe('a pull request', () => {
  const ask = `GET ${REPOSITORY}/pulls/7`;

  test('a pull request is read as its webhook is', async () => {
    server.expects({ ask, answer: pull });
    expect(await repository().pullRequest(7)).toEqual({
      number: 7,
      title: 'Add two numbers',
      url: pull.html_url,
      author: 'ada',
      state: 'open',
      draft: false,
      fork: false,
      merged: false,
      labels: ['bug'],
      base: { ref: 'main', sha: OLD },
      head: { ref: 'feature', sha: SHA, repository: 'acme/shop' },
      updatedAt: '2026-03-01T08:00:00.000Z',
    });
  });

  test('a pull request from a fork, also from one that is gone, is told as such; old versions tell a draft by its title', async () => {
    const { draft: _, ...old } = { ...pull, title: 'WIP: add', labels: null, user: null };
    server.expects(
      { ask, answer: { ...pull, head: { ...pull.head, repo_id: 9, repo: { id: 9, full_name: 'ada/shop' } } } },
      { ask, answer: { ...old, state: 'closed', merged: true, head: { ...pull.head, repo_id: 0, repo: null } } },
      { ask, answer: { ...pull, head: { ...pull.head, sha: '' } } },
    );
    expect(await repository().pullRequest(7)).toMatchObject({ fork: true, head: { repository: 'ada/shop' } });
    const gone = await repository().pullRequest(7);
    expect(gone).toMatchObject({ fork: true, merged: true, state: 'closed', draft: true, author: 'ghost', labels: [] });
    expect(gone.head).toEqual({ ref: 'feature', sha: SHA });
    await expect(repository().pullRequest(7)).rejects.toMatchObject({ kind: 'refused' });
  });
});

test.each([
  ['an unknown head repository', { head: { ref: 'feature', sha: SHA } }],
  ['unknown repositories on both sides', { head: { ref: 'feature', sha: SHA }, base: { ref: 'main', sha: OLD } }],
  ['a head that was pushed without a branch', { head: { ...pull.head, label: '', ref: 'refs/pull/7/head' } }],
  ['an unknown base repository', { base: { ref: 'main', sha: OLD, repo_id: null, repo: null } }],
])('a pull request with %s is a fork', async (_, sides) => {
  server.expects({ ask: `GET ${REPOSITORY}/pulls/7`, answer: { ...pull, ...sides } });
  expect(await repository().pullRequest(7)).toMatchObject({ fork: true });
});

test.each(['head', 'base'] as const)('a pull request with an odd %s ref is left out of the list', async (side) => {
  const odd = { ...pull, [side]: { ...pull[side], ref: 'a\u0085b' } };
  server.expects({
    ask: `GET ${REPOSITORY}/pulls?state=open&page=1&limit=50`,
    answer: [odd, { ...pull, number: 8 }],
    headers: total(2),
  });
  const list = await repository().state.pullRequests?.();
  expect(list?.items.map(({ number }) => number)).toEqual([8]);
  expect(list?.complete).toBe(true);
});

test('a list with a pull request that misses fields is not taken for whole', async () => {
  const { state: _, ...incomplete } = pull;
  server.expects({
    ask: `GET ${REPOSITORY}/pulls?state=open&page=1&limit=50`,
    answer: [incomplete],
    headers: total(1),
  });
  await expect(repository().state.pullRequests?.()).rejects.toMatchObject({ kind: 'unavailable' });
});

test('a branch with an odd name, or without a commit, is left out of the list', async () => {
  const commit = { id: SHA };
  server.expects({
    ask: `GET ${REPOSITORY}/branches?page=1&limit=50`,
    answer: [
      { name: 'a\u0085b', commit },
      { name: 'empty', commit: null },
      { name: 'main', commit },
    ],
    headers: total(3),
  });
  expect(await repository().state.branches()).toEqual({ items: [{ name: 'main', sha: SHA }], complete: true });
});

test('an empty repository of Gogs has no default branch', async () => {
  const answer = { id: 3, full_name: 'acme/shop', html_url: 'https://code.example/acme/shop', default_branch: '' };
  server.expects({ ask: `GET ${REPOSITORY}`, answer });
  expect(await repository('gogs').state.about()).toEqual({
    id: '3',
    fullName: 'acme/shop',
    url: answer.html_url,
    private: true,
  });
});

describe('changed files of a pull request', () => {
  const files = (page: number) => `GET ${REPOSITORY}/pulls/7/files?page=${page}&limit=50`;
  const of = { kind: 'pull_request', number: 7 } as const;

  test('changed files of a pull request are read over all pages, renames under both names, also where a page is smaller than was asked for', async () => {
    server.expects(
      {
        ask: files(1),
        answer: [{ filename: 'src/b.ts', previous_filename: 'src/a.ts', status: 'renamed' }, { filename: 'README.md' }],
        headers: total(3),
      },
      { ask: files(2), answer: [{ filename: 'src/c.ts' }], headers: total(3) },
    );
    expect(await repository().changedFiles(of)).toEqual(['README.md', 'src/a.ts', 'src/b.ts', 'src/c.ts']);
  });

  test('changed files of a pull request are read until there are no more where nobody counts', async () => {
    server.expects({ ask: files(1), answer: [{ filename: 'a' }] }, { ask: files(2), answer: [] });
    expect(await repository().changedFiles(of)).toEqual(['a']);
  });

  test('changed files of a pull request are not known where the list ends early, or is very long', async () => {
    const page = Array.from({ length: 50 }, (_, index) => ({ filename: `f${index}` }));
    server.expects(
      { ask: files(1), answer: [{ filename: 'a' }], headers: total(2) },
      { ask: files(2), answer: [], headers: total(2) },
      ...Array.from({ length: 20 }, (_, index) => ({ ask: files(index + 1), answer: page, headers: total(1_001) })),
    );
    expect(await repository().changedFiles(of)).toBeUndefined();
    expect(await repository().changedFiles(of)).toBeUndefined();
  });
});

describe('changed files of a push', () => {
  const of = { kind: 'push', before: OLD, after: SHA } as const;
  const ask = `GET ${REPOSITORY}/compare/${OLD}...${SHA}?files=true&verification=false`;
  const between = 'b'.repeat(40);
  const commits = [
    { sha: SHA, parents: [{ sha: between }], files: [{ filename: 'b' }, { filename: 'a' }] },
    { sha: between, parents: [{ sha: OLD }], files: [{ filename: 'a' }] },
  ];

  test('changed files of a push are those of its commits', async () => {
    server.expects({ ask, answer: { total_commits: 2, commits } });
    expect(await repository().changedFiles(of)).toEqual(['a', 'b']);
  });

  test.each([
    ['no files are told', { total_commits: 2, commits: commits.map(({ files: _, ...commit }) => commit) }],
    ['commits are missing', { total_commits: 3, commits }],
    ['none follows the commit before', { total_commits: 1, commits: commits.slice(0, 1) }],
    ['there are no commits', { total_commits: 0, commits: [] }],
  ])('changed files of a push are not known where %s', async (_, answer) => {
    server.expects({ ask, answer });
    expect(await repository().changedFiles(of)).toBeUndefined();
  });

  test('changed files of a push are not known where there is nothing to compare with', async () => {
    server.expects({ ask, status: 404 });
    expect(await repository().changedFiles(of)).toBeUndefined();
    expect(await repository().changedFiles({ ...of, before: '0'.repeat(40) })).toBeUndefined();
  });
});

test.each([
  ['owner', 'admin'],
  ['admin', 'admin'],
  ['write', 'write'],
  ['read', 'read'],
  ['none', 'none'],
])('somebody with %s may do what %s says', async (permission, ours) => {
  server.expects({
    ask: `GET ${REPOSITORY}/collaborators/ada/permission`,
    answer: { permission, role_name: permission },
  });
  expect(await repository().permissionOf({ login: 'ada' })).toBe(ours);
});

test('an account that is no administrator learns that a repository is its owner’s, and of nobody else anything', async () => {
  const refused = { ask: `GET ${REPOSITORY}/collaborators/ada/permission`, status: 403 };
  server.expects(refused, { ask: `GET ${REPOSITORY}`, answer: { owner: { login: 'Ada' } } });
  expect(await repository().permissionOf({ login: 'ada' })).toBe('admin');
  server.expects(refused, { ask: `GET ${REPOSITORY}`, answer: { owner: { login: 'acme' } } });
  await expect(repository().permissionOf({ login: 'ada' })).rejects.toMatchObject({
    kind: 'not configured',
    message: expect.stringContaining('one of its administrators'),
  });
});

test('a member of a team is found by the list of teams, which has more than a search', async () => {
  const ask = 'GET /api/v1/orgs/acme/teams?page=1&limit=50';
  const teams = { ask, answer: [{ id: 3, name: 'Ops' }], headers: total(1) };
  server.expects(
    teams,
    { ask: 'GET /api/v1/teams/3/members/ada', answer: { id: 1, login: 'ada' } },
    teams,
    { ask: 'GET /api/v1/teams/3/members/eve', status: 404 },
    teams,
  );
  expect(await repository().isMember({ login: 'ada' }, 'acme/ops')).toBe(true);
  expect(await repository().isMember({ login: 'eve' }, 'acme/ops')).toBe(false);
  await expect(repository().isMember({ login: 'ada' }, 'acme/none')).rejects.toMatchObject({ kind: 'not configured' });
});

test('somebody unknown may do nothing', async () => {
  server.expects({ ask: `GET ${REPOSITORY}/collaborators/ada/permission`, status: 404 });
  expect(await repository().permissionOf({ login: 'ada' })).toBe('none');
});

test('the account and a commit are told', async () => {
  const commits = `GET ${REPOSITORY}/commits?sha=feature%2Fx&limit=1&stat=false&verification=false&files=false`;
  server.expects(me, { ask: commits, answer: [{ sha: SHA }] }, { ask: commits, answer: [] });
  expect(await sourceApi().account?.()).toEqual({ login: 'Hooky' });
  expect(await repository().resolveCommit('feature/x')).toBe(SHA);
  await expect(repository().resolveCommit('feature/x')).rejects.toMatchObject({ kind: 'refused' });
});

const url = 'https://hooks.example/webhooks/here';
const config = { url, content_type: 'json' };
const wanted = { url, secret: 'canary-secret', events: ['push', 'create', 'delete'] };
const sent = { config: { ...config, secret: 'canary-secret' }, events: wanted.events, active: true };

describe.each([['gitea'], ['forgejo']] as const)('webhooks of %s', (kind) => {
  const hooks = `${REPOSITORY}/hooks`;

  test('webhooks are listed', async () => {
    server.expects(
      {
        ask: `GET ${hooks}?page=1&limit=50`,
        answer: [{ id: 4, type: kind, active: true, events: ['push'], config }],
        headers: total(2),
      },
      {
        ask: `GET ${hooks}?page=2&limit=50`,
        answer: [{ id: 5, type: 'slack', active: false, events: ['pull_request_review_approved'], config: {} }],
        headers: total(2),
      },
    );
    expect(await repository(kind).hooks.list()).toEqual([
      { id: '4', url, active: true, events: ['push'] },
      { id: '5', url: '', active: false, events: ['pull_request_review_approved', 'pull_request_review'] },
    ]);
  });

  test('webhooks are made, changed and tested', async () => {
    const answer = { id: 4, type: kind, active: true, events: wanted.events, config };
    const hook = { id: '4', url, active: true, events: wanted.events };
    server.expects(
      { ask: `POST ${hooks}`, sent: { type: kind, ...sent }, status: 201, answer },
      { ask: `PATCH ${hooks}/4`, sent, answer },
      { ask: `POST ${hooks}/4/tests`, status: 204 },
    );
    const api = repository(kind).hooks;
    expect(api.eventsFor(['push', 'tag'])).toEqual(wanted.events);
    expect(await api.create(wanted)).toEqual(hook);
    expect(await api.update('4', wanted)).toEqual(hook);
    await api.test('4');
  });

  test('webhooks have the names of what automations can listen to', () => {
    const { eventsFor } = repository(kind).hooks;
    expect(eventsFor(['pull_request', 'comment', 'review', 'release', 'deployment', 'status'])).toEqual([
      'pull_request',
      'issue_comment',
      'pull_request_comment',
      'pull_request_review',
      'release',
    ]);
  });

  test('webhooks have no list of deliveries', () => {
    expect(repository(kind).hooks.deliveries).toBeUndefined();
  });
});

test('Gogs offers comments, webhooks, and its branches, tags and releases, and nothing else', () => {
  const api = repository('gogs');
  expect(Object.keys(api).sort()).toEqual(['comment', 'editComment', 'findComment', 'hooks', 'state']);
  expect(Object.keys(api.state).sort()).toEqual(['about', 'branches', 'releases', 'tags']);
  expect(Object.keys(api.hooks).sort()).toEqual(['create', 'eventsFor', 'list', 'update']);
  expect(api.hooks.eventsFor(['comment', 'review', 'tag'])).toEqual(['issue_comment', 'create', 'delete']);
});

test('Gogs has comments of users that have a username only', async () => {
  const comment = { id: 74, body: '<!-- ci -->', user: { id: 1, username: 'hooky' } };
  server.expects(
    { ask: 'GET /api/v1/user', answer: { id: 1, username: 'hooky' } },
    { ask: `GET ${REPOSITORY}/issues/7/comments`, answer: [comment] },
    { ask: `PATCH ${REPOSITORY}/issues/7/comments/74`, sent: { body: 'new' }, answer: { ...comment, body: 'new' } },
  );
  const api = repository('gogs');
  expect(await api.findComment({ number: 7, marker: '<!-- ci -->' })).toEqual({ id: '74', body: '<!-- ci -->' });
  expect(await api.editComment({ number: 7, id: '74', body: 'new' })).toEqual({ id: '74', body: 'new' });
});

test('Gogs gets a new webhook where one is to be changed, because it would keep the old secret', async () => {
  const hooks = `${REPOSITORY}/hooks`;
  const answer = { id: 5, type: 'gogs', active: true, events: wanted.events, config };
  server.expects(
    { ask: `GET ${hooks}`, answer: [answer] },
    { ask: `POST ${hooks}`, sent: { type: 'gogs', ...sent }, status: 201, answer },
    { ask: `DELETE ${hooks}/4`, status: 204 },
  );
  expect(await repository('gogs').hooks.list()).toMatchObject([{ id: '5' }]);
  expect(await repository('gogs').hooks.update('4', wanted)).toMatchObject({ id: '5', url });
});

describe('trouble', () => {
  const ask = `GET ${REPOSITORY}/pulls/7`;

  test.each([
    [401, {}, { kind: 'not configured', message: expect.stringContaining('sources.here.api') }],
    [403, {}, { kind: 'not configured' }],
    [301, { location: 'https://elsewhere.example/' }, { kind: 'not configured' }],
    [404, {}, { kind: 'refused', status: 404 }],
    [422, {}, { kind: 'refused' }],
    [429, { 'retry-after': '7' }, { kind: 'unavailable', retryAfterMs: 7_000 }],
    [500, {}, { kind: 'unavailable', status: 500 }],
  ])('an answer of %i is reported for what it is', async (status, headers, error) => {
    server.expects({ ask, status, headers });
    await expect(repository().pullRequest(7)).rejects.toMatchObject(error);
  });

  test.each([['<html>'], [{ number: 7 }], [[]]])(
    'an answer that is not an answer (%j) is worth another try',
    async (answer) => {
      server.expects({ ask, answer });
      const problem = await repository()
        .pullRequest(7)
        .catch((error: Error) => error);
      expect(problem).toMatchObject({ name: 'ProviderError', kind: 'unavailable' });
      expect(String(problem)).toContain('pull request');
    },
  );

  test('a token that no header can carry is not shown', async () => {
    const problem = await repository('gitea', { token: 'canary\nx: y' })
      .pullRequest(7)
      .catch((error: Error) => error);
    expect(problem).toMatchObject({ kind: 'not configured' });
    expect(String(problem)).not.toContain('canary');
  });

  test.each([['gitea'], ['gogs']] as const)('names that lead elsewhere never reach %s', async (kind) => {
    for (const name of ['../x', 'a/..', 'a/b/c/..', 'a/b/c', 'a/b?c', 'a/b\nc', 'a', 'a/b#c', 'a/%2e%2e', ''])
      expect(() => sourceApi(kind).repository(name)).toThrow(expect.objectContaining({ kind: 'refused' }));
    const api = repository(kind);
    const refused = { kind: 'refused' };
    await expect(api.comment({ number: -1, body: '' })).rejects.toMatchObject(refused);
    await expect(api.editComment({ number: 7, id: '1?x', body: '' })).rejects.toMatchObject(refused);
    await expect(api.hooks.update('4/../5', wanted)).rejects.toMatchObject(refused);
    if (kind === 'gogs') return;
    await expect(api.resolveCommit('../../x')).rejects.toMatchObject(refused);
    await expect(api.resolveCommit('a\nb')).rejects.toMatchObject(refused);
    await expect(api.permissionOf({ login: '../x' })).rejects.toMatchObject(refused);
    await expect(api.readStatus({ sha: 'main', context: 'x' })).rejects.toMatchObject(refused);
    await expect(api.changedFiles({ kind: 'push', before: '..', after: SHA })).rejects.toMatchObject(refused);
    await expect(api.changedFiles({ kind: 'pull_request', number: 1.5 })).rejects.toMatchObject(refused);
    await expect(api.react({ number: 7, commentId: '../5', reaction: 'eyes' })).rejects.toMatchObject(refused);
    await expect(api.hooks.test('..')).rejects.toMatchObject(refused);
  });
});
