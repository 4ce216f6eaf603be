import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RepositoryApi, SourceApi } from '../../../src/providers/api.js';
import { createBitbucketDataCenterApi } from '../../../src/providers/bitbucket-data-center/api/index.js';
import { keyOf } from '../../../src/providers/bitbucket-data-center/api/statuses.js';
import { configOf } from '../../support/harness/config.js';
import { type ScriptedApi, scriptedApi } from '../../support/scripted-api.js';

const TOKEN = 'canary-http-token';
const SHA = '16862e368d8ab812e48833b741dad720e48d7e3a';
const OLD = '5f22f7d0d95d614d25a5b68592adb345a4b5c7fd';
const REPOSITORY = '/projects/ACME/repos/shop';
const PATH = `/rest/api/latest${REPOSITORY}`;

let server: ScriptedApi;
beforeEach(async () => {
  server = await scriptedApi(['authorization', `Bearer ${TOKEN}`]);
});
afterEach(() => server.close());

interface Setting {
  readonly account?: string;
  readonly token?: string;
  /** Default: below the source's url. */
  readonly url?: string;
}

function sourceApi({ account, token = TOKEN, url }: Setting = {}): SourceApi {
  const api = { token: { env: 'TOKEN' }, ...(account && { account }), ...(url && { url }) };
  const here = { kind: 'bitbucket-data-center' as const, url: `${server.url}/`, secrets: [{ env: 'HOOK' }], api };
  const config = configOf({ sources: { here } }, { HOOK: 'x', TOKEN: token });
  const source = config.sources.here;
  if (source?.kind !== 'bitbucket-data-center') throw new Error('no source');
  return createBitbucketDataCenterApi({ name: 'here', source, log: pino({ enabled: false }) });
}

type Whole = Required<RepositoryApi> & { readonly hooks: Required<NonNullable<RepositoryApi['hooks']>> };
const repository = (setting?: Setting, name = 'ACME/shop'): Whole => sourceApi(setting).repository(name) as Whole;

const notFound = (exceptionName: string) => ({
  status: 404,
  answer: {
    errors: [{ context: null, message: 'not found', exceptionName: `com.atlassian.bitbucket.${exceptionName}` }],
  },
});
/** What a server answers that does not know the address. */
const noSuchAddress = { status: 404, answer: { message: 'HTTP 404 Not Found', 'status-code': 404 } };

describe('a status', () => {
  const status = { sha: SHA, context: 'hookyard/ci', state: 'success', description: 'passed' } as const;
  const builds = `${PATH}/commits/${SHA}/builds`;
  const older = `/rest/build-status/1.0/commits/${SHA}`;
  const sent = {
    key: 'hookyard/ci',
    name: 'hookyard/ci',
    state: 'SUCCESSFUL',
    description: 'passed',
    url: 'https://ui.example/run',
  };
  const targetUrl = sent.url;
  const page = () => `${server.url}${REPOSITORY}/commits/${SHA}`;

  test('a status is written in Bitbucket words', async () => {
    const states = {
      pending: 'INPROGRESS',
      success: 'SUCCESSFUL',
      failure: 'FAILED',
      error: 'FAILED',
      skipped: 'SUCCESSFUL',
    };
    for (const [state, word] of Object.entries(states)) {
      server.expects({ ask: `POST ${builds}`, sent: { ...sent, state: word }, status: 204 });
      await repository().writeStatus({ ...status, state: state as keyof typeof states, targetUrl });
    }
  });

  test('a status leads to the commit without an address, or with one that is too long', async () => {
    const written = { ask: `POST ${builds}`, sent: { ...sent, url: page() }, status: 204 };
    server.expects(written, written, {
      ask: `GET ${builds}?key=hookyard%2Fci`,
      answer: { key: 'hookyard/ci', state: 'SUCCESSFUL', url: page() },
    });
    await repository().writeStatus(status);
    await repository().writeStatus({ ...status, targetUrl: `https://ui.example/${'x'.repeat(450)}` });
    expect(await repository().readStatus(status)).toEqual({ state: 'success' });
  });

  test('a status of a long context has a key of its own', () => {
    const keys = ['1', '2'].map((end) => keyOf(`hookyard/${'a'.repeat(300)}${end}`));
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key.length).toBeLessThanOrEqual(255);
  });

  test('a status is written as an older server takes it', async () => {
    server.expects(
      { ask: `POST ${builds}`, sent, ...noSuchAddress },
      { ask: `POST ${older}`, sent, status: 204 },
      { ask: `POST ${builds}`, sent, status: 404, answer: '<html>' },
      { ask: `POST ${older}`, sent, status: 204 },
    );
    await repository().writeStatus({ ...status, targetUrl });
    await repository().writeStatus({ ...status, targetUrl });
  });

  test('a status of a commit that is not there is refused', async () => {
    server.expects({ ask: `POST ${builds}`, sent, ...notFound('commit.NoSuchCommitException') });
    const call = repository().writeStatus({ ...status, targetUrl });
    await expect(call).rejects.toMatchObject({ kind: 'refused', status: 404 });
  });

  test.each([
    ['INPROGRESS', 'pending'],
    ['SUCCESSFUL', 'success'],
    ['FAILED', 'failure'],
    ['CANCELLED', 'error'],
    ['UNKNOWN', 'error'],
    ['constructor', 'pending'],
  ])('a status that is %s reads as %s', async (word, state) => {
    server.expects({
      ask: `GET ${builds}?key=hookyard%2Fci`,
      answer: { key: 'hookyard/ci', state: word, url: targetUrl },
    });
    expect(await repository().readStatus(status)).toEqual({ state, targetUrl });
  });

  test('a status that nobody wrote is none', async () => {
    const gone = notFound('build.status.NoSuchBuildStatusException');
    server.expects({ ask: `GET ${builds}?key=hookyard%2Fci`, ...gone });
    expect(await repository().readStatus(status)).toBeUndefined();
  });

  test('a status is read as an older server has it, over all pages', async () => {
    const other = { key: 'other', state: 'FAILED' };
    const ours = { key: 'hookyard/ci', state: 'SUCCESSFUL', url: targetUrl };
    server.expects(
      { ask: `GET ${builds}?key=hookyard%2Fci`, ...noSuchAddress },
      { ask: `GET ${older}?limit=100&start=0`, answer: { values: [other], isLastPage: false, nextPageStart: 1 } },
      { ask: `GET ${older}?limit=100&start=1`, answer: { values: [ours], isLastPage: true } },
    );
    expect(await repository().readStatus(status)).toEqual({ state: 'success', targetUrl });
  });
});

