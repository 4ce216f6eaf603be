import { afterEach, expect, test } from 'vitest';
import { activityProviders } from '../../../src/activities/activity-providers.js';
import { createGithubRuns } from '../../../src/activities/builds/github-run.js';
import type { RemoteBuildTiming } from '../../../src/activities/builds/remote-build.js';
import type { TriggerGithubRunInput } from '../../../src/activities/contract/index.js';
import { type FakeGithub, type FakeGithubOptions, startFakeGithub } from '../../support/fake-github/github.js';
import { activity, depsOf, failureOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';

const CANARY = 'ghp_canary9876543210';
const CORRELATION = 'release-1';
const input: TriggerGithubRunInput = {
  source: 'github',
  repository: 'acme/app',
  workflow: 'release.yml',
  ref: 'main',
  inputs: { correlation: CORRELATION },
  correlationId: CORRELATION,
};
const fast: Partial<RemoteBuildTiming> = {
  running: { firstMs: 5, lastMs: 20, toleratedFailures: 10 },
  finding: { firstMs: 5, lastMs: 20, toleratedFailures: 10 },
  findForMs: 300,
  lookBackMs: 60,
};
const byInput: FakeGithubOptions['title'] = (inputs) => `Release ${inputs.correlation} by hookyard`;

let github: FakeGithub | undefined;
afterEach(async () => {
  await github?.close();
  github = undefined;
});

/** Another trigger. */
const another = () => activity({ activityId: 'another' });

async function setUp(options: FakeGithubOptions = {}, timing: Partial<RemoteBuildTiming> = {}) {
  github = await startFakeGithub({ token: CANARY, ...options });
  const config = configOf(
    {
      sources: {
        github: {
          kind: 'github',
          secrets: [{ env: 'WEBHOOK' }],
          api: { url: `${github.url}${options.base ?? ''}`, token: { env: 'TOKEN' } },
        },
        quiet: { kind: 'github', secrets: [{ env: 'WEBHOOK' }] },
      },
    },
    { WEBHOOK: 'w', TOKEN: CANARY },
  );
  const deps = depsOf(config);
  /** Returns the activities of another worker, with the same credentials. */
  const worker = () => createGithubRuns(activityProviders(deps), { ...fast, ...timing });
  return { github, deps, worker, ...worker() };
}

test('a dispatch is answered with its run, whose id stays exact', async () => {
  const { github, triggerGithubRun } = await setUp();
  const run = await activity().run(triggerGithubRun, input);
  expect(run).toEqual({
    source: 'github',
    repository: 'acme/app',
    runId: '30433642000',
    workflow: 'release.yml',
    url: `${github.url}/acme/app/actions/runs/30433642000`,
  });
  expect(github.dispatches[0]?.body).toEqual({
    ref: 'main',
    inputs: { correlation: CORRELATION },
    return_run_details: true,
  });
  expect(github.dispatches[0]?.headers['x-github-api-version']).toBe('2026-03-10');
});

test('the newest version names the run without the option, which it no longer knows', async () => {
  const { github, triggerGithubRun } = await setUp({ dispatch: 'newest' });
  expect((await activity().run(triggerGithubRun, input)).runId).toBe('30433642000');
  expect(github.dispatches.map(({ body }) => body)).toEqual([{ ref: 'main', inputs: { correlation: CORRELATION } }]);
});

test.each(['silent', 'strict'] as const)(
  'a %s Enterprise Server does not name the run: it is found by the correlation id, among others',
  async (dispatch) => {
    // Others start in the same second, and are listed before it.
    const title: FakeGithubOptions['title'] = (inputs) => {
      queueMicrotask(() => {
        github?.addRun({ display_title: 'Release release-12' });
        github?.addRun({ display_title: 'Release x-release-1' });
      });
      return byInput?.(inputs);
    };
    const { triggerGithubRun } = await setUp({ base: '/api/v3', dispatch, title });
    const environment = activity();
    const run = await environment.run(triggerGithubRun, input);
    expect(run.runId).toBe('30433642000');
    expect(github?.dispatches).toHaveLength(1);
    expect(environment.beats[0]).toEqual({ since: expect.any(Number) });
  },
);

test('a run without the correlation id in its name is taken if it is the only one', async () => {
  const { github, triggerGithubRun } = await setUp({ dispatch: 'silent' });
  github.addRun({ created_at: '2020-01-01T00:00:00Z' });
  github.addRun({ event: 'push' });
  expect((await activity().run(triggerGithubRun, input)).runId).toBe('30433642002');
});

test('a run of another branch, or one that is known to be another’s, is not taken for one without the correlation id', async () => {
  const { github, triggerGithubRun } = await setUp({ dispatch: 'silent' });
  github.addRun({ head_branch: 'other' });
  const first = await activity().run(triggerGithubRun, input);
  expect(first.runId).toBe('30433642001');
  const second = await another().run(triggerGithubRun, { ...input, inputs: {} });
  expect(second.runId).toBe('30433642002');
});

test('a trigger whose answer Temporal has not got finds its own run again', async () => {
  const { github, triggerGithubRun } = await setUp({ dispatch: 'silent' });
  const first = activity();
  const { runId } = await first.run(triggerGithubRun, input);
  const [heartbeatDetails] = first.beats;
  expect((await activity({ attempt: 2, heartbeatDetails }).run(triggerGithubRun, input)).runId).toBe(runId);
  expect(github.dispatches).toHaveLength(1);
});

test('a trigger without an id of ours, whose answer Temporal has not got, is not made again', async () => {
  const { github, triggerGithubRun } = await setUp();
  await activity().run(triggerGithubRun, untold);
  expect((await failureOf(again().run(triggerGithubRun, untold), CANARY)).message).toContain('1 run could be it');
  expect(github.dispatches).toHaveLength(1);
});

test('a run whose name carries the id of another dispatch is not taken for one that is not listed yet', async () => {
  const { github, triggerGithubRun } = await setUp({ dispatch: 'silent', title: () => undefined });
  github.addRun({ display_title: 'Release 6f1c9d1e-0b3a-4c55-9a57-0d5a1b7b2c11' });
  const failure = await failureOf(activity().run(triggerGithubRun, input), CANARY);
  expect(failure).toMatchObject({ type: 'NotConfigured', message: expect.stringContaining('0 runs could be it') });
});

test('several candidates, or none, need a person; the dispatch is not made again', async () => {
  const { github, triggerGithubRun } = await setUp({ dispatch: 'silent' });
  github.addRun({});
  const failure = await failureOf(activity().run(triggerGithubRun, input), CANARY);
  expect(failure).toMatchObject({ type: 'NotConfigured', nonRetryable: true });
  expect(failure.message).toContain('run-name');
  expect(github.dispatches).toHaveLength(1);

  await github.close();
  const second = await setUp({ dispatch: 'silent', title: () => undefined });
  expect((await failureOf(activity().run(second.triggerGithubRun, input), CANARY)).message).toContain('0 runs');
});

test('a lost answer: the next attempt finds the run and does not dispatch again', async () => {
  const { github, triggerGithubRun } = await setUp({ title: byInput });
  github.insteadOf('POST', 'drop');
  github.addRun({ display_title: `Release ${CORRELATION} by hookyard` });
  const failure = await failureOf(activity().run(triggerGithubRun, input), CANARY);
  expect(failure.nonRetryable).toBe(false);
  const posts = () => github.received.filter(({ method }) => method === 'POST');
  expect(posts()).toHaveLength(1);
  expect((await activity({ attempt: 2 }).run(triggerGithubRun, input)).runId).toBe('30433642000');
  expect(posts()).toHaveLength(1);
});

test('a dispatch that never arrived is made by the next attempt', async () => {
  const { github, triggerGithubRun } = await setUp({ title: byInput });
  github.insteadOf('POST', { status: 502 });
  await failureOf(activity().run(triggerGithubRun, input), CANARY);
  expect(github.dispatches).toHaveLength(0);
  await activity({ attempt: 2 }).run(triggerGithubRun, input);
  expect(github.dispatches).toHaveLength(1);
});

test('an attempt after one that had dispatched goes on looking', async () => {
  const { github, triggerGithubRun } = await setUp({ dispatch: 'silent' });
  github.addRun({});
  const environment = activity({ attempt: 2, heartbeatDetails: { since: Date.now() - 5_000 } });
  expect((await environment.run(triggerGithubRun, input)).runId).toBe('30433642000');
  expect(github.dispatches).toHaveLength(0);
});

test('a ref or workflow that is not there is final, with what GitHub said', async () => {
  const { github, triggerGithubRun } = await setUp();
  const noRef = await failureOf(activity().run(triggerGithubRun, { ...input, ref: 'gone' }), CANARY);
  expect(noRef).toMatchObject({ type: 'Refused', nonRetryable: true });
  expect(noRef.message).toContain('No ref found for: gone');
  const noWorkflow = await failureOf(activity().run(triggerGithubRun, { ...input, workflow: 'no.yml' }), CANARY);
  expect(noWorkflow.type).toBe('Refused');

  const sent = github.received.length;
  for (const workflow of ['..', 'a/b', '']) {
    expect((await failureOf(activity().run(triggerGithubRun, { ...input, workflow }), CANARY)).type).toBe('Refused');
  }
  const quiet = await failureOf(activity().run(triggerGithubRun, { ...input, source: 'quiet' }), CANARY);
  expect(quiet).toMatchObject({ type: 'NotConfigured', nonRetryable: true });
  expect(github.received).toHaveLength(sent);
});

test.each([
  ['success', 'passed'],
  ['neutral', 'passed'],
  ['skipped', 'passed'],
  ['cancelled', 'cancelled'],
  ['failure', 'failed'],
  ['timed_out', 'failed'],
  ['action_required', 'failed'],
])('a run that ends with %s has %s', async (conclusion, outcome) => {
  const { github, awaitGithubRun } = await setUp();
  const run = github.addRun({ status: 'in_progress' });
  const ref = { source: 'github', repository: 'acme/app', runId: String(run.id) };
  const environment = activity();
  const waiting = environment.run(awaitGithubRun, ref);
  await expect.poll(() => github.received.length).toBeGreaterThan(2);
  Object.assign(run, { status: 'completed', conclusion });
  expect(await waiting).toEqual({
    outcome,
    passed: outcome === 'passed',
    conclusion,
    url: `${github.url}/acme/app/actions/runs/${run.id}`,
  });
  expect(environment.beats.length).toBeGreaterThan(2);
});

test('trouble that passes is waited out; more than ten failures in a row end the attempt', async () => {
  const { github, deps, awaitGithubRun } = await setUp();
  const run = github.addRun({ status: 'completed', conclusion: 'success' });
  const ref = { source: 'github', repository: 'acme/app', runId: String(run.id) };
  const notYet = { status: 404, body: { message: 'Not Found' } };
  github.insteadOf('GET', notYet, 'drop', ...Array<typeof notYet>(8).fill({ ...notYet, status: 502 }));
  expect((await activity().run(awaitGithubRun, ref)).passed).toBe(true);
  expect(github.received).toHaveLength(11);

  github.insteadOf('GET', ...Array<typeof notYet>(11).fill({ ...notYet, status: 503 }));
  expect((await failureOf(activity().run(awaitGithubRun, ref), CANARY)).nonRetryable).toBe(false);
  expect(github.received).toHaveLength(22);
  expect(deps.lines.join('\n')).not.toContain(CANARY);
});

test('a credential that is refused ends the wait at once', async () => {
  const { github, awaitGithubRun } = await setUp({ token: 'another' });
  const ref = { source: 'github', repository: 'acme/app', runId: '1' };
  const failure = await failureOf(activity().run(awaitGithubRun, ref), CANARY);
  expect(failure.type).toBe('NotConfigured');
  expect(github.received).toHaveLength(1);
});

test('cancelling the activity ends the wait', async () => {
  const { github, awaitGithubRun } = await setUp();
  const run = github.addRun({});
  const environment = activity();
  const waiting = environment.run(awaitGithubRun, {
    source: 'github',
    repository: 'acme/app',
    runId: String(run.id),
  });
  await expect.poll(() => github.received.length).toBeGreaterThan(0);
  environment.cancel();
  await expect(waiting).rejects.toMatchObject({ name: 'CancelledFailure' });
});

test('a dispatch whose answer was lost is cancelled by the id in its run’s name, and only that one', async () => {
  const { github, triggerGithubRun, cancelGithubRun } = await setUp({ title: byInput });
  github.addRun({ display_title: 'Release release-12' });
  github.insteadOf('POST', 'drop');
  const lost = github.addRun({ display_title: `Release ${CORRELATION} by hookyard` });
  await failureOf(activity().run(triggerGithubRun, input), CANARY);
  const { source, repository, workflow, correlationId } = input;
  await activity().run(cancelGithubRun, { source, repository, workflow, correlationId, since: Date.now() });
  expect(github.runs.filter(({ conclusion }) => conclusion === 'cancelled')).toEqual([lost]);
});

test('a dispatch whose run is not listed, or carries no id of ours, may go on, which is told', async () => {
  const { github, cancelGithubRun } = await setUp();
  const { source, repository, workflow, correlationId } = input;
  const lost = { source, repository, workflow, since: Date.now() };
  const unlisted = await failureOf(activity().run(cancelGithubRun, { ...lost, correlationId }), CANARY);
  expect(unlisted).toMatchObject({ type: 'Refused', message: expect.stringContaining('may have been made') });
  const asked = github.received.length;
  const nameless = await failureOf(activity().run(cancelGithubRun, lost), CANARY);
  expect(nameless).toMatchObject({ type: 'Refused', message: expect.stringContaining('may have been made') });
  await activity().run(cancelGithubRun, { ...lost, once: true });
  expect(github.received).toHaveLength(asked);
});

const SHA = 'c'.repeat(40);
const untold = { ...input, inputs: {}, sha: SHA };
/** Of a dispatch whose first attempt began a moment ago. */
const again = () => activity({ attempt: 2 });

test.each(['main', 'refs/heads/main'])(
  'a dispatch on %s that can carry no id of ours, and never arrived, is not taken for the one of another worker, though it is the only one',
  async (ref) => {
    const { github, worker, triggerGithubRun } = await setUp();
    const { runId } = await activity().run(worker().triggerGithubRun, untold);
    github.insteadOf('POST', { status: 502 });
    await failureOf(activity().run(triggerGithubRun, { ...untold, ref }), CANARY);
    const failure = await failureOf(again().run(triggerGithubRun, { ...untold, ref }), CANARY);
    expect(failure).toMatchObject({ type: 'NotConfigured', nonRetryable: true });
    expect(failure.message).toContain(`1 run could be it (${github.url}/acme/app/actions/runs/${runId})`);
    expect(github.dispatches).toHaveLength(1);
  },
);

test('one that can carry no id of ours, and never arrived, is made by the next attempt, whatever others have had made', async () => {
  const { github, triggerGithubRun } = await setUp({ title: byInput });
  github.addRun({ head_branch: 'main', head_sha: SHA, created_at: '2020-01-01T00:00:00Z' });
  github.addRun({ head_branch: 'other', head_sha: SHA });
  // Its answer was lost, and it was found by its id.
  const found = github.addRun({
    head_branch: 'main',
    head_sha: SHA,
    display_title: `Release ${CORRELATION} by hookyard`,
  });
  const foundAgain = activity({ activityId: 'found', attempt: 2 });
  expect((await foundAgain.run(triggerGithubRun, input)).runId).toBe(String(found.id));
  const other = await another().run(triggerGithubRun, untold);
  github.insteadOf('POST', { status: 502 });
  await failureOf(activity().run(triggerGithubRun, untold), CANARY);
  const { runId } = await again().run(triggerGithubRun, untold);
  expect(runId).not.toBe(other.runId);
  expect(github.dispatches).toHaveLength(2);
});

test.each([
  ['several of its commit', [SHA, SHA], '2 runs could be it'],
  ['one of its commit', [SHA], '1 run could be it (http'],
  ['one of another commit', ['e'.repeat(40)], '1 run could be it (http'],
  ['more than are named', Array(4).fill(SHA), ', …)'],
])(
  'where there are %s since, nobody can tell: it is not made again, and what to do is told',
  async (_, shas, words) => {
    const { github, triggerGithubRun } = await setUp();
    for (const head_sha of shas) github.addRun({ head_branch: 'main', head_sha });
    const failure = await failureOf(again().run(triggerGithubRun, untold), CANARY);
    expect(failure).toMatchObject({ type: 'NotConfigured', nonRetryable: true });
    expect(failure.message).toContain(words);
    expect(failure.message).toMatch(/not dispatched again.*run-name.*may have been made/);
    expect(github.dispatches).toEqual([]);
  },
);

test('a dispatch whose run nobody can tell from others is said to go on', async () => {
  const { github, triggerGithubRun } = await setUp({ dispatch: 'silent' });
  github.addRun({});
  const failure = await failureOf(activity().run(triggerGithubRun, input), CANARY);
  expect(failure.message).toMatch(/2 runs could be it.*may have been made/);
});

test('a run of another commit than the event’s does not count', async () => {
  const { github, awaitGithubRun } = await setUp();
  const head_sha = 'e'.repeat(40);
  const run = github.addRun({ status: 'completed', conclusion: 'success', head_sha });
  const ref = { source: 'github', repository: 'acme/app', runId: String(run.id) };
  expect(await activity().run(awaitGithubRun, { ...ref, sha: 'c'.repeat(40) })).toMatchObject({
    passed: false,
    conclusion: 'success, of commit eeeeeee and not of ccccccc',
  });
  expect(await activity().run(awaitGithubRun, { ...ref, sha: head_sha })).toMatchObject({ passed: true });
});

test('a run that GitHub has not queued yet can be cancelled a little later', async () => {
  const { github, cancelGithubRun } = await setUp();
  const run = github.addRun({ status: 'queued' });
  const ref = { source: 'github', repository: 'acme/app', runId: String(run.id) };
  github.insteadOf('POST', {
    status: 409,
    body: { message: 'Cannot cancel a workflow run that has not been queued yet.' },
  });
  const failure = await failureOf(activity().run(cancelGithubRun, ref), CANARY);
  expect(failure).toMatchObject({ nonRetryable: false, message: expect.stringContaining('409') });
  await activity().run(cancelGithubRun, ref);
  expect(run).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
});

test('a run is cancelled; one that is over already is fine', async () => {
  const { github, cancelGithubRun } = await setUp();
  const run = github.addRun({ status: 'in_progress' });
  const ref = { source: 'github', repository: 'acme/app', runId: String(run.id) };
  await activity().run(cancelGithubRun, ref);
  expect(run).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
  await activity().run(cancelGithubRun, ref);
  expect(github.received.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET']);
  expect((await failureOf(activity().run(cancelGithubRun, { ...ref, runId: '1/..' }), CANARY)).type).toBe('Refused');
});
