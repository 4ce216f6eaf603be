import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RepositoryApi, SourceApi } from '../../../src/providers/api.js';
import { createGitlabApi } from '../../../src/providers/gitlab/api/index.js';
import { configOf } from '../../support/harness/config.js';
import { type ScriptedApi, scriptedApi } from '../../support/scripted-api.js';

const TOKEN = 'glpat-canary';
const SIGNING = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const SHA = '16862e368d8ab812e48833b741dad720e48d7e3a';
const OLD = '5f22f7d0d95d614d25a5b68592adb345a4b5c7fd';
const PROJECT = '/api/v4/projects/acme%2Fteam%2Fshop';
const NAME = 'acme/team/shop';

let server: ScriptedApi;
beforeEach(async () => {
  server = await scriptedApi(['private-token', TOKEN]);
});
afterEach(() => server.close());

interface Setting {
  readonly secrets?: readonly string[];
  readonly account?: string;
  readonly acceptSecretToken?: boolean;
  readonly token?: string;
}

function sourceApi({
  secrets = ['plain'],
  account,
  acceptSecretToken = false,
  token = TOKEN,
}: Setting = {}): SourceApi {
  const values = Object.fromEntries(secrets.map((secret, index) => [`HOOK_${index}`, secret]));
  const config = configOf(
    {
      sources: {
        here: {
          kind: 'gitlab',
          url: `${server.url}/`,
          secrets: secrets.map((_, index) => ({ env: `HOOK_${index}` })),
          api: { token: { env: 'TOKEN', optional: true }, ...(account && { account }) },
          acceptSecretToken,
        },
      },
    },
    { ...values, TOKEN: token },
  );
  const source = config.sources.here;
  if (source?.kind !== 'gitlab') throw new Error('no source');
  return createGitlabApi({ name: 'here', source, log: pino({ enabled: false }) });
}

type Whole = Required<RepositoryApi> & { readonly hooks: Required<NonNullable<RepositoryApi['hooks']>> };
const project = (setting?: Setting): Whole => sourceApi(setting).repository(NAME) as Whole;

const me = { ask: 'GET /api/v4/user', answer: { id: 28, username: 'Hooky' } };

describe('a status', () => {
  const status = { sha: SHA, context: 'hookyard/ci', state: 'error', description: 'd'.repeat(200) } as const;
  const path = `${PROJECT}/statuses/${SHA}`;
  const list = `GET ${PROJECT}/repository/commits/${SHA}/statuses?name=hookyard%2Fci&page=1&per_page=100`;
  const written = (id: number, state: string, more = {}) => ({ id, name: 'hookyard/ci', status: state, ...more });

  test('a status is written in GitLab words, cut to length', async () => {
    const description = `${'d'.repeat(139)}…`;
    server.expects(
      {
        ask: `POST ${path}`,
        sent: { state: 'failed', name: 'hookyard/ci', description, target_url: 'https://ui.example/run' },
        status: 201,
        answer: {},
      },
      { ask: `POST ${path}`, sent: { state: 'success', name: 'hookyard/ci', description: 'none' }, status: 201 },
      { ask: `POST ${path}`, sent: { state: 'success', name: `${'c'.repeat(254)}…`, description: '' }, status: 201 },
    );
    await project().writeStatus({ ...status, targetUrl: 'https://ui.example/run' });
    await project().writeStatus({
      ...status,
      state: 'skipped',
      description: 'none',
      targetUrl: `https://x/${'y'.repeat(255)}`,
    });
    await project().writeStatus({ ...status, state: 'success', description: '', context: 'c'.repeat(300) });
  });

  test('a status that GitLab refuses because it is there already counts as written', async () => {
    const pending = { ...status, state: 'pending', description: '' } as const;
    const refused = {
      ask: `POST ${path}`,
      sent: { state: 'pending', name: 'hookyard/ci', description: '' },
      status: 400,
      answer: { message: 'Cannot transition status via :enqueue from :pending' },
    };
    server.expects(refused, { ask: list, answer: [written(1, 'success'), written(2, 'running')] });
    await project().writeStatus(pending);
    server.expects(refused, { ask: list, answer: [written(2, 'running'), written(3, 'success')] });
    await expect(project().writeStatus(pending)).rejects.toMatchObject({ kind: 'refused', status: 400 });
  });

  test('a status that another writer holds up is tried again', async () => {
    server.expects({
      ask: `POST ${path}`,
      sent: { state: 'success', name: 'hookyard/ci', description: '' },
      status: 409,
    });
    await expect(project().writeStatus({ ...status, state: 'success', description: '' })).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });

  test('a status is read back: the newest of its name, over all pages', async () => {
    server.expects(
      {
        ask: list,
        answer: [written(7, 'success'), { ...written(90, 'failed'), name: 'hookyard/ci2' }],
        headers: { 'x-next-page': '2' },
      },
      {
        ask: list.replace('page=1&', 'page=2&'),
        answer: [written(12, 'failed', { target_url: 'https://ui.example/run' }), written(8, 'success')],
        headers: { 'x-next-page': '' },
      },
      { ask: list, answer: [written(7, 'waiting_for_resource', { target_url: null })] },
      { ask: list, answer: [] },
    );
    expect(await project().readStatus(status)).toEqual({ state: 'failure', targetUrl: 'https://ui.example/run' });
    expect(await project().readStatus(status)).toEqual({ state: 'pending' });
    expect(await project().readStatus(status)).toBeUndefined();
  });
});

