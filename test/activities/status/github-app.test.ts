import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { createReportStatus } from '../../../src/activities/status/report-status.js';
import { apiUrl } from '../../../src/providers/github/api/api-url.js';
import { type FakeGithub, type FakeGithubOptions, startFakeGithub } from '../../support/fake-github/github.js';
import { activity, depsOf, failureOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { type Received, startServer } from '../../support/harness/http-server.js';

const CANARY = 'ghs_canary0123456789';
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  // The form in which GitHub hands it out.
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const app = { id: '4711', publicKey, installationToken: CANARY };
const status = {
  source: 'ghes',
  repository: 'acme/app',
  sha: 'b'.repeat(40),
  state: 'success',
  context: 'hookyard/ci',
  description: 'ok',
} as const;

let github: FakeGithub | undefined;
afterEach(async () => {
  await github?.close();
  github = undefined;
});

async function setUp({ key = privateKey, ...options }: FakeGithubOptions & { key?: string } = {}) {
  github = await startFakeGithub({ base: '/api/v3', app, ...options });
  const config = configOf(
    {
      sources: {
        ghes: {
          kind: 'github',
          secrets: [{ env: 'WEBHOOK' }],
          url: github.url,
          api: { app: { id: 4711, privateKey: { env: 'KEY' } } },
        },
      },
    },
    { WEBHOOK: 'w', KEY: key },
  );
  const deps = depsOf(config);
  return { github, deps, reportStatus: createReportStatus(deps) };
}
const calls = (server: FakeGithub) => server.received.map(({ method, path }) => `${method} ${path.slice(7)}`);

test('an app signs its way to a token for the one repository, and keeps it', async () => {
  const { github, deps, reportStatus } = await setUp();
  await activity().run(reportStatus, status);
  await activity().run(reportStatus, { ...status, state: 'failure' });
  expect(calls(github)).toEqual([
    'GET /repos/acme/app/installation',
    'POST /app/installations/7001/access_tokens',
    `POST /repos/acme/app/statuses/${status.sha}`,
    `POST /repos/acme/app/statuses/${status.sha}`,
  ]);
  expect(github.statuses.map(({ state }) => state)).toEqual(['success', 'failure']);
  expect(deps.lines.join('\n')).not.toContain(CANARY);
});

test('a key from an environment variable, its line breaks written as \\n, works', async () => {
  const { reportStatus } = await setUp({ key: privateKey.replaceAll('\n', '\\n') });
  expect(await activity().run(reportStatus, status)).toEqual({ reported: true });
});

test('a token that is refused is exchanged anew the next time', async () => {
  const { github, reportStatus } = await setUp();
  await activity().run(reportStatus, status);
  github.insteadOf('POST', { status: 401, body: { message: 'Bad credentials' } });
  const failure = await failureOf(activity().run(reportStatus, status), CANARY);
  expect(failure.type).toBe('NotConfigured');
  await activity().run(reportStatus, status);
  expect(calls(github).filter((call) => call.endsWith('/access_tokens'))).toHaveLength(2);
});

test('an exchange that fails is a failure that Temporal retries, and is not kept', async () => {
  const { github, reportStatus } = await setUp();
  github.insteadOf('POST', { status: 503 }, { status: 503 });
  const failure = await failureOf(activity().run(reportStatus, status), CANARY);
  expect(failure.nonRetryable).toBe(false);
  expect(await activity({ attempt: 2 }).run(reportStatus, status)).toEqual({ reported: true });
});

test('an app that is not installed on the repository needs a person', async () => {
  const { github, reportStatus } = await setUp();
  github.insteadOf('GET', { status: 404, body: { message: 'Not Found' } });
  const failure = await failureOf(activity().run(reportStatus, status), CANARY);
  expect(failure).toMatchObject({ type: 'NotConfigured', nonRetryable: true });
  expect(failure.message).toContain('not installed on acme/app');
});

test("another app's key is refused by GitHub, a broken one before", async () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const first = await setUp({ key: String(other) });
  const refused = await failureOf(activity().run(first.reportStatus, status), String(other).slice(60, 120));
  expect(refused).toMatchObject({ type: 'NotConfigured', nonRetryable: true });
  await first.github.close();

  // Not by a pattern: a random key may have nothing that matches it.
  const broken = `${privateKey.slice(0, 200)}canary${privateKey.slice(230)}`;
  const second = await setUp({ key: broken });
  const failure = await failureOf(activity().run(second.reportStatus, status), broken.slice(60, 120));
  expect(failure.message).toContain('sources.ghes.api.app.privateKey');
  expect(second.github.received).toEqual([]);
});

test('the address of the API follows from that of the web pages', () => {
  expect(apiUrl({ url: 'https://github.com', api: undefined })).toBe('https://api.github.com');
  expect(apiUrl({ url: 'https://acme.ghe.com/', api: undefined })).toBe('https://api.acme.ghe.com');
  expect(apiUrl({ url: 'https://git.acme.test/', api: undefined })).toBe('https://git.acme.test/api/v3');
});

/** A GitHub at which `acme/app` was renamed: it redirects the old name, but gives no token for it. */
function renamed({ method, path, headers, body }: Received) {
  const asked = `${method} ${path.slice(7)}`;
  const { repositories, repository_ids } = (body ?? {}) as { repositories?: string[]; repository_ids?: number[] };
  const token = (value: string) => ({
    status: 201,
    body: { token: value, expires_at: new Date(Date.now() + 3_600_000).toISOString() },
  });
  if (asked === 'GET /repos/acme/app/installation') return { status: 200, body: { id: 7001 } };
  if (asked === 'POST /app/installations/7001/access_tokens') {
    if (repositories) return { status: 422, body: { message: 'There is at least one repository that does not exist' } };
    return token(repository_ids?.[0] === 42 ? CANARY : 'reads-only');
  }
  if (asked === 'GET /repos/acme/app' && headers.authorization === 'Bearer reads-only')
    return { status: 200, body: { id: 42 } };
  const isWritten = asked === `POST /repos/acme/app/statuses/${status.sha}` && headers.authorization?.endsWith(CANARY);
  return isWritten ? { status: 201, body: {} } : { status: 404, body: {} };
}

test('an app gets its token for a renamed repository by the repository’s id', async () => {
  const server = await startServer(renamed);
  try {
    const api = { app: { id: 4711, privateKey: { env: 'KEY' } } };
    const ghes = { kind: 'github' as const, secrets: [{ env: 'WEBHOOK' }], url: server.url, api };
    const reportStatus = createReportStatus(depsOf(configOf({ sources: { ghes } }, { WEBHOOK: 'w', KEY: privateKey })));
    expect(await activity().run(reportStatus, status)).toEqual({ reported: true });
  } finally {
    await server.close();
  }
});
