import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobResult } from '../../../src/activities/contract/index.js';
import type { PushEvent } from '../../../src/events/event.js';
import { packageRoot } from '../../../src/paths.js';
import { JOB_READY_SIGNAL } from '../../../src/runs/names.js';
import type { RunOptions } from '../../../src/runs/options.js';
import type { TriedJob } from '../../../src/workflows/kit/tries.js';
import { type FakeGithub, startFakeGithub } from '../../support/fake-github/github.js';
import { closers } from '../../support/harness/closers.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { openRepository, type TestRepository } from '../../support/harness/repository.js';
import { runWorker, type TestWorker } from '../../support/harness/worker.js';
import { testClient, unique } from '../../support/temporal.js';
import { pullRequestEvent, pushEvent } from '../../triggers/sample-events.js';

const { add, close } = closers();
let github: FakeGithub;
let installation: Installation;
let client: Awaited<ReturnType<typeof testClient>>;
let worker: TestWorker;
let source: TestRepository;
let sha: string;

beforeAll(async () => {
  client = add(await testClient());
  github = add(await startFakeGithub({ token: 'a-token' }));
  installation = add(
    await openInstallation({
      name: 'stepping',
      automations: join(packageRoot, 'test/workflows/kit/stepping'),
      config: ({ folder }) => ({
        sources: {
          github: {
            kind: 'github',
            secrets: [{ env: 'HOOK' }],
            api: { url: github.url, token: { env: 'GITHUB_TOKEN' } },
            clone: { url: `${folder}/repositories/{fullName}.git` },
          },
        },
        jobs: { slots: 1 },
      }),
      values: { HOOK: 'x', GITHUB_TOKEN: 'a-token' },
    }),
  );
  source = await openRepository(installation.folder);
  sha = await source.commit({ 'word.txt': 'the word is here' });
  worker = await runWorker(installation);
});
afterAll(async () => {
  await worker?.close();
  await close();
});

const linesOf = async (workflowId: string, job: string) =>
  (await installation.store.logs.read({ workflowId, job }, { after: 0, limit: 500 })).map(({ text }) => text);
const logOf = (workflowId: string) => linesOf(workflowId, 'build');

async function start(
  automation: string,
  workflowId = unique(automation),
  how: RunOptions = {},
  change: Partial<PushEvent> = {},
) {
  const repository = { id: '1', fullName: 'acme/app', url: 'https://github.com/acme/app', private: false };
  const deliveryId = unique(automation);
  const event: PushEvent = { ...pushEvent({ repository, commit: { sha }, ...change }), deliveryId };
  const run = await client.workflow.start(automation, {
    workflowId,
    taskQueue: installation.taskQueue,
    args: [event, how],
  });
  const result = async () => (await installation.store.records.get('stepped', event.deliveryId))?.data as JobResult;
  return { run, deliveryId, result, logged: () => logOf(run.workflowId) };
}

/** Starts a run that goes on once it is let go. */
async function startHeld(automation: string) {
  const go = join(installation.folder, unique('go'));
  const started = await start(automation, unique(automation), {}, { commit: { sha, message: go } });
  return { ...started, letGo: () => writeFile(go, '') };
}

/** Returns how the activities of a run ended, by the words under which Temporal shows them. */
async function timeline(run: WorkflowHandle): Promise<Record<string, string>> {
  const { events } = await run.fetchHistory();
  const words = new Map<string, string>();
  const ends: Record<string, string> = {};
  for (const event of events ?? []) {
    const { summary } = event.userMetadata ?? {};
    if (event.activityTaskScheduledEventAttributes && summary)
      words.set(String(event.eventId), defaultPayloadConverter.fromPayload(summary));
    const failed = event.activityTaskFailedEventAttributes;
    const of = failed ?? event.activityTaskCompletedEventAttributes ?? event.activityTaskCanceledEventAttributes;
    const name = words.get(String(of?.scheduledEventId));
    if (name) ends[name] = failed ? String(failed.failure?.message) : 'ended';
  }
  return ends;
}

