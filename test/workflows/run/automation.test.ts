import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { reconcileSchedules } from '../../../src/worker/schedules.js';
import { pushPayload } from '../../support/harness/payloads.js';
import {
  api,
  client,
  deliver,
  fork,
  head,
  hub,
  installation,
  noted,
  own,
  PATIENTLY,
  pull,
  resultOf,
  runOf,
  say,
  sha,
  stateOf,
  statuses,
  useGated,
  verdictOf,
} from '../gated.js';

useGated();

test('path filters ask the provider for the files of a pull request, and skip when none counts', async () => {
  hub.files = [{ filename: 'docs/a.md', status: 'renamed', previous_filename: 'docs/b.md' }];
  const answer = await pull();
  const run = runOf(answer, 'sources');
  expect(await resultOf(run)).toMatchObject({
    outcome: 'skipped',
    because: 'none of the 2 changed files is in paths ["src/**"]',
  });
  expect(await noted(`sources ${answer.delivery}`)).toBeUndefined();
  expect(statuses()).toContainEqual(
    expect.objectContaining({
      context: 'hookyard/sources',
      state: 'success',
      description: expect.stringMatching(/^skipped/),
    }),
  );
});

test('a pull request whose head commit asks to be skipped leaves the required checks as they are, with paths and without', async () => {
  hub.messages[sha] = 'Fix a typo [skip ci]';
  hub.files = [{ filename: 'docs/a.md', status: 'modified' }];
  const answer = await pull();
  for (const name of ['build', 'sources']) {
    expect(await resultOf(runOf(answer, name)), name).toMatchObject({
      outcome: 'skipped',
      filtered: false,
      because: 'the commit message says "[skip ci]"; skippable: false would run all the same',
    });
    expect(await noted(`${name} ${answer.delivery}`)).toBeUndefined();
  }
  expect(statuses()).toEqual([]);
});

test('a pull request whose head commit asks to be skipped is built all the same where somebody asks for it', async () => {
  hub.messages[sha] = 'Fix a typo\n\nskip-checks: true';
  const skipped = runOf(await pull(), 'build');
  expect(await resultOf(skipped)).toMatchObject({ outcome: 'skipped', filtered: false });
  const asked = await say('/test build');
  const commands = runOf(asked, 'hookyardCommands');
  await resultOf(commands);
  expect(await resultOf(`${commands.replace('hookyardCommands', 'build')}/test`)).toMatchObject({ outcome: 'passed' });
  expect((await noted(`build ${asked.delivery}`))?.data).toEqual({ sha });
});

test('a push whose payload has no message is not built where its head commit asks to be skipped', async () => {
  hub.messages[sha] = 'Fix a typo [skip ci]';
  const pushed = pushPayload({ ref: 'refs/heads/built', after: sha, commits: [], head_commit: null });
  const skipped = await deliver('push', pushed);
  expect(await resultOf(runOf(skipped, 'build'))).toMatchObject({
    outcome: 'skipped',
    because: 'the commit message says "[skip ci]"; skippable: false would run all the same',
  });
  expect(await noted(`build ${skipped.delivery}`)).toBeUndefined();
  hub.messages[sha] = 'Fix a typo';
  const built = await deliver('push', pushed);
  expect(await resultOf(runOf(built, 'build'))).toMatchObject({ outcome: 'passed' });
});

test('path filters run when one counts, be it by its old name', async () => {
  hub.files = [{ filename: 'docs/a.md', status: 'renamed', previous_filename: 'src/a.md' }];
  const answer = await pull();
  expect(await resultOf(runOf(answer, 'sources'))).toMatchObject({ outcome: 'passed' });
  expect(await noted(`sources ${answer.delivery}`)).toBeDefined();
});

test('path filters run when there is nothing to compare with, without asking', async () => {
  const asked = hub.received.length;
  const answer = await deliver('push', pushPayload({ created: true, before: '0'.repeat(40), after: sha, commits: [] }));
  expect(await resultOf(runOf(answer, 'sources'))).toMatchObject({ outcome: 'passed' });
  expect(hub.received.slice(asked).filter(({ path }) => path.includes('compare'))).toEqual([]);
});

