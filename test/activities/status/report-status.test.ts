import { afterEach, expect, test } from 'vitest';
import type { StatusInput } from '../../../src/activities/contract/index.js';
import { createReportStatus } from '../../../src/activities/status/report-status.js';
import type { ConfigInput } from '../../../src/config/index.js';
import { type FakeGithub, type FakeGithubOptions, startFakeGithub } from '../../support/fake-github/github.js';
import { activity, depsOf, failureOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';

const CANARY = 'ghp_canary0123456789';
const SHA = 'a'.repeat(40);
const status: StatusInput = {
  source: 'github',
  repository: 'acme/app',
  sha: SHA,
  state: 'success',
  context: 'hookyard/ci',
  description: 'passed in 12 s',
};

let github: FakeGithub | undefined;
afterEach(async () => {
  await github?.close();
  github = undefined;
});

async function setUp(options: FakeGithubOptions = {}, more: { uiUrl?: string; canary?: string } = {}) {
  github = await startFakeGithub({ token: CANARY, ...options });
  const config: ConfigInput = {
    sources: {
      github: {
        kind: 'github',
        secrets: [{ env: 'WEBHOOK' }],
        api: { url: `${github.url}${options.base ?? ''}`, token: { env: 'TOKEN' } },
      },
      quiet: { kind: 'github', secrets: [{ env: 'WEBHOOK' }], api: { token: { env: 'UNSET', optional: true } } },
    },
    temporal: more.uiUrl ? { uiUrl: more.uiUrl } : {},
  };
  const deps = depsOf(configOf(config, { WEBHOOK: 'w', TOKEN: more.canary ?? CANARY }));
  return { github, deps, reportStatus: createReportStatus(deps) };
}

test('a status is written with state, context, description and the page of the run', async () => {
  const { github, reportStatus } = await setUp({}, { uiUrl: 'http://127.0.0.1:8233' });
  expect(await activity().run(reportStatus, status)).toEqual({ reported: true });
  expect(github.statuses).toHaveLength(1);
  expect(github.statuses[0]).toMatchObject({ sha: SHA, state: 'success', context: 'hookyard/ci' });
  expect(github.statuses[0]?.target_url).toMatch(/^http:\/\/127\.0\.0\.1:8233\/.*test/);
  const [request] = github.received;
  expect(request?.headers.authorization).toBe(`Bearer ${CANARY}`);
  expect(request?.headers['x-github-api-version']).toBe('2026-03-10');
});

test('a link is left out without a page to link to, and with an address that is not http', async () => {
  const { github, reportStatus } = await setUp();
  await activity().run(reportStatus, status);
  await activity().run(reportStatus, { ...status, targetUrl: 'javascript:alert(1)' });
  await activity().run(reportStatus, { ...status, targetUrl: 'https://ci.example/7' });
  expect(github.received.map(({ body }) => (body as { target_url?: string }).target_url)).toEqual([
    undefined,
    undefined,
    'https://ci.example/7',
  ]);
});

test('a long description is cut to 140 characters without halving one', async () => {
  const { github, reportStatus } = await setUp();
  await activity().run(reportStatus, { ...status, description: '🚀'.repeat(141) });
  expect(github.statuses[0]?.description).toBe(`${'🚀'.repeat(139)}…`);
});

test('a source without credentials is nothing to do, and nothing is sent', async () => {
  const { reportStatus } = await setUp();
  expect(await activity().run(reportStatus, { ...status, source: 'quiet' })).toEqual({
    reported: false,
    because: 'source quiet has no API credentials',
  });
});

test('on GitHub Enterprise the base path is kept', async () => {
  const { github, reportStatus } = await setUp({ base: '/api/v3' });
  await activity().run(reportStatus, status);
  expect(github.received[0]?.path).toBe(`/api/v3/repos/acme/app/statuses/${SHA}`);
});

test.each([500, 502])('a %i is tried once more at once, and then left to Temporal', async (code) => {
  const { github, deps, reportStatus } = await setUp();
  github.insteadOf('POST', { status: code, body: 'oops' });
  expect(await activity().run(reportStatus, status)).toEqual({ reported: true });

  github.insteadOf('POST', { status: code }, { status: code });
  const failure = await failureOf(activity().run(reportStatus, status), CANARY);
  expect(failure.nonRetryable).toBe(false);
  expect(await activity({ attempt: 2 }).run(reportStatus, status)).toEqual({ reported: true });
  expect(github.statuses).toHaveLength(2);
  expect(deps.lines.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
});

test('a rate limit is handed to Temporal with the delay that GitHub asks for', async () => {
  const { github, reportStatus } = await setUp();
  const run = () => failureOf(activity().run(reportStatus, status), CANARY);

  github.insteadOf('POST', { status: 429, headers: { 'retry-after': '7' }, body: { message: 'slow down' } });
  expect(await run()).toMatchObject({ nonRetryable: false, nextRetryDelay: 7_000 });

  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  github.insteadOf('POST', { status: 403, headers: { 'retry-after': '90' }, body: { message } });
  expect(await run()).toMatchObject({ nonRetryable: false, nextRetryDelay: 90_000 });
  github.insteadOf('POST', { status: 403, body: { message } });
  expect(await run()).toMatchObject({ nonRetryable: false, nextRetryDelay: 60_000 });

  const reset = Math.floor(Date.now() / 1000) + 600;
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
  github.insteadOf('POST', { status: 403, headers, body: { message: 'API rate limit exceeded' } });
  const { nextRetryDelay } = await run();
  expect(nextRetryDelay).toBeGreaterThan(500_000);
  expect(nextRetryDelay).toBeLessThanOrEqual(601_000);

  github.insteadOf('POST', { status: 429, headers: { 'retry-after': '86400' } });
  expect(await run()).toMatchObject({ nextRetryDelay: 3_600_000 });
  expect(github.statuses).toEqual([]);
  expect(await activity({ attempt: 6 }).run(reportStatus, status)).toEqual({ reported: true });
});

test('a broken connection is retried, and its failure names the request only', async () => {
  const { github, reportStatus } = await setUp();
  github.insteadOf('POST', 'drop', 'drop');
  const failure = await failureOf(activity().run(reportStatus, status), CANARY);
  expect(failure.nonRetryable).toBe(false);
  expect(failure.message).toContain('POST /repos/acme/app/statuses/{sha}');
});

test('a refused credential needs a person, and the failure says which option', async () => {
  const { github, reportStatus, deps } = await setUp({ token: 'another' });
  const failure = await failureOf(activity().run(reportStatus, status), CANARY);
  expect(failure).toMatchObject({ type: 'NotConfigured', nonRetryable: true });
  expect(failure.message).toContain('sources.github.api');
  expect(failure.message).toContain('Bad credentials');
  expect(github.received).toHaveLength(1);
  expect(deps.lines.join('\n')).not.toContain(CANARY);
});

test('a token that no header can carry is refused before a library quotes it', async () => {
  const { github, reportStatus, deps } = await setUp({}, { canary: `${CANARY}\nx` });
  const failure = await failureOf(activity().run(reportStatus, status), CANARY);
  expect(failure).toMatchObject({ type: 'NotConfigured', nonRetryable: true });
  expect(failure.message).toContain('sources.github.api.token');
  expect(github.received).toEqual([]);
  expect(deps.lines.join('\n')).not.toContain(CANARY);
});

test.each([404, 422])('a %i is final, with what GitHub said', async (code) => {
  const { github, reportStatus } = await setUp();
  github.insteadOf('POST', { status: code, body: { message: `No commit found for SHA (${code})` } });
  const failure = await failureOf(activity().run(reportStatus, status), CANARY);
  expect(failure).toMatchObject({ type: 'Refused', nonRetryable: true });
  expect(failure.message).toContain(`No commit found for SHA (${code})`);
});

test.each([
  { repository: 'acme' },
  { repository: 'acme/app/x' },
  { repository: '../app' },
  { repository: 'acme/..' },
  { repository: 'ac me/app' },
  { sha: 'main' },
  { sha: `${SHA}/../..` },
  { sha: '' },
])('%j is refused before anything is sent', async (bad) => {
  const { github, reportStatus } = await setUp();
  const failure = await failureOf(activity().run(reportStatus, { ...status, ...bad }), CANARY);
  expect(failure).toMatchObject({ type: 'Refused', nonRetryable: true });
  expect(github.received).toEqual([]);
});

test('an unknown source needs a person', async () => {
  const { reportStatus } = await setUp();
  const failure = await failureOf(activity().run(reportStatus, { ...status, source: 'toString' }), CANARY);
  expect(failure).toMatchObject({ type: 'NotConfigured', nonRetryable: true });
});

test('a repeated pending does not hide the end of its own run, and does replace that of another', async () => {
  const { reportStatus, github } = await setUp({}, { uiUrl: 'http://127.0.0.1:8233' });
  const first = { workflowExecution: { workflowId: 'ci/1', runId: 'r1' } };
  const second = { workflowExecution: { workflowId: 'ci/2', runId: 'r2' } };
  const pending = { ...status, state: 'pending' } as const;
  await activity(first).run(reportStatus, status);
  await activity(first).run(reportStatus, { ...pending, context: 'hookyard/other' });

  expect(await activity({ ...first, attempt: 2 }).run(reportStatus, pending)).toEqual({
    reported: false,
    because: 'this run has already reported its end',
  });
  expect(github.statuses).toHaveLength(2);
  expect(await activity({ ...second, attempt: 2 }).run(reportStatus, pending)).toEqual({ reported: true });
  expect(github.statuses.at(-1)).toMatchObject({ state: 'pending', context: 'hookyard/ci' });
});

test('what GitHub says about an endpoint that will go away is logged quietly', async () => {
  const { github, deps, reportStatus } = await setUp();
  const headers = { deprecation: 'Sat, 01 Jan 2028 00:00:00 GMT', sunset: 'Sun, 01 Jan 2030 00:00:00 GMT' };
  github.insteadOf('POST', { status: 201, headers, body: { id: 1 } });
  await activity().run(reportStatus, status);
  const entries = deps.lines.map((line) => JSON.parse(line));
  expect(entries).toMatchObject([{ level: 20, msg: expect.stringContaining('is deprecated') }]);
});

test('cancelling the activity ends a request that hangs', async () => {
  const { github, reportStatus } = await setUp();
  github.insteadOf('POST', 'hang');
  const environment = activity();
  const running = environment.run(reportStatus, status);
  await expect.poll(() => github.received.length).toBe(1);
  environment.cancel();
  await expect(running).rejects.toMatchObject({ name: 'CancelledFailure' });
});