describe('comments', () => {
  const comments = `${PATH}/pull-requests/7/comments`;
  const activities = `GET ${PATH}/pull-requests/7/activities?limit=100`;
  const marker = '<!-- hookyard:size -->';
  const body = `All well.\n\n${marker}`;
  const text = 'All well.\n\n[//]: # (hookyard:size)';
  const comment = (id: number, author = 'hooky') => ({ id, version: 3, text, author: { name: author } });
  const commented = (id: number, author?: string) => ({ id, action: 'COMMENTED', comment: comment(id, author) });
  const told = () => ({ id: '31', body, url: `${server.url}${REPOSITORY}/pull-requests/7/overview?commentId=31` });
  const headers = { 'x-ausername': 'hooky' };

  test('comments are written with their markers out of sight', async () => {
    server.expects({ ask: `POST ${comments}`, sent: { text }, status: 201, answer: comment(31) });
    expect(await repository().comment({ number: 7, body })).toEqual(told());
  });

  test('comments are found by marker, newest first, and only those of our own account', async () => {
    const strange = [{ id: 1, action: 'RESCOPED' }, { id: 2, action: 'COMMENTED', comment: 'x' }, commented(40, 'eve')];
    server.expects(
      { ask: `${activities}&start=0`, headers, answer: { values: strange, isLastPage: false, nextPageStart: 30 } },
      {
        ask: `${activities}&start=30`,
        headers,
        answer: { values: [commented(31), commented(30)], isLastPage: false, nextPageStart: 60 },
      },
    );
    expect(await repository().findComment({ number: 7, marker })).toEqual(told());
  });

  test('comments are nobody else’s when Bitbucket does not say whose the credentials are', async () => {
    const answer = { values: [commented(31)], isLastPage: true };
    server.expects({ ask: `${activities}&start=0`, answer }, { ask: `${activities}&start=0`, answer });
    expect(await repository().findComment({ number: 7, marker })).toBeUndefined();
    expect(await repository({ account: 'hooky' }).findComment({ number: 7, marker })).toEqual(told());
  });

  test('comments of an account with an escaped name are found', async () => {
    const name = 'access-token-user/1/ü';
    server.expects({
      ask: `${activities}&start=0`,
      headers: { 'x-ausername': encodeURIComponent(name) },
      answer: { values: [commented(31, name)], isLastPage: true },
    });
    expect(await repository().findComment({ number: 7, marker })).toEqual(told());
  });

  test('comments are edited at the version that they have', async () => {
    server.expects(
      { ask: `GET ${comments}/31`, answer: comment(31) },
      { ask: `PUT ${comments}/31`, sent: { text, version: 3 }, answer: { ...comment(31), version: 4 } },
    );
    expect(await repository().editComment({ number: 7, id: '31', body })).toEqual(told());
  });

  test('comments that were edited at the same moment are worth another try', async () => {
    server.expects(
      { ask: `GET ${comments}/31`, answer: comment(31) },
      { ask: `PUT ${comments}/31`, sent: { text, version: 3 }, status: 409 },
    );
    const call = repository().editComment({ number: 7, id: '31', body });
    await expect(call).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('comments are reacted to', async () => {
    const reactions = `/rest/comment-likes/latest${REPOSITORY}/pull-requests/7/comments/31/reactions`;
    server.expects({ ask: `PUT ${reactions}/eyes` }, { ask: `PUT ${reactions}/thumbsup` });
    await repository().react({ number: 7, commentId: '31', reaction: 'eyes' });
    await repository().react({ number: 7, commentId: '31', reaction: '+1' });
  });
});

describe('changed files', () => {
  const push = { kind: 'push', before: OLD, after: SHA } as const;
  const ofPush = `GET ${PATH}/commits/${SHA}/changes?since=${OLD}&limit=1000`;
  const ofPull = `GET ${PATH}/pull-requests/7/changes?withComments=false&limit=1000`;
  const path = (name: string) => ({ components: name.split('/') });
  const values = [{ path: path('src/b.ts'), srcPath: path('src/a.ts') }, { path: path('c') }];

  test('changed files of a push are read, renames under both names', async () => {
    server.expects({ ask: ofPush, answer: { values, isLastPage: true } });
    expect(await repository().changedFiles(push)).toEqual(['c', 'src/a.ts', 'src/b.ts']);
  });

  test('changed files of a pull request are read', async () => {
    server.expects({ ask: ofPull, answer: { values, isLastPage: true } });
    expect(await repository().changedFiles({ kind: 'pull_request', number: 7 })).toEqual(['c', 'src/a.ts', 'src/b.ts']);
  });

  test.each([
    ['Bitbucket cuts the list', { answer: { values, isLastPage: false, nextPageStart: 2 } }],
    ['it does not say that it is whole', { answer: { values } }],
    [
      'the list is as long as it gets',
      { answer: { values: Array.from({ length: 1_000 }, () => values[1]), isLastPage: true } },
    ],
    ['the commit before is gone', notFound('commit.NoSuchCommitException')],
  ])('changed files are not known when %s', async (_, answer) => {
    server.expects({ ask: ofPush, ...answer });
    expect(await repository().changedFiles(push)).toBeUndefined();
  });
});

describe('a pull request', () => {
  const ask = `GET ${PATH}/pull-requests/7`;
  const side = (name: string, sha: string, id: number, key: string) => ({
    id: `refs/heads/${name}`,
    displayId: name,
    latestCommit: sha,
    repository: { id, slug: 'shop', project: { key } },
  });
  const pull = {
    id: 7,
    title: 'Add a basket',
    state: 'OPEN',
    draft: true,
    author: { user: { name: 'eve' } },
    fromRef: side('topic/one', SHA, 2, '~eve'),
    toRef: side('main', OLD, 1, 'ACME'),
    updatedDate: 1738578896123,
  };

  test('a pull request is read in our words', async () => {
    server.expects({ ask, answer: pull });
    expect(await repository().pullRequest(7)).toEqual({
      number: 7,
      title: 'Add a basket',
      url: `${server.url}${REPOSITORY}/pull-requests/7`,
      author: 'eve',
      state: 'open',
      draft: true,
      fork: true,
      merged: false,
      labels: [],
      base: { ref: 'main', sha: OLD },
      head: { ref: 'topic/one', sha: SHA, repository: '~eve/shop' },
      updatedAt: '2025-02-03T10:34:56.123Z',
    });
  });

  test('a pull request of the repository itself, merged, is no fork', async () => {
    server.expects({ ask, answer: { ...pull, state: 'MERGED', draft: undefined, fromRef: side('x', SHA, 1, 'ACME') } });
    expect(await repository().pullRequest(7)).toMatchObject({
      state: 'closed',
      merged: true,
      fork: false,
      draft: false,
      head: { repository: 'ACME/shop' },
    });
  });

  test('a pull request whose fork is gone is a stranger still', async () => {
    server.expects({ ask, answer: { ...pull, fromRef: { ...pull.fromRef, repository: null } } });
    const read = await repository().pullRequest(7);
    expect(read.fork).toBe(true);
    expect(read.head).toEqual({ ref: 'topic/one', sha: SHA });
  });

  test('a pull request in a personal project is found by its address', async () => {
    server.expects({ ask: 'GET /rest/api/latest/projects/~eve/repos/shop/pull-requests/7', answer: pull });
    expect(await repository({}, '~eve/shop').pullRequest(7)).toMatchObject({ number: 7 });
  });
});

test('the whole name of a commit is that of the newest up to a name', async () => {
  server.expects(
    { ask: `GET ${PATH}/commits?until=${SHA.slice(0, 12)}&limit=1`, answer: { values: [{ id: SHA }] } },
    { ask: `GET ${PATH}/commits?until=topic%2Fone&limit=1`, answer: { values: [{ id: OLD }] } },
    { ask: `GET ${PATH}/commits?until=none&limit=1`, answer: { values: [] } },
  );
  expect(await repository().resolveCommit(SHA.slice(0, 12))).toBe(SHA);
  expect(await repository().resolveCommit('topic/one')).toBe(OLD);
  await expect(repository().resolveCommit('none')).rejects.toMatchObject({ kind: 'refused' });
});

describe('what somebody may do', () => {
  const users = (level: string, start = 0, login = 'eve') =>
    `GET /rest/api/latest/users?filter=${login}&permission.1=${level}&permission.1.projectKey=ACME` +
    `&permission.1.repositorySlug=shop&limit=100&start=${start}`;
  const nobody = { answer: { values: [{ name: 'steve', id: 1 }], isLastPage: true } };
  const eve = { answer: { values: [{ name: 'Eve', id: 101 }], isLastPage: true } };

  test.each([
    ['admin', ['REPO_ADMIN']],
    ['write', ['REPO_ADMIN', 'REPO_WRITE']],
    ['read', ['REPO_ADMIN', 'REPO_WRITE', 'REPO_READ']],
  ])('what somebody may do is the highest that Bitbucket has them under: %s', async (permission, levels) => {
    server.expects(
      ...levels.map((level, index) => ({ ask: users(level), ...(index === levels.length - 1 ? eve : nobody) })),
    );
    expect(await repository().permissionOf({ login: 'eve', id: '101' })).toBe(permission);
  });

  test('what somebody may do is nothing for somebody else of that name, or like it', async () => {
    for (const level of ['REPO_ADMIN', 'REPO_WRITE', 'REPO_READ']) server.expects({ ask: users(level), ...eve });
    expect(await repository().permissionOf({ login: 'eve', id: '7' })).toBe('none');
    for (const level of ['REPO_ADMIN', 'REPO_WRITE', 'REPO_READ']) server.expects({ ask: users(level), ...nobody });
    expect(await repository().permissionOf({ login: 'eve' })).toBe('none');
  });

  test('what somebody may do is looked for on all pages', async () => {
    server.expects(
      {
        ask: users('REPO_ADMIN'),
        answer: { values: [{ name: 'steve' }], isLastPage: false, nextPageStart: 5 },
      },
      { ask: users('REPO_ADMIN', 5), ...eve },
    );
    expect(await repository().permissionOf({ login: 'eve' })).toBe('admin');
  });
});

describe('webhooks', () => {
  const hooks = `${PATH}/webhooks`;
  const events = ['repo:refs_changed'];
  const wanted = { url: 'https://hooks.example/webhooks/here', secret: 'canary-secret', events };
  const hook = { id: 12, name: 'Hookyard', url: wanted.url, active: true, events };
  const sent = {
    name: 'Hookyard',
    url: wanted.url,
    active: true,
    events,
    configuration: { secret: 'canary-secret' },
    sslVerificationRequired: true,
  };
  const told = { id: '12', url: wanted.url, active: true, events };

  test('webhooks are listed, made and changed', async () => {
    server.expects(
      { ask: `GET ${hooks}?limit=100&start=0`, answer: { values: [{ ...hook, active: false }], isLastPage: true } },
      { ask: `POST ${hooks}`, sent, status: 201, answer: hook },
      { ask: `PUT ${hooks}/12`, sent, answer: hook },
    );
    const api = repository().hooks;
    expect(await api.list()).toEqual([{ ...told, active: false }]);
    expect(await api.create(wanted)).toEqual(told);
    expect(await api.update('12', wanted)).toEqual(told);
    await expect(api.update('../1', wanted)).rejects.toMatchObject({ kind: 'refused' });
    expect(api.eventsFor(['push', 'tag', 'status'])).toEqual(events);
    // Tells who is asked to review, and who no longer is.
    expect(api.eventsFor(['pull_request'])).toContain('pr:reviewer:updated');
  });
});

describe('the credentials', () => {
  const ask = 'GET /rest/api/latest/users?limit=1';

  test('the credentials tell whose they are', async () => {
    server.expects({ ask, headers: { 'x-ausername': 'hooky' }, answer: { values: [] } });
    expect(await sourceApi().account?.()).toEqual({ login: 'hooky' });
  });

  test('the credentials that tell nothing are not good', async () => {
    server.expects({ ask, answer: { values: [] } });
    await expect(sourceApi().account?.()).rejects.toMatchObject({ kind: 'not configured' });
  });

  test('the credentials that no header can carry are told without their value', async () => {
    const call = repository({ token: 'canary\nx' }).pullRequest(7);
    await expect(call).rejects.toMatchObject({ kind: 'not configured' });
    await expect(call).rejects.not.toThrow(/canary/);
  });

  test('the credentials go to the address of the API, if that is configured', async () => {
    server.expects({
      ask: 'GET /behind/a/proxy/api/latest/users?limit=1',
      headers: { 'x-ausername': 'hooky' },
      answer: {},
    });
    expect(await sourceApi({ url: `${server.url}/behind/a/proxy/` }).account?.()).toEqual({ login: 'hooky' });
  });
});

test.each([
  [{ status: 401 }, { kind: 'not configured', status: 401 }],
  [{ status: 403 }, { kind: 'not configured', status: 403 }],
  [{ status: 404 }, { kind: 'refused', status: 404 }],
  [
    { status: 429, headers: { 'retry-after': '7' } },
    { kind: 'unavailable', retryAfterMs: 7_000 },
  ],
  [{ status: 503 }, { kind: 'unavailable', status: 503 }],
  [{ answer: '<html>' }, { kind: 'unavailable' }],
  [{ answer: { id: 'seven' } }, { kind: 'unavailable' }],
])('an answer of %j is reported as what it is', async (answer, told) => {
  server.expects({ ask: `GET ${PATH}/pull-requests/7`, ...answer });
  const call = repository().pullRequest(7);
  await expect(call).rejects.toMatchObject({ name: 'ProviderError', ...told });
  await expect(call).rejects.not.toThrow(/canary/);
});

test.each(['../x', 'a/b/c/..', 'a/..', 'a/b?c', 'a/b\nc', 'a', '', 'a/b/c', 'a/b%2f..'])(
  'hostile names never reach Bitbucket as the repository %j',
  (name) => {
    expect(() => sourceApi().repository(name)).toThrow(expect.objectContaining({ kind: 'refused' }));
  },
);

test.each(['../x', 'main', `${SHA}?`, `${SHA}\n`])(
  'hostile names never reach Bitbucket as the commit %j',
  async (sha) => {
    const api = repository();
    const refused = { kind: 'refused' };
    const status = { sha, context: 'c', state: 'success', description: '' } as const;
    await expect(api.writeStatus(status)).rejects.toMatchObject(refused);
    await expect(api.readStatus(status)).rejects.toMatchObject(refused);
    await expect(api.changedFiles({ kind: 'push', before: OLD, after: sha })).rejects.toMatchObject(refused);
    await expect(api.changedFiles({ kind: 'push', before: sha, after: SHA })).rejects.toMatchObject(refused);
  },
);

test('hostile names never reach Bitbucket as numbers and other names', async () => {
  const api = repository();
  const refused = { kind: 'refused' };
  for (const number of [-1, 1.5, Number.NaN]) {
    await expect(api.pullRequest(number)).rejects.toMatchObject(refused);
    await expect(api.comment({ number, body: '' })).rejects.toMatchObject(refused);
    await expect(api.findComment({ number, marker: 'm' })).rejects.toMatchObject(refused);
  }
  await expect(api.editComment({ number: 7, id: '../1', body: '' })).rejects.toMatchObject(refused);
  await expect(api.react({ number: 7, commentId: '../1', reaction: 'eyes' })).rejects.toMatchObject(refused);
  await expect(api.resolveCommit('a..b')).rejects.toMatchObject(refused);
});

test('tags are listed with the commits that they lead to, and the objects that older deliveries name', async () => {
  const values = [
    { id: 'refs/tags/v1', latestCommit: SHA, hash: OLD },
    { id: 'refs/tags/v2', latestCommit: SHA, hash: null },
  ];
  const ask = `GET ${PATH}/tags?orderBy=MODIFICATION&limit=100&start=0`;
  server.expects({ ask, answer: { values, isLastPage: true } });
  const items = [
    { name: 'v1', sha: SHA, object: OLD },
    { name: 'v2', sha: SHA },
  ];
  expect(await repository().state.tags?.()).toEqual({ items, complete: true });
});