test('a pull request that a filter refuses has the required checks reported as skipped, and nothing else is done', async () => {
  const answer = await pull({}, undefined, 'docs');
  expect(await verdictOf(answer, 'build')).toMatchObject({
    outcome: 'skip',
    because: 'base branch "docs" is not in branches ["main"]',
  });
  expect(await resultOf(runOf(answer, 'build'))).toMatchObject({ outcome: 'skipped' });
  expect(await noted(`build ${answer.delivery}`)).toBeUndefined();
  await expect.poll(stateOf('hookyard/build'), PATIENTLY).toBe('success');
});

test('a pull request that is refused for its title, which its author chose, leaves the required checks as they are', async () => {
  const answer = await pull({ title: 'Docs only' });
  expect(await verdictOf(answer, 'build')).toMatchObject({
    outcome: 'filtered',
    because: 'title "Docs only" is not in titles ["!Docs**"]',
  });
});

test('a pull request that a filter refuses says nothing about an action that brings no new code', async () => {
  const answer = await pull({ action: 'labeled', title: 'Docs only' });
  expect((await verdictOf(answer, 'build'))?.outcome).toBe('filtered');
});

test('chains start what waits for the end of an automation, with what it came to', async () => {
  const answer = await deliver('push', pushPayload({ ref: 'refs/heads/built', after: sha }));
  const run = runOf(answer, 'build');
  await resultOf(run);
  await expect.poll(async () => (await noted(`after ${run}`))?.data).toEqual({ outcome: 'passed', kind: 'push' });
});

test('chains end after five runs', async () => {
  const answer = await deliver('push', pushPayload({ ref: 'refs/heads/circle', after: sha }));
  await expect.poll(async () => (await noted(`circle ${answer.delivery}`))?.version, { timeout: 20_000 }).toBe(5);
  await expect
    .poll(() => installation.kept.printed.some((line) => line.includes('a chain of automations was ended')))
    .toBe(true);
});

test('a run by hand takes checked inputs, builds the head of a branch, and is explained as any', async () => {
  expect(await api('automations/ship/runs', { inputs: { environment: 'moon', extra: 1 } })).toEqual({
    status: 400,
    body: {
      error:
        'there is no input "extra"; it has environment, replicas, dry; the input "environment" must be one of staging, production; the input "dry" is missing: give true or false',
    },
  });
  expect(await api('automations/build/runs', {})).toMatchObject({ status: 409 });
  expect(await api('automations/none/runs', {})).toMatchObject({ status: 404 });
  const asked = { inputs: { environment: 'staging', replicas: '3', dry: 'true' }, id: randomUUID() };
  const { status, body } = await api('automations/ship/runs', asked);
  expect(status).toBe(200);
  expect(await resultOf(body.run ?? '')).toMatchObject({ outcome: 'passed' });
  expect(await noted(`ship ${body.delivery}`)).toMatchObject({
    version: 3,
    data: { environment: 'staging', dry: true, passed: true, sha: head },
  });
  expect(await api('automations/ship/runs', asked)).toMatchObject({ body: { run: body.run, duplicate: true } });
  const other = { ...asked, inputs: { ...asked.inputs, environment: 'production' } };
  expect(await api('automations/ship/runs', other)).toMatchObject({ status: 409 });
  expect(await installation.store.inbox.find(body.delivery ?? '')).toMatchObject({
    events: [{ kind: 'manual', inputs: { environment: 'staging', replicas: 3, dry: true } }],
    dispatches: [{ automation: 'ship', state: 'done' }],
  });
});

test('the body of a delivery can be read by its run, in whole and in part', async () => {
  const answer = await deliver('push', pushPayload({ ref: 'refs/heads/raw', after: sha }));
  expect(await resultOf(runOf(answer, 'reads'))).toMatchObject({ outcome: 'passed' });
  expect((await noted(`raw ${answer.delivery}`))?.data).toEqual({
    email: 'ada@example.com',
    part: 'Ada',
    none: true,
  });
});

