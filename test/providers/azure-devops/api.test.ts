import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RepositoryApi, SourceApi } from '../../../src/providers/api.js';
import { createAzureDevopsApi } from '../../../src/providers/azure-devops/api/index.js';
import { configOf } from '../../support/harness/config.js';
import { type ScriptedApi, scriptedApi } from '../../support/scripted-api.js';

const TOKEN = 'canary-personal-token';
const SHA = '16862e368d8ab812e48833b741dad720e48d7e3a';
const OLD = '5f22f7d0d95d614d25a5b68592adb345a4b5c7fd';
const NAME = 'Fabrikam Fiber/Öko Shop';
const PATH = '/acme/Fabrikam%20Fiber/_apis/git/repositories/%C3%96ko%20Shop';
const WEB = '/acme/Fabrikam%20Fiber/_git/%C3%96ko%20Shop';
const V = 'api-version=7.1';

let server: ScriptedApi;
beforeEach(async () => {
  server = await scriptedApi(['authorization', `Basic ${Buffer.from(`:${TOKEN}`).toString('base64')}`]);
});
afterEach(() => server.close());

function sourceApi({ token = TOKEN }: { token?: string } = {}): SourceApi {
  const api = { token: { env: 'TOKEN' } };
  const here = { kind: 'azure-devops' as const, url: `${server.url}/acme/`, secrets: [{ env: 'HOOK' }], api };
  const config = configOf({ sources: { here } }, { HOOK: 'x', TOKEN: token });
  const source = config.sources.here;
  if (source?.kind !== 'azure-devops') throw new Error('no source');
  return createAzureDevopsApi({ name: 'here', source, log: pino({ enabled: false }) });
}

type Whole = Required<RepositoryApi>;
const repository = (setting?: { token?: string }): Whole => sourceApi(setting).repository(NAME) as Whole;

const me = {
  ask: 'GET /acme/_apis/connectionData?api-version=7.1-preview',
  answer: {
    authenticatedUser: {
      id: 'own-id',
      providerDisplayName: 'Hooky',
      properties: { Account: { $type: 'System.String', $value: 'hooky@acme.example' } },
    },
  },
};

describe('a status', () => {
  const status = { sha: SHA, context: 'hookyard/ci/unit', state: 'success', description: 'passed' } as const;
  const statuses = `${PATH}/commits/${SHA}/statuses`;
  const list = `GET ${statuses}?${V}&latestOnly=true&top=1000`;
  const context = { name: 'ci/unit', genre: 'hookyard' };

  test('a status is written in Azure’s words', async () => {
    const states = {
      pending: 'pending',
      success: 'succeeded',
      failure: 'failed',
      error: 'error',
      skipped: 'notApplicable',
    };
    for (const [state, word] of Object.entries(states)) {
      const sent = { state: word, description: 'passed', context, targetUrl: 'https://ui.example/run' };
      server.expects({ ask: `POST ${statuses}?${V}`, sent, status: 201, answer: {} });
      await repository().writeStatus({
        ...status,
        state: state as keyof typeof states,
        targetUrl: 'https://ui.example/run',
      });
    }
  });

  test('a status needs neither an address nor our genre in its context', async () => {
    const sent = { state: 'succeeded', description: 'passed', context: { name: 'other', genre: 'hookyard' } };
    server.expects({ ask: `POST ${statuses}?${V}`, sent, status: 201, answer: {} });
    await repository().writeStatus({ ...status, context: 'other' });
  });

  test.each([
    ['pending', 'pending'],
    ['notSet', 'pending'],
    ['succeeded', 'success'],
    ['partiallySucceeded', 'success'],
    ['failed', 'failure'],
    ['error', 'error'],
    ['notApplicable', 'skipped'],
    ['constructor', 'pending'],
  ])('a status that is %s reads as %s', async (word, state) => {
    const value = [
      { id: 3, state: word, context, targetUrl: 'https://ui.example/run' },
      { id: 2, state: 'failed', context },
      { id: 9, state: 'failed', context: { name: 'ci/unit', genre: 'another' } },
      { id: 8, state: 'failed', context: null },
    ];
    server.expects({ ask: list, answer: { count: 4, value } });
    expect(await repository().readStatus(status)).toEqual({ state, targetUrl: 'https://ui.example/run' });
  });

  test('a status that nobody wrote is none', async () => {
    server.expects({ ask: list, answer: { count: 0, value: [] } });
    expect(await repository().readStatus(status)).toBeUndefined();
  });
});