describe('a comment', () => {
  const notes = `${PROJECT}/merge_requests/7/notes`;
  const note = (id: number, body: string, username = 'hooky') => ({
    id,
    body,
    author: { id: 1, username },
    system: false,
  });

  test('a comment is written and changed, and its lines are no quick actions', async () => {
    const body = 'Failed:\r\n/merge\n /approve now\n/usr/bin/x\n\r/close';
    const sent = { body: 'Failed:\n\\/merge\n \\/approve now\n/usr/bin/x\n\\/close' };
    server.expects(
      { ask: `POST ${notes}`, sent, status: 201, answer: note(301, sent.body) },
      { ask: `PUT ${notes}/301`, sent: { body: 'Passed' }, answer: note(301, 'Passed') },
    );
    const url = `${server.url}/${NAME}/-/merge_requests/7#note_301`;
    expect(await project().comment({ number: 7, body })).toEqual({ id: '301', body: sent.body, url });
    expect(await project().editComment({ number: 7, id: '301', body: 'Passed' })).toEqual({
      id: '301',
      body: 'Passed',
      url,
    });
  });

  test('a comment is found by its marker if it is our own, newest first, page by page', async () => {
    const page = (number: number) => `GET ${notes}?order_by=created_at&sort=desc&page=${number}&per_page=100`;
    server.expects(
      me,
      {
        ask: page(1),
        answer: [note(9, 'x <!-- ci -->', 'stranger'), { ...note(8, '<!-- ci -->'), system: true }],
        headers: { 'x-next-page': '2' },
      },
      { ask: page(2), answer: [note(6, 'x <!-- ci -->'), note(5, '<!-- ci -->')], headers: { 'x-next-page': '3' } },
      { ask: page(1), answer: [note(9, 'no marker')] },
    );
    const api = project();
    expect(await api.findComment({ number: 7, marker: '<!-- ci -->' })).toMatchObject({ id: '6' });
    // Whom the token belongs to is not asked twice.
    expect(await api.findComment({ number: 7, marker: '<!-- ci -->' })).toBeUndefined();
  });

  test('a comment of the account that the configuration names is found without asking who we are', async () => {
    server.expects({
      ask: `GET ${notes}?order_by=created_at&sort=desc&page=1&per_page=100`,
      answer: [note(9, '<!-- ci -->', 'robot')],
    });
    expect(await project({ account: 'robot' }).findComment({ number: 7, marker: '<!-- ci -->' })).toMatchObject({
      id: '9',
    });
  });

  test('a comment gets a reaction, and the same one again is no failure', async () => {
    const emoji = `${notes}/301/award_emoji`;
    const taken = {
      ask: `POST ${emoji}?name=thumbsup`,
      status: 404,
      answer: { message: '404 Award Emoji Name has already been taken Not Found' },
    };
    const given = {
      ask: `GET ${emoji}?page=1&per_page=100`,
      answer: [{ name: 'thumbsup', user: { username: 'hooky' } }],
    };
    server.expects({ ask: `POST ${emoji}?name=eyes`, status: 201, answer: {} }, taken, me, given);
    const api = project();
    await api.react({ number: 7, commentId: '301', reaction: 'eyes' });
    await api.react({ number: 7, commentId: '301', reaction: '+1' });
    server.expects(taken, { ...given, answer: [{ name: 'thumbsup', user: { username: 'another' } }] });
    await expect(api.react({ number: 7, commentId: '301', reaction: '+1' })).rejects.toMatchObject({ status: 404 });
  });
});

