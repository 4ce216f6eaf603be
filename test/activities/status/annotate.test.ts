import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { AnnotateInput, Problem } from '../../../src/activities/contract/index.js';
import { createCallRepository } from '../../../src/activities/pull-requests/call-repository.js';
import { createPullRequests } from '../../../src/activities/pull-requests/pull-requests.js';
import { createAnnotate } from '../../../src/activities/status/annotate.js';
import { createProviders } from '../../../src/providers/apis.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { type FakeGithub, startFakeGithub } from '../../support/fake-github/github.js';
import { activity, depsOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { tempFolder } from '../../support/temp-folder.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

const problem = (nr: number, change: Partial<Problem> = {}): Problem => {
  return { severity: 'error', file: 'src/a.ts', line: nr + 1, message: `problem ${nr}`, by: 'sum > adds', ...change };
};
const input = (problems: readonly Problem[], change: Partial<AnnotateInput> = {}): AnnotateInput => {
  return {
    source: 'github',
    repository: 'acme/app',
    sha: 'b'.repeat(40),
    context: 'hookyard/ci/test',
    title: '2 errors',
    problems,
    runStartedAt: '2026-11-26T10:00:00Z',
    ...change,
  };
};

let github: FakeGithub | undefined;
let store: Store | undefined;
afterEach(async () => {
  await github?.close();
  await store?.close();
  github = undefined;
});

async function setUp(as: 'app' | 'token') {
  const app = { id: '4711', publicKey, installationToken: 'ghs_canary0123456789' };
  const server = await startFakeGithub(as === 'app' ? { app } : { token: 'ghp_canary0123456789' });
  github = server;
  const api = as === 'app' ? { app: { id: 4711, privateKey: { env: 'KEY' } } } : { token: { env: 'TOKEN' } };
  const github_ = {
    kind: 'github' as const,
    secrets: [{ env: 'WEBHOOK' }],
    api: { url: server.url, account: 'hookyard-bot', ...api },
  };
  const values = { WEBHOOK: 'w', KEY: privateKey, TOKEN: 'ghp_canary0123456789' };
  store = await openSqliteStore({ path: join(await tempFolder('annotate'), 'hookyard.db') });
  const config = configOf({ sources: { github: github_ }, temporal: { uiUrl: 'http://ui.test' } }, values);
  const deps = { ...depsOf(config), store };
  const providers = createProviders(deps);
  const annotate = createAnnotate(deps, createPullRequests(createCallRepository(providers)), providers);
  const run = (given: AnnotateInput, activityId = '5', runId = 'r1') =>
    activity({ activityId, workflowExecution: { workflowId: 'ci/1', runId } }).run(annotate, given);
  const later = (problems: readonly Problem[], change: Partial<AnnotateInput> = {}) =>
    run(input(problems, { runStartedAt: '2026-11-26T11:00:00Z', ...change }), '5', 'r2');
  return { server, run, later };
}

test('an app shows problems at their lines, in a check run that blocks nothing', async () => {
  const { server, run } = await setUp('app');
  const other = problem(1, { severity: 'warning', column: 7, code: 'TS6133', by: 'tsc' });
  expect(await run(input([problem(0), other]))).toEqual({ annotated: true });
  expect(server.checkRuns).toMatchObject([
    {
      ...{ name: 'hookyard/ci/test: problems', head_sha: 'b'.repeat(40), status: 'completed', conclusion: 'neutral' },
      title: '2 errors',
      annotations: [
        { path: 'src/a.ts', start_line: 1, annotation_level: 'failure', title: 'sum > adds', message: 'problem 0' },
        { start_line: 2, start_column: 7, annotation_level: 'warning', title: 'tsc TS6133', message: 'problem 1' },
      ],
    },
  ]);
});

test('many are sent fifty at a time, and a try that broke off is gone on with, so that none is there twice', async () => {
  const { server, run } = await setUp('app');
  const all = Array.from({ length: 120 }, (_, nr) => problem(nr));
  server.insteadOf('PATCH', { status: 503, body: { message: 'away' } });
  await expect(run(input(all))).rejects.toThrow(/503/);
  expect(server.checkRuns).toMatchObject([{ status: 'in_progress', annotations: { length: 50 } }]);
  expect(await run(input(all))).toEqual({ annotated: true });
  expect(await run(input(all))).toEqual({ annotated: true });
  const [only, ...more] = server.checkRuns;
  expect(more).toEqual([]);
  expect(only).toMatchObject({ status: 'completed', conclusion: 'neutral' });
  expect(only?.annotations.map(({ message }) => message)).toEqual(all.map(({ message }) => message));
});

test('another try of the job has a check run of its own', async () => {
  const { server, run } = await setUp('app');
  await run(input([problem(0)]), '5');
  await run(input([problem(0)]), '9');
  expect(server.checkRuns.map(({ external_id }) => external_id)).toEqual(['r1/5', 'r1/9']);
});

test('a path that leads out of the repository, and a line that is none, go to no provider', async () => {
  const { server, run } = await setUp('app');
  const odd = ['../a', '/etc/passwd', 'a/../../b', 'a//b', '', './a'].map((file) => problem(0, { file }));
  await run(input([...odd, problem(0, { line: 0 }), problem(0, { line: 1.5 }), problem(3)]));
  expect(server.checkRuns[0]?.annotations).toMatchObject([{ path: 'src/a.ts', start_line: 4 }]);
});

test('long texts are cut to what is taken', async () => {
  const { server, run } = await setUp('app');
  await run(input([problem(0, { message: '🚀'.repeat(40_000), by: 'x'.repeat(400) })]));
  expect(server.checkRuns[0]?.annotations).toHaveLength(1);
});

test('where the credentials are a token, and there is no pull request, nothing is sent, and the reason is told', async () => {
  const { server, run } = await setUp('token');
  expect(await run(input([problem(0)]))).toMatchObject({
    annotated: false,
    because: expect.stringContaining('github'),
  });
  expect(server.received).toEqual([]);
});

test('a later run without problems has a check run without any in the place of those before, once', async () => {
  const { server, run, later } = await setUp('app');
  await run(input([problem(0)]));
  expect(await later([])).toEqual({ annotated: true });
  expect(await later([])).toEqual({ annotated: true });
  expect(server.checkRuns).toMatchObject([
    { conclusion: 'neutral', annotations: { length: 1 } },
    { conclusion: 'success', title: 'no problems any more', annotations: [] },
  ]);
});

test('an older run shows nothing over a later one, and where none were shown, none are removed', async () => {
  const { server, run, later } = await setUp('app');
  expect(await run(input([]))).toEqual({ annotated: true });
  expect(server.received).toEqual([]);
  await later([problem(0)]);
  expect(await run(input([problem(1)]))).toEqual({ annotated: false, because: expect.stringContaining('newer') });
  expect(await run(input([]))).toEqual({ annotated: false, because: expect.stringContaining('newer') });
  expect(server.checkRuns).toHaveLength(1);
});

test.each([
  ['an app without the permission "checks"', 'app' as const],
  ['a token', 'token' as const],
])('with the credentials of %s, problems are one comment of the job on the pull request', async (_, as) => {
  const { server, run, later } = await setUp(as);
  server.forbidden.add('/repos/acme/app/check-runs');
  const odd = problem(0, { message: '<img src=x> @eve #1\n/approve [a](http://b)', by: '`x` | y' });
  expect(await run(input([odd, ...Array.from({ length: 30 }, (_, nr) => problem(nr))], { pullRequest: 7 }))).toEqual({
    annotated: true,
    by: 'comment',
  });
  const [written = '', ...others] = server.comments.map(({ body }) => body);
  expect(others).toEqual([]);
  expect(written).toContain('`hookyard/ci/test`: 2 errors, at `bbbbbbbbbbbb`');
  expect(written).toContain(
    '- ❌ `src/a.ts:1` \\`x\\` \\| y: &lt;img src=x&gt; @\u200beve #\u200b1 /approve \\[a\\]\\(http\\://b\\)',
  );
  expect(written).toContain('and 11 more');
  expect(written.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(20);
  await later([], { pullRequest: 7, sha: 'c'.repeat(40) });
  expect(server.comments.map(({ body }) => body)).toEqual([
    expect.stringContaining('`hookyard/ci/test`: no problems any more, at `cccccccccccc`'),
  ]);
});

test('what an app is refused, and what nobody can be told otherwise, is refused', async () => {
  const { server, run } = await setUp('app');
  server.forbidden.add('/repos/acme/app/check-runs');
  await expect(run(input([problem(0)]))).rejects.toMatchObject({ type: 'NotConfigured' });
});