describe('comments', () => {
  const threads = `${PATH}/pullRequests/7/threads`;
  const marker = '<!-- hookyard:size -->';
  const body = `All well.\n\n${marker}`;
  const comment = (id: number, more = {}) => ({ id, content: body, author: { id: 'own-id' }, ...more });
  const told = () => ({ id: '31/1', body, url: `${server.url}${WEB}/pullrequest/7?discussionId=31` });

  test('comments are written in a thread of their own that holds up no merge', async () => {
    const sent = { comments: [{ parentCommentId: 0, content: body, commentType: 'text' }], status: 'closed' };
    server.expects({ ask: `POST ${threads}?${V}`, sent, answer: { id: 31, comments: [comment(1)] } });
    expect(await repository().comment({ number: 7, body })).toEqual(told());
  });

  test('comments are found by marker, newest first, and only those of our own account', async () => {
    const value = [
      { id: 30, comments: [comment(1)] },
      { id: 31, comments: [comment(1), comment(2, { author: { id: 'eve' } })] },
      { id: 32, comments: [comment(1, { isDeleted: true }), comment(2, { content: null })] },
      { id: 33, isDeleted: true, comments: [comment(1)] },
      { id: 34, comments: null },
    ];
    server.expects(me, { ask: `GET ${threads}?${V}`, answer: { value } });
    expect(await repository().findComment({ number: 7, marker })).toEqual(told());
  });

  test('comments that are not there are none, and who we are is asked once', async () => {
    const empty = { ask: `GET ${threads}?${V}`, answer: { value: [] } };
    server.expects(me, empty, empty);
    const api = repository();
    expect(await api.findComment({ number: 7, marker })).toBeUndefined();
    expect(await api.findComment({ number: 7, marker })).toBeUndefined();
  });

  test('comments are edited', async () => {
    server.expects({ ask: `PATCH ${threads}/31/comments/1?${V}`, sent: { content: body }, answer: comment(1) });
    expect(await repository().editComment({ number: 7, id: '31/1', body })).toEqual(told());
  });
});

describe('changed files of a pull request', () => {
  const iterations = `${PATH}/pullRequests/7/iterations`;
  const newest = { ask: `GET ${iterations}?${V}`, answer: { value: [{ id: 1 }, { id: 3 }, { id: 2 }] } };
  const changes = (skip: number) => `GET ${iterations}/3/changes?${V}&%24top=2000&%24skip=${skip}`;
  const pull = { kind: 'pull_request', number: 7 } as const;

  test('changed files of a pull request are those of its newest iteration, all pages, renames under both names', async () => {
    server.expects(
      newest,
      {
        ask: changes(0),
        answer: {
          changeEntries: [
            { changeType: 'edit', item: { path: '/src/a.ts' } },
            { changeType: 'edit, rename', item: { path: '/new' }, originalPath: '/old' },
          ],
          nextSkip: 2,
          nextTop: 2000,
        },
      },
      {
        ask: changes(2),
        answer: { changeEntries: [{ changeType: 'delete', item: { path: null }, originalPath: '/gone' }], nextSkip: 0 },
      },
    );
    expect(await repository().changedFiles(pull)).toEqual(['gone', 'new', 'old', 'src/a.ts']);
  });

  test('changed files of a pull request are not known without an iteration', async () => {
    server.expects({ ...newest, answer: { value: [] } });
    expect(await repository().changedFiles(pull)).toBeUndefined();
  });

  test.each([
    ['a change names no path', [{ changeType: 'edit', item: {} }]],
    ['a rename names one path', [{ changeType: 'rename', item: { path: '/new' } }]],
  ])('changed files of a pull request are not known when %s', async (_, changeEntries) => {
    server.expects(newest, { ask: changes(0), answer: { changeEntries } });
    expect(await repository().changedFiles(pull)).toBeUndefined();
  });

  test('changed files of a pull request are not known when there are too many to read', async () => {
    const changeEntries = Array.from({ length: 5_000 }, (_, index) => ({
      changeType: 'add',
      item: { path: `/${index}` },
    }));
    server.expects(
      newest,
      { ask: changes(0), answer: { changeEntries, nextSkip: 5_000 } },
      { ask: changes(5_000), answer: { changeEntries, nextSkip: 10_000 } },
    );
    expect(await repository().changedFiles(pull)).toBeUndefined();
  });
});