const mergeRequest = {
  iid: 7,
  title: 'Add two numbers',
  web_url: 'https://gitlab.example/acme/team/shop/-/merge_requests/7',
  state: 'opened',
  author: { username: 'ada' },
  draft: false,
  work_in_progress: false,
  labels: ['bug'],
  source_branch: 'feature',
  target_branch: 'main',
  source_project_id: 3,
  target_project_id: 3,
  sha: SHA,
  diff_refs: { base_sha: 'a'.repeat(40), start_sha: OLD, head_sha: SHA },
  updated_at: '2026-03-01T10:00:00.000+02:00',
  changes_count: '3',
};
const readMergeRequest = { ask: `GET ${PROJECT}/merge_requests/7`, answer: mergeRequest };

test('a merge request is read as its webhook is', async () => {
  server.expects(readMergeRequest);
  expect(await project().pullRequest(7)).toEqual({
    number: 7,
    title: 'Add two numbers',
    url: mergeRequest.web_url,
    author: 'ada',
    state: 'open',
    draft: false,
    fork: false,
    merged: false,
    labels: ['bug'],
    base: { ref: 'main', sha: OLD },
    head: { ref: 'feature', sha: SHA, repository: NAME },
    updatedAt: '2026-03-01T08:00:00.000Z',
  });
});

test('a merge request from a fork names it, unless it is gone', async () => {
  const merged = { ...mergeRequest, state: 'merged', draft: true, source_project_id: 11 };
  server.expects(
    { ...readMergeRequest, answer: merged },
    { ask: 'GET /api/v4/projects/11', answer: { path_with_namespace: 'ada/shop' } },
    { ...readMergeRequest, answer: merged },
    { ask: 'GET /api/v4/projects/11', status: 404 },
    { ...readMergeRequest, answer: { ...merged, source_project_id: null } },
  );
  expect(await project().pullRequest(7)).toMatchObject({
    fork: true,
    merged: true,
    draft: true,
    state: 'closed',
    head: { repository: 'ada/shop' },
  });
  for (let times = 0; times < 2; times++) {
    const { fork, head } = await project().pullRequest(7);
    expect({ fork, head }).toEqual({ fork: true, head: { ref: 'feature', sha: SHA } });
  }
});

test.each([
  ['source', { source_project_id: null }],
  ['target', { target_project_id: undefined }],
  ['source and target', { source_project_id: undefined, target_project_id: undefined }],
])('a merge request whose %s GitLab does not name is a fork', async (_, unknown) => {
  const source = { ask: 'GET /api/v4/projects/3', answer: { path_with_namespace: NAME } };
  const isAsked = !('source_project_id' in unknown);
  server.expects({ ...readMergeRequest, answer: { ...mergeRequest, ...unknown } }, ...(isAsked ? [source] : []));
  expect(await project().pullRequest(7)).toMatchObject({ fork: true });
});

test('a merge request whose head GitLab has not worked out yet is asked for again', async () => {
  server.expects({ ...readMergeRequest, answer: { ...mergeRequest, sha: null, diff_refs: null } });
  await expect(project().pullRequest(7)).rejects.toMatchObject({ kind: 'unavailable' });
});

describe('changed files', () => {
  const diffs = (page: number) => `GET ${PROJECT}/merge_requests/7/diffs?page=${page}&per_page=30`;
  const file = (path: string, old = path) => ({ old_path: old, new_path: path, diff: '' });
  const of = { kind: 'pull_request', number: 7 } as const;

  test('changed files of a merge request are read over all pages, renames under both names', async () => {
    server.expects(
      readMergeRequest,
      { ask: diffs(1), answer: [file('src/b.ts', 'src/a.ts'), file('README.md')], headers: { 'x-next-page': '2' } },
      { ask: diffs(2), answer: [file('src/c.ts')], headers: { 'x-next-page': '' } },
    );
    expect(await project().changedFiles(of)).toEqual(['README.md', 'src/a.ts', 'src/b.ts', 'src/c.ts']);
  });

  test.each([['1000+'], ['1001'], [null]])(
    'changed files of a merge request with %s changes are not known',
    async (changes_count) => {
      server.expects({ ...readMergeRequest, answer: { ...mergeRequest, changes_count } });
      expect(await project().changedFiles(of)).toBeUndefined();
    },
  );

  test('changed files of a merge request whose list is short are not known', async () => {
    server.expects(readMergeRequest, { ask: diffs(1), answer: [file('README.md')] });
    expect(await project().changedFiles(of)).toBeUndefined();
  });

  test('changed files of a push are the difference of the two trees, if GitLab lists them all', async () => {
    const ask = `GET ${PROJECT}/repository/compare?from=${OLD}&to=${SHA}&straight=true`;
    const push = { kind: 'push', before: OLD, after: SHA } as const;
    server.expects(
      { ask, answer: { diffs: [file('b', 'a'), file('c')], compare_timeout: false } },
      { ask, answer: { diffs: [file('b')], compare_timeout: true } },
      { ask, status: 404 },
    );
    expect(await project().changedFiles(push)).toEqual(['a', 'b', 'c']);
    expect(await project().changedFiles(push)).toBeUndefined();
    expect(await project().changedFiles(push)).toBeUndefined();
    // A new branch has no commit before.
    expect(await project().changedFiles({ ...push, before: '0'.repeat(40) })).toBeUndefined();
  });
});

