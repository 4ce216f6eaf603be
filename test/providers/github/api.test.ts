import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../../src/config/index.js';
import type { EventOf } from '../../../src/events/event.js';
import type { SourceApi } from '../../../src/providers/api.js';
import { ProviderError } from '../../../src/providers/error.js';
import { createGithubApi } from '../../../src/providers/github/api/index.js';
import { normalise } from '../../../src/providers/github/webhook/normalise.js';
import type { SourceOf } from '../../../src/providers/source.js';
import { depsOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { type Answer, type LocalServer, type Received, startServer } from '../../support/harness/http-server.js';
import { pullRequestPayload } from './pull-request.js';

const TOKEN = 'ghp_canary5550123456';
const SHA = 'a'.repeat(40);
const HEAD = 'b'.repeat(40);
const REPO = '/repos/acme/app';

type Routes = Readonly<Record<string, Answer | ((request: Received) => Answer)>>;
interface Setting {
  readonly api?: {
    readonly token?: { env: string };
    readonly app?: { id: number; privateKey: { env: string } };
    readonly account?: string;
  };
  readonly values?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

let server: LocalServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** GitHub with the routes that a test is about; everything else is not found, and without the token nothing is. */
async function github(
  routes: Routes,
  { api = { token: { env: 'TOKEN' } }, values = {}, signal }: Setting = {},
): Promise<SourceApi & { server: LocalServer }> {
  const made = await startServer((request) => {
    const isAboutApp = /^\/app(\/|$)|\/installation$/.test(request.path);
    const isApp = isAboutApp && /^bearer ey/i.test(request.headers.authorization ?? '');
    if (!isApp && request.headers.authorization !== `Bearer ${TOKEN}`)
      return { status: 401, body: { message: 'Bad credentials' } };
    const answer = routes[`${request.method} ${request.path}`];
    return (typeof answer === 'function' ? answer(request) : answer) ?? { status: 404, body: { message: 'Not Found' } };
  });
  server = made;
  const input: ConfigInput = {
    sources: { github: { kind: 'github', secrets: [{ env: 'WEBHOOK' }], api: { url: made.url, ...api } } },
  };
  const config = configOf(input, { WEBHOOK: 'w', TOKEN, ...values });
  const source = config.sources.github as SourceOf<'github'>;
  const { log } = depsOf(config);
  return { ...createGithubApi({ name: 'github', source, log, signal: () => signal }), server: made };
}

async function repository(routes: Routes, setting: Setting = {}) {
  const made = await github(routes, setting);
  const api = made.repository('acme/app');
  return { ...(api as Required<typeof api>), received: made.server.received };
}

const ok = (body: object | string, headers: Record<string, string> = {}): Answer => ({ status: 200, body, headers });

/** The answer for the page that was asked for, with the `Link` header that GitHub gives. */
function paged(...pages: object[][]): (request: Received) => Answer {
  return ({ query }) => {
    if (query.get('per_page') !== '100') return { status: 422, body: { message: 'per_page' } };
    const page = Number(query.get('page'));
    const next =
      page < pages.length ? { link: `<http://x/?page=${page + 1}>; rel="next", <http://x/>; rel="last"` } : {};
    return ok(pages[page - 1] ?? [], next);
  };
}

async function troubleOf(work: Promise<unknown>): Promise<ProviderError> {
  const error = await work.then(
    (value) => expect.fail(`expected an error and got ${inspect(value)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(TOKEN);
  return error as ProviderError;
}

describe('statuses', () => {
  const status = { sha: SHA, context: 'hookyard/ci', description: 'passed' } as const;

  test.each([
    ['pending', 'pending'],
    ['success', 'success'],
    ['failure', 'failure'],
    ['error', 'error'],
    ['skipped', 'success'],
  ] as const)('the state %s is written as %s', async (state, written) => {
    const api = await repository({ [`POST ${REPO}/statuses/${SHA}`]: { status: 201, body: { id: 1 } } });
    await api.writeStatus({ ...status, state, targetUrl: 'https://ci.example/1' });
    expect(api.received.map(({ body }) => body)).toEqual([
      { state: written, context: 'hookyard/ci', description: 'passed', target_url: 'https://ci.example/1' },
    ]);
  });

  test("a status's context and description are cut to what GitHub takes, and the context is found again", async () => {
    const context = 'ü'.repeat(300);
    const cut = `${'ü'.repeat(254)}…`;
    const api = await repository({
      [`POST ${REPO}/statuses/${SHA}`]: { status: 201, body: {} },
      [`GET ${REPO}/commits/${SHA}/statuses`]: paged([{ context: cut, state: 'failure', target_url: null }]),
    });
    await api.writeStatus({ sha: SHA, state: 'success', context, description: '🚀'.repeat(200) });
    expect(api.received[0]?.body).toEqual({ state: 'success', context: cut, description: `${'🚀'.repeat(139)}…` });
    expect(await api.readStatus({ sha: SHA, context })).toEqual({ state: 'failure' });
  });

  test('the newest status of a context is read, from as many pages as it takes', async () => {
    const other = { context: 'other', state: 'success', target_url: null };
    const wanted = { context: 'hookyard/ci', state: 'error', target_url: 'https://ci.example/2' };
    const api = await repository({
      [`GET ${REPO}/commits/${SHA}/statuses`]: paged([other], [wanted, { ...wanted, state: 'pending' }], [other]),
    });
    expect(await api.readStatus(status)).toEqual({ state: 'error', targetUrl: 'https://ci.example/2' });
    expect(api.received.map(({ query }) => query.get('page'))).toEqual(['1', '2']);
    expect(await api.readStatus({ ...status, context: 'nobody' })).toBeUndefined();
  });
});

describe('comments', () => {
  const marker = '<!-- hookyard:ci -->';
  const user = { login: 'hookyard-bot' };
  const comments = `GET ${REPO}/issues/7/comments`;

  test('a comment is written once, its id stays exact, and a body that is too long is cut', async () => {
    const api = await repository({
      [`POST ${REPO}/issues/7/comments`]: {
        status: 201,
        headers: { 'content-type': 'application/json' },
        body: '{"id":9007199254740993,"body":"hello","html_url":"https://github.test/acme/app/pull/7#c","user":null}',
      },
    });
    expect(await api.comment({ number: 7, body: 'x'.repeat(70_000) })).toEqual({
      id: '9007199254740993',
      body: 'hello',
      url: 'https://github.test/acme/app/pull/7#c',
    });
    expect(api.received[0]?.body).toEqual({ body: `${'x'.repeat(65_533)}…` });
  });

  test('a comment that is too long keeps the marker that it is found again by', async () => {
    const api = await repository({ [`PATCH ${REPO}/issues/comments/12`]: ok({ id: 12, body: 'x', user }) });
    await api.editComment({ number: 7, id: '12', body: `${'🚀'.repeat(70_000)}\n\n${marker}` });
    const { body } = (api.received[0] as Received).body as { body: string };
    expect(body.endsWith(`🚀…\n\n${marker}`)).toBe(true);
    expect([...body].length).toBe(65_536);
  });

  test('a comment that may have been written is not sent again by itself', async () => {
    const api = await repository({ [`POST ${REPO}/issues/7/comments`]: { status: 502, body: 'bad gateway' } });
    expect(await troubleOf(api.comment({ number: 7, body: 'hello' }))).toMatchObject({
      kind: 'unavailable',
      status: 502,
    });
    expect(api.received).toHaveLength(1);
  });

  test("our newest comment with the marker is found, whatever others' hold", async () => {
    const api = await repository({
      'GET /user': ok({ login: 'Hookyard-Bot' }),
      [comments]: paged(
        [
          { id: 1, body: `old ${marker}`, user },
          { id: 2, body: `new ${marker}`, html_url: 'https://github.test/2', user },
          { id: 3, body: 'no marker', user },
        ],
        [
          { id: 4, body: `mine now ${marker}`, user: { login: 'mallory' } },
          { id: 5, body: null, user: null },
        ],
      ),
    });
    const found = { id: '2', body: `new ${marker}`, url: 'https://github.test/2' };
    expect(await api.findComment({ number: 7, marker })).toEqual(found);
    expect(await api.findComment({ number: 7, marker: '<!-- other -->' })).toBeUndefined();
    expect(api.received.filter(({ path }) => path === '/user')).toHaveLength(1);
  });

  test('the account that is configured is taken without asking', async () => {
    const api = await repository(
      { [comments]: paged([{ id: 1, body: marker, user }]) },
      { api: { token: { env: 'TOKEN' }, account: 'hookyard-bot' } },
    );
    expect(await api.findComment({ number: 7, marker })).toMatchObject({ id: '1' });
  });

  test('a comment is edited', async () => {
    const api = await repository({ [`PATCH ${REPO}/issues/comments/12`]: ok({ id: 12, body: 'new', user }) });
    expect(await api.editComment({ number: 7, id: '12', body: 'new' })).toEqual({ id: '12', body: 'new' });
    expect(api.received[0]?.body).toEqual({ body: 'new' });
  });

  test.each(['eyes', 'rocket', '+1', '-1', 'confused'] as const)('the reaction %s is sent', async (reaction) => {
    const api = await repository({ [`POST ${REPO}/issues/comments/12/reactions`]: ok({ id: 1 }) });
    await api.react({ number: 7, commentId: '12', reaction });
    expect(api.received.map(({ body }) => body)).toEqual([{ content: reaction }]);
  });
});

describe('changed files', () => {
  const files = `GET ${REPO}/pulls/7/files`;
  const comparison = `GET ${REPO}/compare/${SHA}...${HEAD}`;
  const push = { kind: 'push', before: SHA, after: HEAD } as const;
  const many = (length: number) => Array.from({ length }, (_, at) => ({ filename: `f${at}` }));

  test('changed files of a pull request are read over all pages, a rename under both names', async () => {
    const api = await repository({
      [files]: paged(
        [{ filename: 'src/b.ts' }, { filename: 'new.md', previous_filename: 'old.md', status: 'renamed' }],
        [{ filename: 'src/a.ts' }, { filename: 'src/b.ts' }],
      ),
    });
    const found = await api.changedFiles({ kind: 'pull_request', number: 7 });
    expect(found).toEqual(['new.md', 'old.md', 'src/a.ts', 'src/b.ts']);
  });

  test('changed files of a pull request with as many as GitHub lists are not known', async () => {
    const pages = Array.from({ length: 30 }, () => many(100));
    const api = await repository({ [files]: paged(...pages) });
    expect(await api.changedFiles({ kind: 'pull_request', number: 7 })).toBeUndefined();
  });

  test('changed files of a push are those of the comparison', async () => {
    const api = await repository({
      [comparison]: ok({ status: 'ahead', files: [{ filename: 'b', previous_filename: 'c' }, { filename: 'a' }] }),
    });
    expect(await api.changedFiles(push)).toEqual(['a', 'b', 'c']);
    expect(api.received[0]?.query.get('per_page')).toBe('1');
  });

  test('changed files of a push that changes nothing are none', async () => {
    const api = await repository({ [comparison]: ok({ status: 'identical', files: [] }) });
    expect(await api.changedFiles(push)).toEqual([]);
  });

  test.each([
    ['was forced', ok({ status: 'diverged', files: [{ filename: 'a' }] })],
    ['went back', ok({ status: 'behind', files: [] })],
    ['changes as many as GitHub lists', ok({ status: 'ahead', files: many(300) })],
    ['comes without a list', ok({ status: 'ahead' })],
    ['threw its old commits away', { status: 404, body: { message: 'Not Found' } }],
  ] as const)('changed files of a push that %s are not known', async (_, answer) => {
    const api = await repository({ [comparison]: answer });
    expect(await api.changedFiles(push)).toBeUndefined();
    expect(api.received).toHaveLength(1);
  });

  test('changed files of a new branch are not asked for', async () => {
    const api = await repository({});
    expect(await api.changedFiles({ ...push, before: '0'.repeat(40) })).toBeUndefined();
    expect(api.received).toEqual([]);
  });
});

test.each(['same repository', 'fork', 'deleted fork'] as const)(
  'a pull request from the %s is told in the words that the receiver has for it',
  async (from) => {
    const payload = pullRequestPayload(from);
    const api = await repository({ [`GET ${REPO}/pulls/7`]: ok(payload.pull_request) });
    const context = { source: 'github', deliveryId: 'd', receivedAt: '2026-01-01T00:00:00.000Z' };
    const received = normalise(payload, 'pull_request', context) as { event: EventOf<'pull_request'> };
    expect(await api.pullRequest(7)).toEqual(received.event.pullRequest);
    expect((await api.pullRequest(7)).fork).toBe(from !== 'same repository');
  },
);

test('a pull request whose head repository GitHub leaves out is a fork', async () => {
  const { pull_request: pull } = pullRequestPayload('same repository');
  const { repo: _, ...head } = pull.head;
  const api = await repository({ [`GET ${REPO}/pulls/7`]: ok({ ...pull, head }) });
  expect(await api.pullRequest(7)).toMatchObject({ fork: true });
});

test('a repository whose id JavaScript can not count to is told from its neighbour', async () => {
  const body = JSON.stringify(pullRequestPayload('fork').pull_request)
    .replace('"id":186853002', '"id":9007199254740993')
    .replace('"id":2,', '"id":9007199254740992,');
  const api = await repository({ [`GET ${REPO}/pulls/7`]: ok(body, { 'content-type': 'application/json' }) });
  expect(await api.pullRequest(7)).toMatchObject({ fork: true });
});

test.each(['feature/x', 'bbbbbbbbbbbb'])('the commit of %s is named in full', async (name) => {
  const api = await repository({
    [`GET ${REPO}/commits/${name}`]: ({ headers }) =>
      /^application\/vnd\.github\.(v3\.)?sha$/.test(headers.accept ?? '')
        ? ok(HEAD, { 'content-type': 'application/vnd.github.sha; charset=utf-8' })
        : ok({ sha: HEAD }),
  });
  expect(await api.resolveCommit(name)).toBe(HEAD);
});

test('an answer that is not a commit is refused', async () => {
  const api = await repository({ [`GET ${REPO}/commits/main`]: ok('<html>') });
  expect(await troubleOf(api.resolveCommit('main'))).toMatchObject({ kind: 'unavailable' });
});

describe('permissions', () => {
  const of = (login: string) => `GET ${REPO}/collaborators/${login}/permission`;

  test.each(['none', 'read', 'write', 'admin'] as const)('the permission of %s is %s', async (permission) => {
    const api = await repository({ [of('octocat')]: ok({ permission, role_name: 'x', user: { id: 1 } }) });
    expect(await api.permissionOf({ login: 'octocat' })).toBe(permission);
    expect(await api.permissionOf({ login: 'octocat', id: '1' })).toBe(permission);
  });

  test('somebody whom GitHub does not know, or who has the login of another by now, may do nothing', async () => {
    const api = await repository({ [of('octocat')]: ok({ permission: 'admin', user: { id: 2 } }) });
    expect(await api.permissionOf({ login: 'nobody' })).toBe('none');
    expect(await api.permissionOf({ login: 'octocat', id: '1' })).toBe('none');
  });

  test('a member of a team is one who has accepted; who is none, or a team that nobody may see, is not', async () => {
    const of = (login: string) => `GET /orgs/acme/teams/ops/memberships/${login}`;
    const api = await repository({
      [of('octocat')]: ok({ state: 'active', role: 'member' }),
      [of('invited')]: ok({ state: 'pending', role: 'member' }),
    });
    expect(await api.isMember({ login: 'octocat' }, 'acme/Ops')).toBe(true);
    expect(await api.isMember({ login: 'invited' }, 'acme/ops')).toBe(false);
    expect(await api.isMember({ login: 'nobody' }, 'acme/ops')).toBe(false);
    for (const [login, team] of [
      ['../x', 'acme/ops'],
      ['octocat', 'acme/../ops'],
      ['octocat', 'ops'],
    ] as const)
      expect(await troubleOf(api.isMember({ login }, team))).toMatchObject({ kind: 'refused' });
  });

  test("an app's bot has a name with brackets", async () => {
    const api = await repository({ [of('renovate[bot]')]: ok({ permission: 'write', user: { id: 2 } }) });
    expect(await api.permissionOf({ login: 'renovate[bot]' })).toBe('write');
  });
});

describe('hooks', () => {
  const url = 'https://hooks.example/webhooks/github';
  const wanted = { url, secret: 'canary-secret', events: ['push'] };
  const config = { url, content_type: 'json', insecure_ssl: '0', secret: '********' };
  const hook = { type: 'Repository', id: 12_345_678, name: 'web', active: true, events: ['push'], config };
  const sent = { active: true, events: ['push'], config: { ...config, secret: 'canary-secret' } };

  test('all hooks are listed, with what GitHub got from their last delivery', async () => {
    const api = await repository({
      [`GET ${REPO}/hooks`]: paged(
        [{ ...hook, last_response: { code: null, status: 'unused', message: null } }],
        [
          { ...hook, id: 2, active: false, last_response: { code: 502, status: 'failed', message: 'Bad Gateway' } },
          { ...hook, id: 3, last_response: { code: 202, status: 'active', message: 'OK' } },
        ],
      ),
    });
    expect(await api.hooks.list()).toEqual([
      { id: '12345678', url, active: true, events: ['push'] },
      { id: '2', url, active: false, events: ['push'], warning: 'its last delivery was answered 502: Bad Gateway' },
      { id: '3', url, active: true, events: ['push'] },
    ]);
  });

  test('a hook is made: active, JSON, with the secret and checked certificates', async () => {
    const api = await repository({ [`POST ${REPO}/hooks`]: { status: 201, body: hook } });
    expect(await api.hooks.create(wanted)).toEqual({ id: '12345678', url, active: true, events: ['push'] });
    expect(api.received[0]?.body).toEqual({ name: 'web', ...sent });
  });

  test('a hook is changed as a whole', async () => {
    const api = await repository({ [`PATCH ${REPO}/hooks/12345678`]: ok(hook) });
    await api.hooks.update('12345678', wanted);
    expect(api.received[0]?.body).toEqual(sent);
  });

  test('a hook is pinged', async () => {
    const api = await repository({ [`POST ${REPO}/hooks/12345678/pings`]: { status: 204 } });
    await api.hooks.test?.('12345678');
    expect(api.received).toHaveLength(1);
  });

  test("a hook's last deliveries are listed", async () => {
    const delivery = {
      guid: 'g-1',
      delivered_at: '2026-05-12T20:33:44Z',
      status: 'OK',
      status_code: 202,
      event: 'push',
    };
    const api = await repository({
      [`GET ${REPO}/hooks/1/deliveries`]: ({ query }) =>
        query.get('per_page') === '30'
          ? ok([delivery, { ...delivery, guid: 'g-2', status_code: 502 }, { ...delivery, guid: 'g-3', status_code: 0 }])
          : { status: 422 },
    });
    const at = '2026-05-12T20:33:44.000Z';
    expect(await api.hooks.deliveries?.('1')).toEqual([
      { key: 'g-1', at, event: 'push', status: 202, ok: true },
      { key: 'g-2', at, event: 'push', status: 502, ok: false },
      { key: 'g-3', at, event: 'push', ok: false },
    ]);
  });

  test("a hook's events are named as GitHub does, each once", async () => {
    const { hooks } = await repository({});
    expect(hooks.eventsFor(['push', 'tag', 'comment'])).toEqual([
      'push',
      'issue_comment',
      'commit_comment',
      'pull_request_review_comment',
      'pull_request_review',
    ]);
    expect(hooks.eventsFor(['deployment', 'status'])).toContain('workflow_run');
  });
});

test("the account of a token is its user's", async () => {
  const { account } = await github({ 'GET /user': ok({ login: 'hookyard-bot' }) });
  expect(await account?.()).toEqual({ login: 'hookyard-bot' });
});

test('the account of an app is its bot', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const KEY = String(privateKey.export({ type: 'pkcs1', format: 'pem' }));
  const api = { app: { id: 4711, privateKey: { env: 'KEY' } } };
  const { account } = await github({ 'GET /app': ok({ id: 4711, slug: 'hookyard' }) }, { api, values: { KEY } });
  expect(await account?.()).toEqual({ login: 'hookyard[bot]' });
});

test("the account of an installation's token can't be asked for, and the error says which option to look at", async () => {
  const body = { message: 'Resource not accessible by integration' };
  const { account } = await github({ 'GET /user': { status: 403, body } });
  const error = await troubleOf(Promise.resolve(account?.()));
  expect(error).toMatchObject({ kind: 'not configured', status: 403 });
  expect(error.message).toContain('sources.github.api');
});

describe('trouble', () => {
  const pull = `GET ${REPO}/pulls/7`;
  const message = (text: string) => ({ message: text });

  test.each<[string, Answer, object]>([
    ['401', { status: 401, body: message('Bad credentials') }, { kind: 'not configured', status: 401 }],
    ['403', { status: 403, body: message('Must have admin rights') }, { kind: 'not configured', status: 403 }],
    ['404', { status: 404, body: message('Not Found') }, { kind: 'refused', status: 404 }],
    ['422', { status: 422, body: message('Validation Failed') }, { kind: 'refused', status: 422 }],
    [
      '429',
      { status: 429, headers: { 'retry-after': '7' } },
      { kind: 'unavailable', status: 429, retryAfterMs: 7_000 },
    ],
    ['500', { status: 500, body: 'oops' }, { kind: 'unavailable', status: 500 }],
    ['503', { status: 503, headers: { 'retry-after': '9' } }, { kind: 'unavailable', retryAfterMs: 9_000 }],
    ['a cut connection', 'drop', { kind: 'unavailable', status: undefined }],
    ['malformed JSON', ok('{"number":', { 'content-type': 'application/json' }), { kind: 'unavailable' }],
    ["a proxy's page", ok('<html>hello</html>'), { kind: 'unavailable' }],
    ['fields that are missing', ok({ number: 7 }), { kind: 'unavailable' }],
  ])('an answer of %s is an error of the kind that it calls for', async (_, answer, expected) => {
    const api = await repository({ [pull]: answer });
    const error = await troubleOf(api.pullRequest(7));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('GET /repos');
  });

  test("a 404 to the exchange of an app's token is not taken for the response to the request", async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const KEY = String(privateKey.export({ type: 'pkcs1', format: 'pem' }));
    const api = await repository(
      { [`GET ${REPO}/installation`]: ok({ id: 7001 }) },
      { api: { app: { id: 4711, privateKey: { env: 'KEY' } } }, values: { KEY } },
    );
    expect(await troubleOf(api.permissionOf({ login: 'octocat' }))).toMatchObject({ status: 404 });
  });

  test('a call that is given up ends with the reason for it', async () => {
    const controller = new AbortController();
    const api = await repository({ [pull]: 'hang' }, { signal: controller.signal });
    const asking = api.pullRequest(7);
    await expect.poll(() => api.received.length, { timeout: 5_000 }).toBe(1);
    const reason = new Error('not needed any more');
    controller.abort(reason);
    await expect(asking).rejects.toBe(reason);
  });
});

describe('hostile names never leave', () => {
  const HOSTILE = ['../x', 'a/b/c/..', '..', '.', '', 'x?y=1', 'x\ny', 'x#y', 'a b', '%2e%2e/x'];

  test.each(HOSTILE)('the name %j is refused before it leaves', async (name) => {
    const { server, repository } = await github({});
    const api = repository('acme/app');
    for (const fullName of [`acme/${name}`, `${name}/app`, name])
      expect(() => repository(fullName), fullName).toThrow(ProviderError);
    const calls = [
      api.writeStatus?.({ sha: name, state: 'success', context: 'c', description: 'd' }),
      api.readStatus?.({ sha: name, context: 'c' }),
      api.editComment?.({ number: 7, id: name, body: 'x' }),
      api.react?.({ number: 7, commentId: name, reaction: 'eyes' }),
      api.changedFiles?.({ kind: 'push', before: name, after: HEAD }),
      api.changedFiles?.({ kind: 'push', before: SHA, after: name }),
      api.permissionOf?.({ login: name }),
      api.hooks?.update(name, { url: 'https://x.example', secret: 's', events: [] }),
      api.hooks?.test?.(name),
      api.hooks?.deliveries?.(name),
      ...[-1, 1.5, Number.NaN].flatMap((number) => [
        api.comment?.({ number, body: 'x' }),
        api.pullRequest?.(number),
        api.changedFiles?.({ kind: 'pull_request', number }),
        api.findComment?.({ number, marker: 'm' }),
      ]),
    ];
    for (const call of calls) expect(await troubleOf(call as Promise<unknown>)).toMatchObject({ kind: 'refused' });
    expect(server.received).toEqual([]);
  });

  test.each(['../x', 'a/..', '.', '', 'x?y', 'x\ny', 'a b', 'a..b'])('%j is no branch', async (name) => {
    const api = await repository({});
    expect(await troubleOf(api.resolveCommit(name))).toMatchObject({ kind: 'refused' });
    expect(api.received).toEqual([]);
  });
});