describe('changed files of a push', () => {
  const push = { kind: 'push', before: OLD, after: SHA } as const;
  const diffs = (skip: number) =>
    `GET ${PATH}/diffs/commits?${V}&baseVersion=${OLD}&baseVersionType=commit&targetVersion=${SHA}` +
    `&targetVersionType=commit&diffCommonCommit=false&%24top=2000&%24skip=${skip}`;

  test('changed files of a push are those between its two trees, all pages, without folders', async () => {
    server.expects(
      {
        ask: diffs(0),
        answer: {
          changes: [
            { changeType: 'edit', item: { path: '/src', isFolder: true, gitObjectType: 'tree' } },
            { changeType: 'edit', item: { path: '/src/a.ts', gitObjectType: 'blob' } },
          ],
          allChangesIncluded: false,
        },
      },
      {
        ask: diffs(2),
        answer: {
          changes: [{ changeType: 'rename', item: { path: '/new' }, sourceServerItem: '/old' }],
          allChangesIncluded: true,
        },
      },
    );
    expect(await repository().changedFiles(push)).toEqual(['new', 'old', 'src/a.ts']);
  });

  test.each([
    ['Azure never says that these are all', { answer: { changes: [] } }],
    ['the commit before is gone', { status: 404 }],
  ])('changed files of a push are not known when %s', async (_, answer) => {
    server.expects({ ask: diffs(0), ...answer });
    expect(await repository().changedFiles(push)).toBeUndefined();
  });

  test('changed files of a push are not known when there are too many to read', async () => {
    const changes = Array.from({ length: 5_000 }, (_, index) => ({ changeType: 'add', item: { path: `/${index}` } }));
    server.expects({ ask: diffs(0), answer: { changes } }, { ask: diffs(5_000), answer: { changes } });
    expect(await repository().changedFiles(push)).toBeUndefined();
  });
});