describe('people and commits', () => {
  const user = { ask: 'GET /api/v4/users?username=ada&page=1&per_page=100', answer: [{ id: 5, username: 'Ada' }] };
  const member = (answer: object) => ({ ask: `GET ${PROJECT}/members/all/5`, answer });

  test.each([
    [50, 'admin'],
    [40, 'admin'],
    [30, 'write'],
    [20, 'read'],
    [15, 'read'],
    [10, 'read'],
    [5, 'none'],
  ])('access level %i is %s', async (access_level, permission) => {
    server.expects(user, member({ access_level, state: 'active' }));
    expect(await project().permissionOf({ login: 'ada' })).toBe(permission);
  });

  test.each([
    [{ access_level: 10, state: 'active' }, true],
    [{ access_level: 5, state: 'active' }, false],
    [{ access_level: 50, state: 'blocked' }, false],
  ])('a member %o of a group is in it: %s', async (answer, isIn) => {
    server.expects({ ask: 'GET /api/v4/groups/acme%2Fops/members/all/5', answer });
    expect(await project().isMember({ login: 'ada', id: '5' }, 'acme/ops')).toBe(isIn);
  });

  test('who is no member of a group is not in it', async () => {
    server.expects(user, { ask: 'GET /api/v4/groups/acme%2Fops/members/all/5', status: 404 });
    expect(await project().isMember({ login: 'ada' }, 'acme/ops')).toBe(false);
  });

  test('somebody unknown, no member or blocked may do nothing', async () => {
    server.expects(
      { ...user, answer: [] },
      { ...member({}), status: 404 },
      member({ access_level: 50, state: 'blocked' }),
    );
    expect(await project().permissionOf({ login: 'ada' })).toBe('none');
    expect(await project().permissionOf({ login: 'ada', id: '5' })).toBe('none');
    expect(await project().permissionOf({ login: 'ada', id: '5' })).toBe('none');
  });

  test('the account and a commit are told', async () => {
    server.expects(me, { ask: `GET ${PROJECT}/repository/commits/feature%2Fx`, answer: { id: SHA } });
    expect(await sourceApi().account?.()).toEqual({ login: 'Hooky' });
    expect(await project().resolveCommit('feature/x')).toBe(SHA);
  });
});

