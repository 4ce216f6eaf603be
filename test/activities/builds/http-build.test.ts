import { afterEach, expect, test } from 'vitest';
import { createHttpBuilds } from '../../../src/activities/builds/http-build.js';
import type { TriggerHttpBuildInput } from '../../../src/activities/contract/index.js';
import { readCallbackToken } from '../../../src/callback-token.js';
import { Secret } from '../../../src/secrets/secret.js';
import { activity, depsOf, failureOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { type Answer, type LocalServer, type Received, startServer } from '../../support/harness/http-server.js';

const CANARY = 'canary-build-token-0123';
const KEY = 'callback-key-canary-0123456789';
const input: TriggerHttpBuildInput = {
  build: 'jenkins',
  params: { branch: 'main' },
  idempotencyKey: 'ci/github/1/hookyard-build-1',
  callbackSignal: 'hookyard-build-1',
  validForMs: 60_000,
};
const pace = { firstMs: 5, lastMs: 20, toleratedFailures: 10 };
const info = { workflowExecution: { workflowId: 'ci/github/1', runId: 'r' }, scheduledTimestampMs: 1_800_000_000_000 };

const servers: LocalServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

type Options = {
  readonly publicUrl?: string;
  readonly allowPrivate?: boolean;
  readonly token?: string;
  /** Whether the configuration says where builds are cancelled. */
  readonly cancels?: boolean;
};

async function setUp(answer: (request: Received, url: string) => Answer, options: Options = {}) {
  const server: LocalServer = await startServer((request) =>
    request.headers.authorization === `Bearer ${CANARY}` ? answer(request, server.url) : { status: 401 },
  );
  servers.push(server);
  const { publicUrl, allowPrivate = true, token = CANARY, cancels = false } = options;
  const config = configOf(
    {
      sources: { github: { kind: 'github', secrets: [{ env: 'WEBHOOK' }] } },
      server: { callbackKey: { env: 'KEY' }, ...(publicUrl && { publicUrl }) },
      builds: {
        jenkins: {
          ...{ url: `${server.url}/start?secret=${CANARY}`, token: { env: 'TOKEN' }, allowPrivate },
          ...(cancels && { cancelUrl: `${server.url}/cancel` }),
        },
      },
    },
    { WEBHOOK: 'w', KEY, TOKEN: token },
  );
  const deps = depsOf(config);
  return { server, deps, ...createHttpBuilds(deps, pace) };
}
const publicUrl = 'https://hooks.example/base/';

test('a build is started with its parameters, an idempotency key and a callback URL of its own', async () => {
  const { server, triggerHttpBuild } = await setUp(
    () => ({ status: 201, body: { id: 7, url: 'https://ci.example/7' } }),
    {
      publicUrl,
    },
  );
  expect(await activity(info).run(triggerHttpBuild, input)).toEqual({
    build: 'jenkins',
    id: '7',
    url: 'https://ci.example/7',
  });
  const [request] = server.received;
  expect(request).toMatchObject({ method: 'POST', path: '/start' });
  expect(request?.headers).toMatchObject({
    'idempotency-key': input.idempotencyKey,
    'content-type': 'application/json',
  });
  const { callbackUrl, ...rest } = (request?.body ?? {}) as { callbackUrl: string };
  expect(rest).toEqual({ params: { branch: 'main' }, run: 'ci/github/1', idempotencyKey: input.idempotencyKey });
  const [base, token = ''] = callbackUrl.split('/callbacks/');
  expect(base).toBe('https://hooks.example/base');
  expect(readCallbackToken(new Secret(KEY), token, info.scheduledTimestampMs)).toEqual({
    workflowId: 'ci/github/1',
    signal: 'hookyard-build-1',
    id: input.idempotencyKey,
    expiresAt: info.scheduledTimestampMs + 60_000,
  });
});

test('every attempt sends the same, byte for byte', async () => {
  const answers: Answer[] = [{ status: 500 }, { status: 202 }];
  const { server, triggerHttpBuild } = await setUp(() => answers.shift() ?? 'hang', { publicUrl });
  expect((await failureOf(activity(info).run(triggerHttpBuild, input), CANARY)).nonRetryable).toBe(false);
  expect(await activity({ ...info, attempt: 2 }).run(triggerHttpBuild, input)).toEqual({ build: 'jenkins' });
  expect(server.received[1]?.body).toEqual(server.received[0]?.body);
  expect(server.received[1]?.headers['idempotency-key']).toBe(server.received[0]?.headers['idempotency-key']);
});

test('an idempotency key beyond ASCII still fits into its header', async () => {
  const { server, triggerHttpBuild } = await setUp(() => ({ status: 200 }), { publicUrl });
  await activity(info).run(triggerHttpBuild, { ...input, idempotencyKey: 'bäu/1' });
  expect(server.received[0]?.headers['idempotency-key']).toBe('b%C3%A4u/1');
  expect(server.received[0]?.body).toMatchObject({ idempotencyKey: 'bäu/1' });
});

test('the answer must hold a statusUrl where there is no public URL', async () => {
  const { server, triggerHttpBuild } = await setUp((_, url) => ({ status: 200, body: { statusUrl: `${url}/7` } }));
  const build = await activity(info).run(triggerHttpBuild, input);
  expect(build).toEqual({ build: 'jenkins', statusUrl: `${server.url}/7` });
  expect(server.received[0]?.body).not.toHaveProperty('callbackUrl');

  const { triggerHttpBuild: silent } = await setUp(() => ({ status: 200, body: 'Started.' }));
  const failure = await failureOf(activity(info).run(silent, input), CANARY);
  expect(failure).toMatchObject({ type: 'NotConfigured', nonRetryable: true });
  expect(failure.message).toContain('server.publicUrl');
});

test.each([
  { statusUrl: 'http://127.0.0.1:1/status' },
  { cancelUrl: 'https://evil.example/' },
  { statusUrl: 'file:///etc/passwd' },
  { url: 'javascript:alert(1)' },
  { id: { nested: true } },
  [],
])('an answer that can not be used is refused: %j', async (body) => {
  const { triggerHttpBuild } = await setUp(() => ({ status: 200, body }), { publicUrl });
  const failure = await failureOf(activity(info).run(triggerHttpBuild, input), CANARY);
  expect(failure).toMatchObject({ type: 'Refused', nonRetryable: true });
});

test.each([{ url: 'javascript:alert(1)' }, { statusUrl: 'http://127.0.0.1:1/status' }, {}])(
  'what was started by an answer that can not be used is cancelled where that says: %j',
  async (bad) => {
    const { server, triggerHttpBuild } = await setUp(({ path }, url) =>
      path === '/start' ? { status: 200, body: { ...bad, cancelUrl: `${url}/7/cancel` } } : { status: 202 },
    );
    const failure = await failureOf(activity(info).run(triggerHttpBuild, input), CANARY);
    expect(failure.message).not.toContain('may go on');
    expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /start', 'POST /7/cancel']);
  },
);

test.each([
  ['elsewhere', () => 'https://evil.example/cancel'],
  ['where it is refused', (url: string) => `${url}/7/cancel`],
])('what was started and can not be cancelled is said to go on: %s', async (_, cancelUrl) => {
  const { triggerHttpBuild } = await setUp(
    ({ path }, url) =>
      path === '/start' ? { status: 200, body: { url: 'javascript:1', cancelUrl: cancelUrl(url) } } : { status: 400 },
    { publicUrl },
  );
  const failure = await failureOf(activity(info).run(triggerHttpBuild, input), CANARY);
  expect(failure).toMatchObject({ type: 'Refused', message: expect.stringContaining('may go on') });
});

const UNREADABLE = {
  'a page': { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html>\n<title>Started</title>' },
  'an answer of somebody between': { status: 203, body: {} },
  'more than is read': { status: 201, body: 'x'.repeat(70_000) },
} as const satisfies Record<string, Answer>;

test.each(Object.entries(UNREADABLE))('what may have been started by %s is cancelled by its key', async (_, answer) => {
  const start = ({ path }: Received): Answer => (path === '/start' ? answer : { status: 202 });
  const { server, triggerHttpBuild } = await setUp(start, { publicUrl, cancels: true });
  const failure = await failureOf(activity(info).run(triggerHttpBuild, input), CANARY);
  expect(failure).toMatchObject({ nonRetryable: true });
  expect(failure.message).not.toContain('may go on');
  expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /start', 'POST /cancel']);
  expect(server.received[1]?.body).toEqual({ run: 'ci/github/1', idempotencyKey: input.idempotencyKey });
});

test.each(Object.entries(UNREADABLE))(
  'what may have been started by %s is said to go on otherwise',
  async (_, answer) => {
    const { triggerHttpBuild } = await setUp(() => answer, { publicUrl });
    const failure = await failureOf(activity(info).run(triggerHttpBuild, input), CANARY);
    expect(failure).toMatchObject({ nonRetryable: true, message: expect.stringContaining('may go on') });
  },
);

test('a redirect to a page to sign in has started nothing', async () => {
  const location = 'https://sso.example/login';
  const { server, triggerHttpBuild } = await setUp(() => ({ status: 302, headers: { location } }), { cancels: true });
  const failure = await failureOf(activity(info).run(triggerHttpBuild, input), CANARY);
  expect(failure).toMatchObject({ type: 'NotConfigured', message: expect.not.stringContaining('may go on') });
  expect(server.received).toHaveLength(1);
});

test('a build that an earlier attempt may have started is said to go on where a later one is not let in', async () => {
  const { triggerHttpBuild } = await setUp(() => ({ status: 403 }), { publicUrl });
  const failure = await failureOf(activity({ ...info, attempt: 2 }).run(triggerHttpBuild, input), CANARY);
  expect(failure).toMatchObject({ type: 'NotConfigured', message: expect.stringContaining('may have been made') });
});

test('a build that nobody can cancel is said to go on, unless its service has said that it makes none', async () => {
  const { server, cancelHttpBuild } = await setUp(() => ({ status: 202 }));
  const { build, idempotencyKey } = input;
  const failure = await failureOf(activity().run(cancelHttpBuild, { build, idempotencyKey }), CANARY);
  expect(failure).toMatchObject({ type: 'Refused', message: expect.stringContaining('builds.jenkins.cancelUrl') });
  await activity().run(cancelHttpBuild, { build, idempotencyKey, once: true });
  expect(server.received).toEqual([]);
});

test('an address elsewhere that came by another way is not asked either: it would get the token', async () => {
  const elsewhere = await startServer(() => ({ status: 200, body: { status: 'passed' } }));
  servers.push(elsewhere);
  const { awaitHttpBuild, cancelHttpBuild } = await setUp(() => ({ status: 200 }));
  const other = { build: 'jenkins', statusUrl: elsewhere.url, cancelUrl: elsewhere.url };
  expect((await failureOf(activity().run(awaitHttpBuild, other), CANARY)).type).toBe('Refused');
  expect((await failureOf(activity().run(cancelHttpBuild, other), CANARY)).type).toBe('Refused');
  expect(elsewhere.received).toEqual([]);
});

test.each([
  [401, 'NotConfigured'],
  [403, 'NotConfigured'],
  [302, 'NotConfigured'],
  [400, 'Refused'],
  [409, 'Refused'],
])('%i is final: %s', async (status, type) => {
  const { server, triggerHttpBuild } = await setUp(() => ({ status, headers: { location: '/elsewhere' } }));
  const failure = await failureOf(activity(info).run(triggerHttpBuild, input), CANARY);
  expect(failure).toMatchObject({ type, nonRetryable: true });
  expect(server.received).toHaveLength(1);
});

test('409 to a repeated start may say that the first is still at work on: that is waited for', async () => {
  const { triggerHttpBuild } = await setUp(() => ({ status: 409 }), { publicUrl });
  const failure = await failureOf(activity({ ...info, attempt: 2 }).run(triggerHttpBuild, input), CANARY);
  expect(failure.nonRetryable).toBe(false);
  expect(failure.message).toMatch(/409.*may still be at work/);
});

test.each([403, 408, 425, 429, 500, 503])('%i is retried, after the time that it asks for', async (status) => {
  const { triggerHttpBuild } = await setUp(() => ({ status, headers: { 'retry-after': '20' } }));
  const failure = await failureOf(activity(info).run(triggerHttpBuild, input), CANARY);
  expect(failure).toMatchObject({ nonRetryable: false, nextRetryDelay: 20_000 });
});

test('a broken connection is retried', async () => {
  const { triggerHttpBuild, deps } = await setUp(() => 'drop');
  expect((await failureOf(activity(info).run(triggerHttpBuild, input), CANARY)).nonRetryable).toBe(false);
  expect(deps.lines.join('\n')).not.toContain(CANARY);
});

test('an answer beyond 64 kB is not read to its end', async () => {
  const { triggerHttpBuild } = await setUp(() => ({ status: 200, body: 'x'.repeat(70_000) }), { publicUrl });
  const failure = await failureOf(activity(info).run(triggerHttpBuild, input), CANARY);
  expect(failure).toMatchObject({ type: 'Refused', nonRetryable: true });
});

test('a private address is refused for good unless the configuration allows it', async () => {
  const { server, triggerHttpBuild } = await setUp(() => ({ status: 200 }), { publicUrl, allowPrivate: false });
  const failure = await failureOf(activity(info).run(triggerHttpBuild, input), CANARY);
  expect(failure).toMatchObject({ type: 'PrivateAddress', nonRetryable: true });
  expect(server.received).toEqual([]);
});

test('a token that no header can carry is refused before a library quotes it', async () => {
  const { server, triggerHttpBuild } = await setUp(() => ({ status: 200 }), { token: `${CANARY}\r\nx: y` });
  const failure = await failureOf(activity(info).run(triggerHttpBuild, input), CANARY);
  expect(failure.type).toBe('NotConfigured');
  expect(failure.message).toContain('builds.jenkins.token');
  expect(server.received).toEqual([]);
});

test('an unknown build needs a person', async () => {
  const { triggerHttpBuild } = await setUp(() => ({ status: 200 }));
  const failure = await failureOf(activity(info).run(triggerHttpBuild, { ...input, build: 'constructor' }), CANARY);
  expect(failure).toMatchObject({ type: 'NotConfigured', nonRetryable: true });
});

test.each(['passed', 'failed', 'cancelled'] as const)('a build that %s is waited for', async (ending) => {
  const answers: Answer[] = [
    { status: 404 },
    { status: 200, body: { status: 'queued' } },
    { status: 500 },
    { status: 200, body: 'not JSON' },
    { status: 200, body: { status: 'running', url: null } },
  ];
  const ended = { status: 200, body: { status: ending, url: 'https://ci.example/7' } };
  const { server, awaitHttpBuild } = await setUp(() => answers.shift() ?? ended);
  expect(await activity().run(awaitHttpBuild, { build: 'jenkins', statusUrl: `${server.url}/7` })).toEqual({
    outcome: ending,
    passed: ending === 'passed',
    conclusion: ending,
    url: 'https://ci.example/7',
  });
  expect(server.received.every(({ method, path }) => method === 'GET' && path === '/7')).toBe(true);
});

test('more than ten failures in a row end the attempt', async () => {
  const { server, awaitHttpBuild } = await setUp(() => ({ status: 502 }));
  const waiting = activity().run(awaitHttpBuild, { build: 'jenkins', statusUrl: `${server.url}/7` });
  expect((await failureOf(waiting, CANARY)).nonRetryable).toBe(false);
  expect(server.received).toHaveLength(11);
});

test('a build without a statusUrl can not be asked', async () => {
  const { awaitHttpBuild } = await setUp(() => ({ status: 200 }));
  expect(await failureOf(activity().run(awaitHttpBuild, { build: 'jenkins' }), CANARY)).toMatchObject({
    nonRetryable: true,
  });
});

test('cancelling the activity ends a request that hangs', async () => {
  const { server, awaitHttpBuild } = await setUp(() => 'hang');
  const environment = activity();
  const waiting = environment.run(awaitHttpBuild, { build: 'jenkins', statusUrl: `${server.url}/7` });
  await expect.poll(() => server.received.length).toBe(1);
  environment.cancel();
  await expect(waiting).rejects.toMatchObject({ name: 'CancelledFailure' });
});

test('a build is cancelled where it says so; one that is gone or over is fine', async () => {
  const statuses = [202, 404, 409, 410];
  const { server, cancelHttpBuild } = await setUp(() => ({ status: statuses.shift() ?? 500 }));
  const build = { build: 'jenkins', cancelUrl: `${server.url}/7/cancel` };
  for (let i = 0; i < 4; i += 1) await activity().run(cancelHttpBuild, build);
  expect(server.received.every(({ method, path }) => method === 'POST' && path === '/7/cancel')).toBe(true);
  expect((await failureOf(activity().run(cancelHttpBuild, build), CANARY)).nonRetryable).toBe(false);
  await activity().run(cancelHttpBuild, { build: 'jenkins' });
  expect(server.received).toHaveLength(5);
});