describe('a pull request', () => {
  const ask = `GET ${PATH}/pullRequests/7?${V}`;
  const pull = {
    pullRequestId: 7,
    title: 'Add a basket',
    status: 'active',
    isDraft: true,
    sourceRefName: 'refs/heads/topic/one',
    targetRefName: 'refs/heads/main',
    lastMergeSourceCommit: { commitId: SHA },
    lastMergeTargetCommit: { commitId: OLD },
    labels: [{ name: 'small' }],
    repository: { id: 'shop-id', name: 'Öko Shop', project: { name: 'Fabrikam Fiber' } },
    createdBy: { id: 'x', uniqueName: 'eve@acme.example', displayName: 'Eve' },
  };

  test('a pull request is read in our words', async () => {
    server.expects({ ask, answer: pull });
    expect(await repository().pullRequest(7)).toEqual({
      number: 7,
      title: 'Add a basket',
      url: `${server.url}${WEB}/pullrequest/7`,
      author: 'eve@acme.example',
      state: 'open',
      draft: true,
      fork: false,
      merged: false,
      labels: ['small'],
      base: { ref: 'main', sha: OLD },
      head: { ref: 'topic/one', sha: SHA, repository: NAME },
    });
  });

  test('a pull request from a fork that was completed is closed, merged and a stranger’s', async () => {
    const forkSource = { repository: { name: 'shop', project: { name: 'Eve' } } };
    server.expects({ ask, answer: { ...pull, status: 'completed', forkSource } });
    expect(await repository().pullRequest(7)).toMatchObject({
      state: 'closed',
      merged: true,
      fork: true,
      head: { repository: 'Eve/shop' },
    });
  });

  test('a pull request from a fork that we may not see is a stranger’s too', async () => {
    server.expects({ ask, answer: { ...pull, status: 'abandoned', forkSource: { repository: null } } });
    const read = await repository().pullRequest(7);
    expect(read).toMatchObject({ state: 'closed', merged: false, fork: true });
    expect(read.head).not.toHaveProperty('repository');
  });

  test('a pull request without its repository is not as documented, and worth another try', async () => {
    server.expects({ ask, answer: { ...pull, repository: null } });
    await expect(repository().pullRequest(7)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('a pull request without a head yet is worth another try', async () => {
    server.expects({ ask, answer: { ...pull, lastMergeSourceCommit: null } });
    await expect(repository().pullRequest(7)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

test('the credentials tell whose they are', async () => {
  server.expects(me);
  expect(await sourceApi().account?.()).toEqual({ login: 'hooky@acme.example' });
});

test('the credentials that have expired lead to the page to sign in on, and are told as such', async () => {
  server.expects({ ask: `GET ${PATH}/pullRequests/7?${V}`, status: 203, answer: '<html>Sign in</html>' });
  await expect(repository().pullRequest(7)).rejects.toMatchObject({
    kind: 'not configured',
    status: 203,
    message: expect.stringContaining('sources.here.api.token'),
  });
});

test('the credentials that no header can carry are told without their value', async () => {
  const call = repository({ token: 'canary\nx' }).pullRequest(7);
  await expect(call).rejects.toMatchObject({ kind: 'not configured' });
  await expect(call).rejects.not.toThrow(/canary/);
});

test('what Azure has no API for is absent', () => {
  for (const name of ['react', 'permissionOf', 'hooks', 'resolveCommit']) expect(repository()).not.toHaveProperty(name);
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
  [{ answer: { pullRequestId: 'seven' } }, { kind: 'unavailable' }],
])('an answer of %j is reported as what it is', async (answer, told) => {
  server.expects({ ask: `GET ${PATH}/pullRequests/7?${V}`, ...answer });
  const call = repository().pullRequest(7);
  await expect(call).rejects.toMatchObject({ name: 'ProviderError', ...told });
  await expect(call).rejects.not.toThrow(/canary/);
});

test.each(['../x', 'a/b/c/..', 'a/..', 'a/b?c', 'a/b#c', 'a/b\nc', 'a/b\\c', 'a', '', 'a/b/c', 'a/\ud800', 'a/b+c'])(
  'hostile names never reach Azure as the repository %j',
  (name) => {
    expect(() => sourceApi().repository(name)).toThrow(expect.objectContaining({ kind: 'refused' }));
  },
);

test.each(['../x', 'main', `${SHA}?`, `${SHA}\n`])('hostile names never reach Azure as the commit %j', async (sha) => {
  const api = repository();
  const refused = { kind: 'refused' };
  const status = { sha, context: 'c', state: 'success', description: '' } as const;
  await expect(api.writeStatus(status)).rejects.toMatchObject(refused);
  await expect(api.readStatus(status)).rejects.toMatchObject(refused);
  await expect(api.changedFiles({ kind: 'push', before: OLD, after: sha })).rejects.toMatchObject(refused);
  await expect(api.changedFiles({ kind: 'push', before: sha, after: SHA })).rejects.toMatchObject(refused);
});

test('hostile names never reach Azure as numbers and comments', async () => {
  const api = repository();
  const refused = { kind: 'refused' };
  for (const number of [-1, 1.5, Number.NaN]) {
    await expect(api.pullRequest(number)).rejects.toMatchObject(refused);
    await expect(api.comment({ number, body: '' })).rejects.toMatchObject(refused);
    await expect(api.changedFiles({ kind: 'pull_request', number })).rejects.toMatchObject(refused);
  }
  for (const id of ['1', '../1', '1/2/3', '1/..', ''])
    await expect(api.editComment({ number: 7, id, body: '' })).rejects.toMatchObject(refused);
});