describe('webhooks', () => {
  const hooks = `${PROJECT}/hooks`;
  const url = 'https://hooks.example/webhooks/here';
  const off = {
    push_events: false,
    tag_push_events: false,
    merge_requests_events: false,
    note_events: false,
    confidential_note_events: false,
    releases_events: false,
    deployment_events: false,
    pipeline_events: false,
    job_events: false,
    issues_events: false,
    confidential_issues_events: false,
    wiki_page_events: false,
    feature_flag_events: false,
  };
  const hook = { id: 4, url, push_events: true, alert_status: 'executable', disabled_until: null };

  test('webhooks are listed, with what GitLab says is wrong', async () => {
    server.expects(
      { ask: `GET ${hooks}?page=1&per_page=100`, answer: [hook], headers: { 'x-next-page': '2' } },
      {
        ask: `GET ${hooks}?page=2&per_page=100`,
        answer: [
          { ...hook, id: 5, alert_status: 'temporarily_disabled', disabled_until: '2026-03-01T10:00:00Z' },
          { ...hook, id: 6, alert_status: 'disabled' },
          { ...hook, id: 7, token_present: false, signing_token_present: true },
        ],
      },
    );
    const list = await project().hooks.list();
    expect(list[0]).toEqual({ id: '4', url, active: true, events: ['push_events'] });
    expect(list.slice(1)).toMatchObject([
      { active: true, warning: expect.stringContaining('2026-03-01T10:00:00Z') },
      { active: false, warning: expect.stringContaining('disabled') },
      { active: true, warning: expect.stringContaining('no secret token') },
    ]);
  });

  test.each([
    ['a plain token only', { secrets: ['plain'] }, { token_present: true, signing_token_present: false }, false],
    ['a signing token only', { secrets: [SIGNING] }, { token_present: false, signing_token_present: true }, false],
    ['a signing token, of an old GitLab', { secrets: [SIGNING] }, {}, true],
    [
      'a signing token, and a plain one is set',
      { secrets: [SIGNING, 'plain'] },
      { token_present: true, signing_token_present: false },
      true,
    ],
    [
      'both, while they are moved',
      { secrets: [SIGNING, 'plain'], acceptSecretToken: true },
      { token_present: true, signing_token_present: false },
      false,
    ],
  ])('webhooks have a warning if the source takes %s and would refuse them', async (_, setting, present, isWarned) => {
    server.expects({ ask: `GET ${hooks}?page=1&per_page=100`, answer: [{ ...hook, ...present }] });
    const [listed] = await project(setting).hooks.list();
    expect(listed?.warning !== undefined).toBe(isWarned);
  });

  test('webhooks are made and changed with a secret token, checked certificates, and no more than was asked for', async () => {
    const events = project().hooks.eventsFor(['push', 'review', 'pull_request', 'status']);
    expect(events).toEqual(['push_events', 'merge_requests_events', 'pipeline_events']);
    const sent = {
      url,
      enable_ssl_verification: true,
      ...off,
      push_events: true,
      merge_requests_events: true,
      pipeline_events: true,
      token: 'plain',
    };
    const answer = { ...hook, merge_requests_events: true, pipeline_events: true };
    server.expects({ ask: `POST ${hooks}`, sent, status: 201, answer }, { ask: `PUT ${hooks}/4`, sent, answer });
    const expected = { id: '4', url, active: true, events };
    expect(await project().hooks.create({ url, secret: 'plain', events })).toEqual(expected);
    expect(await project().hooks.update('4', { url, secret: 'plain', events })).toEqual(expected);
  });

  test('webhooks get a signing token where the secret is one, and say so if GitLab has dropped it', async () => {
    const sent = { url, enable_ssl_verification: true, ...off, push_events: true, signing_token: SIGNING };
    server.expects(
      {
        ask: `POST ${hooks}`,
        sent,
        status: 201,
        answer: { ...hook, signing_token_present: true, token_present: false },
      },
      { ask: `POST ${hooks}`, sent, status: 201, answer: hook },
    );
    const wanted = { url, secret: SIGNING, events: ['push_events'] };
    expect(await project().hooks.create(wanted)).not.toHaveProperty('warning');
    expect(await project().hooks.create(wanted)).toMatchObject({ warning: expect.stringContaining('GitLab 19.0') });
    await expect(project().hooks.create({ ...wanted, secret: 'whsec_c2hvcnQ=' })).rejects.toMatchObject({
      kind: 'not configured',
    });
  });

  test('webhooks are tested', async () => {
    const ask = `POST ${hooks}/4/test/push_events`;
    server.expects({ ask, status: 201, answer: { message: '201 Created' } }, { ask, status: 422 });
    await project().hooks.test('4');
    await expect(project().hooks.test('4')).rejects.toMatchObject({ kind: 'refused', status: 422 });
  });

  test('webhooks tell of their last deliveries', async () => {
    const request_headers = { 'X-Gitlab-Event': 'Push Hook', 'Idempotency-Key': '3a427872-00df' };
    server.expects({
      ask: `GET ${hooks}/4/events?page=1&per_page=10`,
      answer: [
        { trigger: 'push_hooks', request_headers, response_status: '202', created_at: '2026-03-01T10:00:00.000+01:00' },
        {
          trigger: 'push_hooks',
          request_headers: { ...request_headers, 'webhook-id': 'signed-id' },
          response_headers: { Date: 'Sun, 01 Mar 2026 08:00:00 GMT' },
          response_status: '500',
        },
        {
          trigger: 'note_hooks',
          request_headers: {},
          response_status: 'internal error',
          created_at: '2026-03-01T07:00:00Z',
        },
      ],
    });
    expect(await project().hooks.deliveries('4')).toEqual([
      { key: '3a427872-00df', at: '2026-03-01T09:00:00.000Z', event: 'Push Hook', status: 202, ok: true },
      { key: 'signed-id', at: '2026-03-01T08:00:00.000Z', event: 'Push Hook', status: 500, ok: false },
      { at: '2026-03-01T07:00:00.000Z', event: 'note_hooks', ok: false },
    ]);
  });

  test('webhooks tell of thirty deliveries at most', async () => {
    const ten = Array.from({ length: 10 }, () => ({ trigger: 'push_hooks', response_status: '200' }));
    server.expects(
      ...[1, 2, 3].map((page) => ({
        ask: `GET ${hooks}/4/events?page=${page}&per_page=10`,
        answer: ten,
        headers: { 'x-next-page': String(page + 1) },
      })),
    );
    expect(await project().hooks.deliveries('4')).toHaveLength(30);
  });
});