test("cron triggers are Schedules, made, changed and deleted at start, and an operator's pause stays", async () => {
  const { taskQueue, catalog } = installation;
  const deps = { client, taskQueue, log: installation.kept.log };
  await reconcileSchedules(deps, catalog.automations);
  const handle = client.schedule.getHandle(`hookyard/${taskQueue}/nightly/0`);
  const made = await handle.describe();
  expect(made.spec).toMatchObject({ timezone: 'Europe/Berlin' });
  expect(made.policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 3_600_000 });

  await handle.trigger();
  await expect
    .poll(async () => (await noted('nightly'))?.data, { timeout: 20_000 })
    .toMatchObject({ cron: '17 3 * * *' });
  expect((await noted('nightly'))?.data).toMatchObject({ id: expect.stringMatching(/^nightly\/schedule\/.+\/0-/) });

  await handle.pause('a freeze');
  const later = catalog.automations.map((known) =>
    known.name === 'nightly' ? { ...known, on: [{ kind: 'schedule' as const, cron: '5 4 * * *' }] } : known,
  );
  await reconcileSchedules(deps, later);
  const changed = await handle.describe();
  expect(changed.state).toMatchObject({ paused: true, note: 'a freeze' });
  expect(changed.spec.calendars?.[0]).toMatchObject({ minute: [{ start: 5 }], hour: [{ start: 4 }] });

  await expect
    .poll(async () => {
      for await (const { scheduleId } of client.schedule.list()) if (scheduleId.includes(taskQueue)) return true;
      return false;
    })
    .toBe(true);
  await reconcileSchedules(deps, []);
  await expect(handle.describe()).rejects.toThrow();
});

/** Sends the end of a job of GitHub Actions on a branch that is called `main`, wherever it is. */
const checked = (check_suite: object, pull_requests: readonly object[] = []) =>
  deliver('check_run', {
    action: 'completed',
    check_run: {
      ...{ name: 'unit', head_sha: sha, status: 'completed', conclusion: 'success', app: { slug: 'github-actions' } },
      check_suite: { head_branch: 'main', ...check_suite },
      pull_requests,
    },
  });

test("a check of a fork's branch that is called as one of ours starts nothing: GitHub is asked whose it is", async () => {
  Object.assign(hub.suites, { 41: { id: own.id }, 42: { id: fork.id }, 43: null });
  const ours = await checked({ id: 41 });
  expect(await resultOf(runOf(ours, 'afterChecks'))).toMatchObject({ outcome: 'passed' });
  expect((await noted(`checks ${ours.delivery}`))?.data).toEqual({ sha });
  // Of a fork, of a fork that was deleted, of nothing that GitHub knows.
  for (const id of [42, 43, 44]) {
    const theirs = await checked({ id });
    expect(await resultOf(runOf(theirs, 'afterChecks')), `${id}`).toMatchObject({
      outcome: 'skipped',
      filtered: false,
      because: expect.stringMatching(/^its commit may be a fork's, and so a stranger's; forks: true would run on it/),
    });
    expect(await noted(`checks ${theirs.delivery}`)).toBeUndefined();
    expect(await resultOf(runOf(theirs, 'tellsOfChecks'))).toMatchObject({ outcome: 'passed' });
    const next = `afterTold/after-tellsOfChecks/${runOf(theirs, 'tellsOfChecks').slice('tellsOfChecks/'.length)}`;
    expect(await resultOf(next)).toMatchObject({ outcome: 'skipped', because: expect.stringContaining("a fork's") });
    expect(await noted(`after told ${theirs.delivery}`)).toBeUndefined();
  }
});

test('whose a check is, where GitHub refuses to tell, is unknown: it starts nothing, and says why', async () => {
  hub.forbidden.add('/repos/acme/app/actions/runs');
  try {
    expect(await resultOf(runOf(await checked({ id: 41 }), 'afterChecks'))).toMatchObject({
      outcome: 'skipped',
      because: expect.stringContaining('Resource not accessible'),
    });
  } finally {
    hub.forbidden.clear();
  }
});

test('a check of the very commit of a pull request of ours is ours, and GitHub is not asked', async () => {
  const answer = await checked({ id: 45 }, [{ number: 7, head: { ref: 'main', sha, repo: { id: own.id } } }]);
  expect(await resultOf(runOf(answer, 'afterChecks'))).toMatchObject({ outcome: 'passed' });
  expect(hub.received.filter(({ query }) => query.get('check_suite_id') === '45')).toEqual([]);
  expect(hub.received.filter(({ query }) => query.get('check_suite_id') === '41')).not.toEqual([]);
});