const outcomes = ({ steps }: JobResult) => steps.map(({ name, outcome }) => `${name} ${outcome}`);

test('each step is an activity that Temporal shows by its name, and a failed attempt of it as failed, with its output', async () => {
  const { run, result } = await start('stepped');
  expect(await run.result()).toMatchObject({ outcome: 'passed' });
  const shown = await timeline(run);
  expect(Object.keys(shown)).toEqual(
    expect.arrayContaining(['flaky', 'flaky (attempt 2)', 'lint', 'pack', 'publish', 'clean']),
  );
  expect(shown).not.toHaveProperty('mourn');
  expect(shown.flaky).toMatch(/^flaky: failed with exit code 75 after [\d.]+ s\nnot this time$/);
  expect(shown['flaky (attempt 2)']).toBe('ended');
  expect(shown.lint).toMatch(/\n\[31ma blank too many$/);

  const { steps, ...job } = await result();
  expect(job).toMatchObject({
    outcome: 'passed',
    passed: true,
    attempt: 1,
    outputs: { version: '1.2' },
    summary: '**packed**\n',
  });
  expect(steps).toMatchObject([
    { name: 'flaky', outcome: 'passed', attempts: 2 },
    { name: 'lint', outcome: 'failed', exitCode: 1, continued: true },
    { name: 'pack', outcome: 'passed' },
    { name: 'publish', outcome: 'passed' },
    { name: 'mourn', outcome: 'skipped' },
    { name: 'clean', outcome: 'passed' },
  ]);
  expect(job.tail).toContain('publishes 1.2');
  const { currentDetails } = await run.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toContain('**packed**');
  expect(currentDetails).toMatch(/↳ flaky: passed in [\d.]+ s, attempt 2/);
});

test('after a step that failed, those run that say so, and the job fails of the first', async () => {
  const { run, result } = await start('breaks');
  expect(await run.result()).toMatchObject({ outcome: 'failed' });
  const job = await result();
  expect(job).toMatchObject({ outcome: 'failed', passed: false });
  expect(outcomes(job)).toEqual(['compile failed', 'test skipped', 'mourn passed', 'clean passed']);
  // What runs at the end may print much, and is not what somebody looks for.
  expect(job.tail).toMatch(/the reason\ncompile: failed with exit code 3 after [\d.]+ s$/);
  expect(job.steps[0]).not.toHaveProperty('attempts');
  await expect
    .poll(() => github.statuses.findLast(({ context }) => context === 'hookyard/breaks/build')?.description)
    .toMatch(/^"compile" failed after/);
});

test('a cancelled job is stopped, and what always runs has run before the run ends', async () => {
  const { run, logged } = await start('endless');
  await expect.poll(logged, { timeout: 30_000 }).toContain('begun');
  await run.cancel();
  await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect((await run.describe()).status.name).toBe('CANCELLED');
  const texts = await logged();
  expect(texts).toContain(`cleans ${sha}`);
  expect(texts).toContain('cancelled');
  expect(texts).not.toContain('mourns');
});

test('what always runs and is at work when the run is cancelled goes on to its end, and so does what always runs after it', async () => {
  const { run, logged, letGo } = await startHeld('tidies');
  await expect.poll(logged, { timeout: 30_000 }).toContain('tidies');
  await run.cancel();
  await letGo();
  await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  const texts = await logged();
  expect(texts).toEqual(expect.arrayContaining(['is tidy', 'last']));
  expect(texts).not.toContain('more');
});

test('a job whose time is over is stopped, and what always runs, or after a failure, has minutes of its own', async () => {
  const { run, result, logged } = await start('late');
  await run.result();
  const job = await result();
  expect(job.outcome).toBe('timed_out');
  expect(outcomes(job)).toEqual(['echo begun; sleep 300 timed_out', 'mourn passed', 'clean passed']);
  expect(await logged()).toContain(`cleans ${sha}`);
});

test('jobs that wait for the one slot there is wait for no step of another, and all end', async () => {
  const { run } = await start('both');
  expect(await run.result()).toMatchObject({ outcome: 'passed' });
});

test('a run that is terminated lets go of its slot, and of all that its job has started', async () => {
  const { run, logged } = await start('endless');
  await expect.poll(logged, { timeout: 30_000 }).toContain('begun');
  await run.terminate('by a test');
  const next = await start('stepped');
  expect(await next.run.result()).toMatchObject({ outcome: 'passed' });
  expect(await logged()).toContain('cancelled');
});

test('a host that is told of again, or late, does not begin the job anew', async () => {
  const { run, logged, letGo } = await startHeld('naps');
  await expect.poll(logged, { timeout: 30_000 }).toContain('begun');
  for (const attempt of [1, 0])
    await run.signal(JOB_READY_SIGNAL, { job: 'build 1', attempt, taskQueue: 'nowhere', workspace: 'none' });
  await run.signal(JOB_READY_SIGNAL, { job: 'other 7', attempt: 9, taskQueue: 'nowhere', workspace: 'none' });
  await letGo();
  expect(await run.result()).toMatchObject({ outcome: 'passed' });
  expect((await logged()).filter((text) => text === 'begun')).toHaveLength(1);
});

test('a step with an option that there is none fails the run, and says which', async () => {
  const { run } = await start('misspelt');
  await expect(run.result()).rejects.toMatchObject({
    cause: { message: expect.stringMatching(/^runJob\(\): unknown option "steps\[0\]\.ifs"; did you mean "if"\?/) },
  });
});

test('a run that goes on from a failed one does not run what has passed there, and has the workspace and outputs of then', async () => {
  const first = await start('mended');
  expect(await first.run.result()).toMatchObject({ outcome: 'failed' });
  expect((await first.logged()).join('\n')).toContain(`hookyard rerun ${first.run.workflowId} --from-failed`);
  const again = await start('mended', unique('again'), { fromFailed: first.run.workflowId });
  expect(await again.run.result()).toMatchObject({ outcome: 'passed' });
  const job = await again.result();
  expect(job).toMatchObject({ outcome: 'passed', outputs: { version: '7' } });
  expect(job.steps).toMatchObject([
    { name: 'make', outcome: 'passed', before: true },
    { name: 'use', outcome: 'passed' },
    { name: 'clean', outcome: 'passed' },
  ]);
  const texts = await again.logged();
  expect(texts).toContain('uses made 7');
  expect(texts).not.toContain('once');
  expect(Object.keys(await timeline(again.run))).not.toContain('make');
});

test('of two failed jobs of one name each goes on in its own workspace', async () => {
  const first = await start('twins');
  await first.run.result();
  const again = await start('twins', unique('again'), { fromFailed: first.run.workflowId });
  expect(await again.run.result()).toMatchObject({ outcome: 'passed' });
  const before = (await again.result()).steps.map(({ name, before }) => [name, before === true]);
  expect(before).toEqual([
    ['make', true],
    ['use', false],
    ['make', false],
    ['use', false],
  ]);
  const texts = await again.logged();
  expect(texts.filter((text) => /^(make|use) 2/.test(text))).toEqual([
    ...['make 20', 'use 20'],
    ...['make 21', 'make 21', 'use 21'],
  ]);
});

test('a job that does not pass where it goes on begins anew at its next try', async () => {
  const first = await start('stale');
  await first.run.result();
  const again = await start('stale', unique('again'), { fromFailed: first.run.workflowId });
  expect(await again.run.result()).toMatchObject({ outcome: 'passed' });
  const { tries, steps } = (await again.result()) as TriedJob;
  expect([tries, steps.some(({ before }) => before)]).toEqual([2, false]);
  expect((await again.logged()).join('\n')).toContain(`goes on in the workspace of ${first.run.workflowId}`);
});

test('a job that is to run each time goes on where it has failed, and begins with its first step once it has passed', async () => {
  const first = await start('deployed');
  expect(await first.run.result()).toMatchObject({ outcome: 'failed' });
  const second = await start('deployed', unique('again'), { fromFailed: first.run.workflowId });
  expect(await second.run.result()).toMatchObject({ outcome: 'passed' });
  expect((await second.result()).steps).toMatchObject([{ name: 'deploy', before: true }, { name: 'check' }]);
  const third = await start('deployed', unique('again'), {
    ...{ fromFailed: second.run.workflowId, fromFailedBefore: [first.run.workflowId] },
  });
  expect(await third.run.result()).toMatchObject({ outcome: 'passed' });
  expect((await third.result()).steps[0]).not.toHaveProperty('before');
  const texts = await third.logged();
  expect(texts).toContain('deploys');
  expect(texts).toContain(
    `begins with its first step, though it has passed in ${second.run.workflowId}: it is to run each time`,
  );
});

test('a run that is to go on from one whose workspace nobody has begins with its first step, and says so', async () => {
  const { run, logged, result } = await start('mended', unique('again'), { fromFailed: 'mended/nowhere' });
  expect(await run.result()).toMatchObject({ outcome: 'passed' });
  expect(await logged()).toContain('begins with its first step: this worker keeps no workspace of mended/nowhere');
  expect((await result()).steps[0]).not.toHaveProperty('before');
});

/** Returns the states of a run's commit statuses, by job, as they are in the end. */
const ends = (automation: string) =>
  Object.fromEntries(
    github.statuses.flatMap(({ context, state, description }) => {
      const [, of, job] = context?.split('/') ?? [];
      return of === automation ? [[job, `${state}: ${description?.replace(/[\d.]+ s/, '… s')}`]] : [];
    }),
  );

test('jobs and cells that have passed in a failed run count as there in one that goes on from it: nothing of them runs', async () => {
  const first = await start('halves');
  expect(await first.run.result()).toMatchObject({ outcome: 'failed' });
  const shown = Object.keys(await timeline(first.run));
  // Where there is more than one job, it is said whose step it is.
  expect(shown).toEqual(expect.arrayContaining(['make', 'test-20: unit', 'test-24: unit', 'docs: echo docs']));
  expect(shown).toContain('test-24: keep the workspace');
  const before = await first.result();
  const cellsBefore = await installation.store.records.get('cells', first.deliveryId);

  const again = await start('halves', unique('again'), { fromFailed: first.run.workflowId });
  expect(await again.run.result()).toMatchObject({ outcome: 'passed' });
  const ran = Object.keys(await timeline(again.run)).filter((name) => !/ steps at |^hookyard/.test(name));
  expect(ran).toEqual(['test-24: unit', expect.stringMatching(/^site: case /)]);
  const { url, ...result } = await again.result();
  expect(url).not.toBe(before.url);
  expect({ ...result, url: before.url }).toEqual({
    ...before,
    // Nothing of it has run here.
    runner: undefined,
    steps: before.steps.map((step) => (step.outcome === 'skipped' ? step : { ...step, before: true })),
  });
  expect(result.steps.map(({ name, outcome }) => [name, outcome])).toEqual([
    ...[
      ['database', 'passed'],
      ['make', 'passed'],
      ['check', 'passed'],
      ['lint', 'failed'],
      ['mourn', 'skipped'],
    ],
  ]);
  expect(result).toMatchObject({ outputs: { version: '7' }, summary: '**made**\n', tries: 1 });
  expect(cellsBefore?.data).toMatchObject({ passed: false });
  expect((await installation.store.records.get('cells', again.deliveryId))?.data).toMatchObject({ passed: true });
  expect(await again.logged()).toEqual([
    `job build has passed in ${first.run.workflowId}: it counts as there, and does not run again. hookyard logs ${first.run.workflowId} shows its output`,
  ]);
  await expect
    .poll(() => ends('halves'))
    .toEqual({
      build: 'success: passed in … s, in the run before',
      'test-20': 'success: passed in … s, in the run before',
      'test-24': 'success: passed in … s',
      docs: 'success: passed in … s, in the run before',
      site: 'success: passed in … s',
    });

  // What counted there counts on.
  const third = await start('halves', unique('again'), { fromFailed: again.run.workflowId });
  expect(await third.run.result()).toMatchObject({ outcome: 'passed' });
  expect(Object.keys(await timeline(third.run)).filter((name) => !/ steps at |^hookyard/.test(name))).toEqual([]);
});

test('a job that has passed and has changed since runs again, and its log says what has changed', async () => {
  const first = await start('halves');
  await first.run.result();
  const other = await start(
    'halves',
    unique('again'),
    { fromFailed: first.run.workflowId },
    { ref: 'refs/heads/next' },
  );
  await other.run.result();
  expect(await other.logged()).toEqual(
    expect.arrayContaining([
      `begins with its first step, though it has passed in ${first.run.workflowId}: what it checks out has changed`,
      'made',
    ]),
  );
});

test('a job of a merge that has passed counts as before as long as its base branch has not moved', async () => {
  const repository = { id: '1', fullName: 'acme/app', url: 'https://github.com/acme/app', private: false };
  const { git, commit } = source;
  await git('checkout', '--quiet', '-b', 'feature');
  const head = await commit({ 'more.txt': 'more' }, 'feature');
  await git('checkout', '--quiet', 'main');
  const event = pullRequestEvent(
    { repository, commit: { sha: head } },
    { base: { ref: 'main', sha }, head: { ref: 'feature', sha: head, repository: 'acme/app' } },
  );
  const begin = async (workflowId: string, fromFailed?: string) => {
    const how: RunOptions = fromFailed === undefined ? {} : { fromFailed };
    const deliveryId = unique('merged');
    await client.workflow.execute('merged', {
      ...{ workflowId, taskQueue: installation.taskQueue, args: [{ ...event, deliveryId }, how] },
    });
    return logOf(workflowId);
  };
  const first = unique('merged');
  expect(await begin(first)).toContain('builds morethe word is here');
  const same = await begin(unique('again'), first);
  expect(same.join('\n')).toContain(`job build has passed in ${first}: it counts as there`);
  expect(same).not.toContain('builds morethe word is here');
  await commit({ 'word.txt': 'another word' });
  const moved = await begin(unique('again'), first);
  expect(moved).toContain(
    `begins with its first step, though it has passed in ${first}: the base branch that it is merged into has moved`,
  );
  expect(moved).toContain('builds moreanother word');
});

test("a fork's job whose step asks for a secret ends its run before the first step, and the commit is told", async () => {
  const event = pullRequestEvent(
    {
      repository: { id: '1', fullName: 'acme/app', url: 'https://github.com/acme/app', private: false },
      commit: { sha },
    },
    { base: { ref: 'main', sha }, head: { ref: 'topic', sha, repository: 'eve/app' }, fork: true },
  );
  const workflowId = unique('asking');
  const run = await client.workflow.start('asking', {
    ...{ workflowId, taskQueue: installation.taskQueue, args: [{ ...event, deliveryId: unique('asking') }, {}] },
  });
  await expect(run.result()).rejects.toThrow();
  const failure = JSON.stringify(await run.fetchHistory());
  expect(failure).toContain('gets no secrets');
  expect((await logOf(workflowId)).join('\n')).not.toContain('begun');
  // Others may be written still of the runs before.
  expect(github.statuses.findLast(({ context }) => context === 'hookyard/asking/build')).toMatchObject({
    state: 'error',
    description: expect.stringContaining('gets no secrets'),
  });
});

test('a worker that is stopped gives its job up, and the next one begins it from its first step: that is no retry', async () => {
  const { run, result, logged } = await start('resumed');
  await expect.poll(logged, { timeout: 30_000 }).toContain('attempt 1');
  await worker.close();
  worker = await runWorker(installation);
  expect(await run.result()).toMatchObject({ outcome: 'passed' });
  expect(await result()).toMatchObject({ outcome: 'passed', attempt: 2 });
  expect((await logged()).filter((text) => text === 'first')).toHaveLength(2);
});

/** Returns what a run's activities were, but for those that every job has. */
const ran = async (run: WorkflowHandle) =>
  Object.keys(await timeline(run)).filter((name) => !/ steps? at |^hookyard/.test(name));

test('a job that is to run again each time does, though it has passed in the run that failed', async () => {
  const first = await start('deploys');
  expect(await first.run.result()).toMatchObject({ outcome: 'failed' });
  const again = await start('deploys', unique('again'), { fromFailed: first.run.workflowId });
  expect(await again.run.result()).toMatchObject({ outcome: 'passed' });
  expect(await ran(again.run)).toEqual(['deploy: echo deploys', expect.stringMatching(/^test: case /)]);
});

test('what has passed counts on, and goes on in its workspace, though a run in between was stopped', async () => {
  const first = await start('held');
  expect(await first.run.result()).toMatchObject({ outcome: 'failed' });
  const from = first.run.workflowId;
  // One is stopped before it has begun, the other while it goes on.
  const early = await start('held', unique('stopped'), { fromFailed: from });
  await early.run.terminate();
  const options = { fromFailed: early.run.workflowId, fromFailedBefore: [from] };
  const late = await start('held', unique('stopped-again'), options);
  await expect
    .poll(async () => (await linesOf(late.run.workflowId, 'test')).join('\n'), { timeout: 30_000 })
    .toContain(`goes on in the workspace of ${from}, with step 2 of 3`);
  await late.run.cancel();
  await expect(late.run.result()).rejects.toThrow();
  const last = await start('held', unique('again'), {
    fromFailed: late.run.workflowId,
    fromFailedBefore: [early.run.workflowId, from],
  });
  expect(await last.run.result()).toMatchObject({ outcome: 'passed' });
  expect((await last.logged()).join('\n')).toContain('job build has passed in');
  const texts = await linesOf(last.run.workflowId, 'test');
  expect(texts).toContain(`goes on in the workspace of ${from}, with step 2 of 3`);
  expect(texts).not.toContain('makes');
});

test('a job of steps that are more than one message takes is kept, counts as before, and goes on', async () => {
  const first = await start('lengthy');
  expect(await first.run.result()).toMatchObject({ outcome: 'failed' });
  expect((await linesOf(first.run.workflowId, 'test')).join('\n')).toContain('its workspace is kept');
  const again = await start('lengthy', unique('again'), { fromFailed: first.run.workflowId });
  expect(await again.run.result()).toMatchObject({ outcome: 'passed' });
  expect((await again.logged()).join('\n')).toContain('job build has passed in');
  const inputs = ((await again.run.fetchHistory()).events ?? []).flatMap(
    ({ activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityType?.name === 'holdJob' ? [scheduled.input?.payloads?.[0]?.data?.length ?? 0] : [],
  );
  expect(inputs).toHaveLength(2);
  // So that as many as a matrix may have go into one message.
  for (const bytes of inputs) expect(bytes).toBeLessThan((4 * 1024 * 1024) / 256 - 1_000);
}, 180_000);

test.each([
  ['job', '"env" takes 1.00 MB'],
  ['step', '"steps[0]" takes 1.00 MB'],
])('variables of a %s that are more than go to a worker fail the run, and say so', async (branch, because) => {
  const { run } = await start('oversized', unique('oversized'), {}, { ref: `refs/heads/${branch}`, branch });
  await expect(run.result()).rejects.toMatchObject({ cause: { message: expect.stringContaining(because) } });
});