describe('trouble', () => {
  const ask = `GET ${PROJECT}/merge_requests/7`;

  test.each([
    [401, {}, { kind: 'not configured', message: expect.stringContaining('sources.here.api') }],
    [403, {}, { kind: 'not configured' }],
    [302, { location: 'https://elsewhere.example/' }, { kind: 'not configured' }],
    [404, {}, { kind: 'refused', status: 404 }],
    [422, {}, { kind: 'refused' }],
    [429, { 'retry-after': '7' }, { kind: 'unavailable', retryAfterMs: 7_000 }],
    [500, {}, { kind: 'unavailable', status: 500 }],
  ])('an answer of %i is reported for what it is', async (status, headers, error) => {
    server.expects({ ask, status, headers });
    await expect(project().pullRequest(7)).rejects.toMatchObject(error);
  });

  test.each([['<html>'], [{ iid: 7 }], [[]]])(
    'an answer that is not an answer (%j) is worth another try',
    async (answer) => {
      server.expects({ ask, answer });
      const problem = await project()
        .pullRequest(7)
        .catch((error: Error) => error);
      expect(problem).toMatchObject({ name: 'ProviderError', kind: 'unavailable' });
      expect(String(problem)).toContain('merge request');
    },
  );

  test('a token that no header can carry is not shown', async () => {
    const problem = await project({ token: 'canary\nx: y' })
      .pullRequest(7)
      .catch((error: Error) => error);
    expect(problem).toMatchObject({ kind: 'not configured' });
    expect(String(problem)).not.toContain('canary');
  });

  test('names that lead elsewhere never reach the server', async () => {
    for (const name of ['../x', 'a/b/c/..', 'a/b?c', 'a/b\nc', 'a', 'a/b#c', 'a/%2e%2e', ''])
      expect(() => sourceApi().repository(name)).toThrow(expect.objectContaining({ kind: 'refused' }));
    const api = project();
    const refused = { kind: 'refused' };
    await expect(api.resolveCommit('../../x')).rejects.toMatchObject(refused);
    await expect(api.resolveCommit('a\nb')).rejects.toMatchObject(refused);
    await expect(api.permissionOf({ login: '../x' })).rejects.toMatchObject(refused);
    await expect(api.permissionOf({ login: 'ada', id: '5/..' })).rejects.toMatchObject(refused);
    await expect(api.editComment({ number: 7, id: '1?x', body: '' })).rejects.toMatchObject(refused);
    await expect(api.comment({ number: 1.5, body: '' })).rejects.toMatchObject(refused);
    await expect(api.readStatus({ sha: 'main', context: 'x' })).rejects.toMatchObject(refused);
    await expect(api.changedFiles({ kind: 'push', before: '..', after: SHA })).rejects.toMatchObject(refused);
    await expect(api.hooks.update('4/../5', { url: 'https://x', secret: 'x', events: [] })).rejects.toMatchObject(
      refused,
    );
    await expect(api.hooks.deliveries('..')).rejects.toMatchObject(refused);
  });
});

test('what is written to a project by its old path is sent again by its id', async () => {
  const path = `${PROJECT}/statuses/${SHA}`;
  const sent = { state: 'success', name: 'hookyard/ci', description: 'ok' };
  server.expects(
    { ask: `POST ${path}`, sent, status: 405 },
    { ask: `GET ${PROJECT}`, status: 302, headers: { location: `${server.url}/api/v4/projects/81` } },
    { ask: 'GET /api/v4/projects/81', answer: { id: 81 } },
    { ask: `POST /api/v4/projects/81/statuses/${SHA}`, sent, status: 201, answer: {} },
  );
  await project().writeStatus({ sha: SHA, context: 'hookyard/ci', state: 'success', description: 'ok' });
});
