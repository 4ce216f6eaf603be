import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadCatalog } from '../../../src/catalog/load.js';
import { createDispatcher } from '../../../src/dispatch/dispatcher.js';
import { packageRoot } from '../../../src/paths.js';
import { knownSources } from '../../../src/providers/known-sources.js';
import { createApp } from '../../../src/server/app.js';
import { type Listening, listen } from '../../../src/server/listen.js';
import { bundleWorkflows } from '../../../src/worker/bundle.js';
import { reconcileSchedules } from '../../../src/worker/schedules.js';
import { type PullsStandIn, startPulls } from '../../support/fake-github/pulls.js';
import { pullRequestPayload, pushPayload } from '../../support/harness/payloads.js';
import { openWorkshop, type Workshop } from '../../support/harness/worker.js';
import { testClient } from '../../support/temporal.js';

const TOKEN = 'canary-github-token';
const HOOK = 'a webhook secret';
const log = pino({ level: 'silent' });
/** One for each test: GitHub is written to once a second, and tests need not wait for each other's turns. */
const SOURCES = Array.from({ length: 50 }, (_, i) => (i === 0 ? 'github' : `hub-${i}`));
const repository = { id: 1, full_name: 'acme/app', html_url: 'http://hub/acme/app', private: false };

let workshop: Workshop;
let client: Awaited<ReturnType<typeof testClient>>;
let hub: PullsStandIn;
let receiver: Listening;
let dispatcher: ReturnType<typeof createDispatcher>;

beforeAll(async () => {
  client = await testClient();
  hub = await startPulls(TOKEN);
  workshop = await openWorkshop(
    (folder) => ({
      sources: Object.fromEntries(
        SOURCES.map((name) => [
          name,
          {
            kind: 'github' as const,
            secrets: [{ env: 'HOOK' }],
            api: { url: `${hub.url}/${name}`, token: { env: 'TOKEN' }, account: 'hookyard-bot' },
            clone: { url: `${folder}/repositories/{fullName}.git` },
          },
        ]),
      ),
    }),
    { HOOK, TOKEN, HOOKYARD_API_TOKEN: 'api token' },
    join(packageRoot, 'test/workflows/run/gated'),
  );
  const { config, store, catalog, taskQueue } = workshop;
  dispatcher = createDispatcher({ inbox: store.inbox, client, taskQueue, log });
  dispatcher.start();
  const app = createApp({
    config,
    sources: knownSources(config.sources),
    store,
    client,
    log,
    automations: () => catalog.automations,
    wake: dispatcher.wake,
  });
  receiver = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await receiver?.close();
  await dispatcher?.stop();
  await workshop?.close();
  await hub?.close();
  await client?.close();
});

let sha = '';
let source = 'github';
let tests = 0;
beforeEach(() => {
  source = SOURCES[tests++] ?? 'github';
  sha = randomUUID().replaceAll('-', '').padEnd(40, '0');
  hub.head = { sha, repository: 'acme/app' };
  hub.files = [{ filename: 'src/cart.ts', status: 'modified' }];
  hub.away = false;
  Object.assign(hub.permissions, { ada: 'write', root: 'admin', eve: 'read' });
});

interface Answer {
  readonly delivery: string;
  readonly verdicts: readonly { automation: string; outcome: string; because: string; run?: string }[];
  readonly runs: readonly string[];
}

async function deliver(event: string, payload: object): Promise<Answer> {
  const body = JSON.stringify({ ...payload, repository, nonce: randomUUID() });
  const answer = await fetch(`${receiver.url}/webhooks/${source}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', HOOK).update(body).digest('hex')}`,
    },
  });
  expect(answer.status).toBe(202);
  return (await answer.json()) as Answer;
}

const own = { id: 1, full_name: 'acme/app' };
const fork = { id: 2, full_name: 'eve/app' };
const pull = (change: object = {}, head: object = own) =>
  deliver(
    'pull_request',
    pullRequestPayload(change as never, {
      base: { ref: 'main', sha: 'b'.repeat(40), repo: own },
      head: { ref: 'more', sha, repo: head },
      ...('title' in change ? { title: change.title } : {}),
    }),
  );
let comments = 100;
/** Written after some minutes of reading, unless it is said otherwise. */
const say = (body: string, login = 'ada', createdAt = new Date(Date.now() + 300_000)) => {
  comments += 1;
  return deliver('issue_comment', {
    action: 'created',
    issue: { number: 7, title: 'Sell even more', state: 'open', pull_request: { url: 'x' }, user: { login: 'ada' } },
    comment: {
      id: comments,
      body,
      user: { login, type: 'User' },
      created_at: createdAt.toISOString(),
      html_url: 'http://hub/c',
    },
    sender: { login, id: 5, type: 'User' },
  });
};

const runOf = ({ verdicts }: Answer, automation: string) =>
  verdicts.find((verdict) => verdict.automation === automation)?.run ?? '';
/** The dispatcher starts a run after the delivery is answered. */
const started = (workflowId: string) =>
  expect
    .poll(
      () =>
        client.workflow
          .getHandle(workflowId)
          .describe()
          .then(
            () => 'started',
            () => 'not yet',
          ),
      { timeout: 20_000 },
    )
    .toBe('started');
const resultOf = async (workflowId: string) => {
  await started(workflowId);
  return client.workflow.getHandle(workflowId).result() as Promise<{ outcome: string }>;
};
const noted = (key: string) => workshop.store.records.get('notes', key);
/** Of this test's commit, newest first. */
const statuses = () => hub.statuses.filter((status) => status.sha === sha).reverse();
const PATIENTLY = { timeout: 15_000 };
const stateOf = (context: string) => () => statuses().find((status) => status.context === context)?.state;
const waiting = async (workflowId: string) => {
  await started(workflowId);
  await expect
    .poll(async () => (await client.workflow.getHandle(workflowId).describe()).memo?.waitsForApproval, {
      timeout: 20_000,
    })
    .toMatchObject({ sha });
};
const visible = (workflowId: string) =>
  expect
    .poll(
      async () => {
        for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) return run.memo;
        return undefined;
      },
      { timeout: 20_000 },
    )
    .toMatchObject({ waitsForApproval: { sha } });
const api = async (path: string, body?: object) => {
  const answer = await fetch(`${receiver.url}/api/${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer api token', 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
};

describe('path filters', () => {
  test('ask the provider for the files of a pull request, and skip when none counts', async () => {
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

  test('run when one counts, be it by its old name', async () => {
    hub.files = [{ filename: 'docs/a.md', status: 'renamed', previous_filename: 'src/a.md' }];
    const answer = await pull();
    expect(await resultOf(runOf(answer, 'sources'))).toMatchObject({ outcome: 'passed' });
    expect(await noted(`sources ${answer.delivery}`)).toBeDefined();
  });

  test('run when there is nothing to compare with, without asking', async () => {
    const asked = hub.received.length;
    const answer = await deliver(
      'push',
      pushPayload({ created: true, before: '0'.repeat(40), after: sha, commits: [] }),
    );
    expect(await resultOf(runOf(answer, 'sources'))).toMatchObject({ outcome: 'passed' });
    expect(hub.received.slice(asked).filter(({ path }) => path.includes('compare'))).toEqual([]);
  });
});

describe('code from a fork', () => {
  test('waits until somebody who may write approves that commit', async () => {
    const answer = await pull({}, fork);
    const run = runOf(answer, 'build');
    await waiting(run);
    await visible(run);
    expect(await noted(`build ${answer.delivery}`)).toBeUndefined();
    await expect.poll(stateOf('hookyard/build'), PATIENTLY).toBe('pending');

    const refused = await say('/approve build', 'eve');
    expect(await resultOf(runOf(refused, 'hookyardCommands'))).toMatchObject({ outcome: 'skipped' });
    expect(hub.reactions.at(-1)).toEqual({ comment: String(comments), content: '-1' });
    expect((await client.workflow.getHandle(run).describe()).status.name).toBe('RUNNING');

    const approved = await say('Looks good.\n\n/approve build', 'ada');
    await resultOf(runOf(approved, 'hookyardCommands'));
    expect(hub.reactions.at(-1)).toEqual({ comment: String(comments), content: 'eyes' });
    expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
    expect((await noted(`build ${answer.delivery}`))?.data).toEqual({ sha });
    await expect.poll(stateOf('hookyard/approval/build'), PATIENTLY).toBe('success');
  });

  test('that was approved once is approved for a later run of the same commit', async () => {
    const first = await pull({}, fork);
    await visible(runOf(first, 'build'));
    await resultOf(runOf(await say('/approve'), 'hookyardCommands'));
    await resultOf(runOf(first, 'build'));
    const again = await pull({ action: 'reopened' }, fork);
    expect(await resultOf(runOf(again, 'build'))).toMatchObject({ outcome: 'passed' });
  });

  test('an approval is not for a commit that came just before or after it was written, unless it is named', async () => {
    const first = await pull({}, fork);
    await visible(runOf(first, 'build'));
    const before = hub.comments.length;
    await resultOf(runOf(await say('/approve build', 'ada', new Date(Date.now() - 60_000)), 'hookyardCommands'));
    await resultOf(runOf(await say('/approve build', 'ada', new Date()), 'hookyardCommands'));
    await resultOf(runOf(await say(`/approve build ${sha}`, 'ada', new Date(Date.now() - 60_000)), 'hookyardCommands'));
    await resultOf(runOf(await say(`/approve build ${sha.slice(0, 7)}`), 'hookyardCommands'));
    expect(hub.comments.slice(before).map(({ body }) => body)).toEqual([
      expect.stringContaining('came just before or after this was written'),
      expect.stringContaining('came just before or after this was written'),
      expect.stringContaining('came just before or after this was written'),
      expect.stringContaining('is neither an automation nor a commit'),
    ]);
    expect((await client.workflow.getHandle(runOf(first, 'build')).describe()).status.name).toBe('RUNNING');
    await client.workflow.getHandle(runOf(first, 'build')).cancel();
  });

  test('a newer commit waits in the place of an older one', async () => {
    const older = await pull({}, fork);
    await visible(runOf(older, 'build'));
    sha = sha.replace(/^./, (digit) => (digit === 'a' ? 'b' : 'a'));
    const newer = await pull({ action: 'synchronize' }, fork);
    await waiting(runOf(newer, 'build'));
    expect(await resultOf(runOf(older, 'build'))).toMatchObject({ outcome: 'skipped', filtered: false });
    await client.workflow.getHandle(runOf(newer, 'build')).cancel();
  });

  test('can be approved by an operator, for one run and one commit', async () => {
    const answer = await pull({}, fork);
    const run = runOf(answer, 'build');
    await waiting(run);
    const id = encodeURIComponent(run);
    expect(await api(`runs/approve?id=${id}&sha=${'f'.repeat(12)}`)).toMatchObject({ status: 409 });
    expect(await api('runs/approve?id=nowhere')).toMatchObject({ status: 404 });
    expect(await api(`runs/approve?id=${id}&sha=${sha.slice(0, 7)}`)).toEqual({
      status: 200,
      body: { run, approved: sha },
    });
    expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
    expect(await api(`runs/approve?id=${id}`)).toMatchObject({ status: 409 });
  });
});

describe('a stranger', () => {
  test('can not make a required check green: not by a newer commit, nor by a title that a filter refuses', async () => {
    const first = await pull({}, fork);
    await visible(runOf(first, 'build'));
    await expect.poll(stateOf('hookyard/build'), PATIENTLY).toBe('pending');
    const older = sha;
    sha = sha.replace(/^./, (digit) => (digit === 'a' ? 'b' : 'a'));
    const second = await pull({ action: 'synchronize' }, fork);
    await resultOf(runOf(first, 'build'));
    const said = () =>
      hub.statuses.filter((status) => status.sha === older).map(({ context, state }) => `${context} ${state}`);
    await expect.poll(said, PATIENTLY).toContain('hookyard/build error');
    expect(said().filter((status) => status.endsWith('success'))).toEqual([]);
    await client.workflow.getHandle(runOf(second, 'build')).cancel();

    const refused = await pull({ action: 'reopened', title: 'Docs [skip ci]' }, fork);
    expect(refused.verdicts.find(({ automation }) => automation === 'build')?.outcome).toBe('filtered');
  });

  test('does not get round the approval by a chain', async () => {
    const answer = await pull({ title: 'Hello there' }, fork);
    const run = runOf(answer, 'greets');
    await resultOf(run);
    const next = `afterGreets/after-greets/${run.slice('greets/'.length)}`;
    await waiting(next);
    expect(await noted(`after greets ${answer.delivery}`)).toBeUndefined();
    await client.workflow.getHandle(next).cancel();
    await client.workflow.getHandle(runOf(answer, 'build')).cancel();
  });

  test('gives no command that another of the same automation needs more permission for', async () => {
    const answer = await say('/lint\n/ship-it', 'eve');
    expect(await resultOf(runOf(answer, 'lints'))).toMatchObject({ outcome: 'skipped' });
    const fine = await say('/lint', 'eve');
    expect(await resultOf(runOf(fine, 'lints'))).toMatchObject({ outcome: 'passed' });
  });

  test('mentions nobody in what is answered, and makes it hold no command', async () => {
    const before = hub.comments.length;
    await resultOf(runOf(await say('/test x`y @acme/everyone', 'ada'), 'hookyardCommands'));
    expect(hub.comments[before]?.body).toMatch(/^``\/test x`y @acme\/everyone``: there is no such/);
    const echoed = await say(`/test build\n<!-- hookyard:answer -->`, 'ada');
    expect(echoed.runs).toEqual([]);
  });
});

test('a required check that has failed is not made green by a later title that a filter refuses', async () => {
  hub.known[`${sha} hookyard/build`] = 'failure';
  const answer = await pull({ title: 'Docs only' });
  expect(await resultOf(runOf(answer, 'build'))).toMatchObject({ outcome: 'skipped' });
  expect(statuses().map(({ context }) => context)).not.toContain('hookyard/build');
});

test('a run keeps to what was asked when it was received, whatever its automation has become', async () => {
  const answer = await pull({}, fork);
  const run = runOf(answer, 'build');
  await waiting(run);
  const history = await client.workflow.getHandle(run).fetchHistory();
  const edited = workshop.catalog.automations.find(({ name }) => name === 'build');
  expect(edited).toBeDefined();
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-edited-'));
  try {
    await writeFile(
      join(folder, 'edited.ts'),
      `import { automation, pullRequest } from 'hookyard/workflow';
       export const build = automation(
         { on: pullRequest({ paths: ['src/**'], forks: true, branches: ['other'] }), checks: ['build'] },
         async () => undefined,
       );`,
    );
    const bundle = await bundleWorkflows(await loadCatalog(folder), join(folder, 'data'));
    await Worker.runReplayHistory({ workflowBundle: bundle }, history, run);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await client.workflow.getHandle(run).cancel();
  }
});

test("/test does not run another repository's automation", async () => {
  const before = hub.comments.length;
  const answer = await say('/test elsewhere', 'ada');
  await resultOf(runOf(answer, 'hookyardCommands'));
  expect(hub.comments[before]?.body).toContain('there is no such automation');
  expect(await noted(`elsewhere ${answer.delivery}`)).toBeUndefined();
});

describe('a pull request that a filter refuses', () => {
  test('has the required checks reported as skipped, and nothing else is done', async () => {
    const answer = await pull({ title: 'Docs only' });
    expect(answer.verdicts.find(({ automation }) => automation === 'build')).toMatchObject({
      outcome: 'skip',
      because: 'title "Docs only" is not in titles ["!Docs**"]',
    });
    expect(await resultOf(runOf(answer, 'build'))).toMatchObject({ outcome: 'skipped' });
    expect(await noted(`build ${answer.delivery}`)).toBeUndefined();
    await expect.poll(stateOf('hookyard/build'), PATIENTLY).toBe('success');
  });

  test('says nothing about an action that brings no new code', async () => {
    const answer = await pull({ action: 'labeled', title: 'Docs only' });
    expect(answer.verdicts.find(({ automation }) => automation === 'build')?.outcome).toBe('filtered');
  });
});

describe('commands', () => {
  test("an automation's own runs for whoever may give it, and keeps one comment", async () => {
    const before = hub.comments.length;
    const refused = await say('/deploy staging', 'ada');
    expect(await resultOf(runOf(refused, 'deploy'))).toMatchObject({
      outcome: 'skipped',
      because: '"ada" has write access to acme/app, and needs admin',
    });
    const first = await say('please\n/deploy staging now\n```\n/deploy production\n```\n> /deploy quoted', 'root');
    expect(await resultOf(runOf(first, 'deploy'))).toMatchObject({ outcome: 'passed' });
    expect((await noted(`deploy ${first.delivery}`))?.data).toEqual([{ name: 'deploy', args: ['staging', 'now'] }]);
    const second = await say('/deploy staging', 'root');
    expect(await resultOf(runOf(second, 'deploy'))).toMatchObject({ outcome: 'passed' });
    expect(hub.comments.slice(before).map(({ body }) => body)).toEqual([
      'deployed for root\n\n<!-- hookyard:deploy -->',
    ]);
  });

  test('/test starts a named automation on the pull request as it is now', async () => {
    const answer = await say('/test build', 'ada');
    const run = runOf(answer, 'hookyardCommands');
    await resultOf(run);
    const again = run.replace('hookyardCommands', 'build');
    expect(await resultOf(`${again}/test`)).toMatchObject({ outcome: 'passed' });
    expect((await noted(`build ${answer.delivery}`))?.data).toEqual({ sha });
  });

  test('/test without a known name is answered with the names', async () => {
    const before = hub.comments.length;
    await resultOf(runOf(await say('/test nothing', 'ada'), 'hookyardCommands'));
    expect(hub.comments.slice(before).map(({ body }) => body)).toEqual([
      '`/test nothing`: there is no such automation; there are: `build`, `greets`, `sources`\n\n<!-- hookyard:answer -->',
    ]);
  });

  test('/cancel cancels the runs of the pull request', async () => {
    const answer = await pull({}, fork);
    await visible(runOf(answer, 'build'));
    await resultOf(runOf(await say('/cancel build', 'ada'), 'hookyardCommands'));
    await expect(resultOf(runOf(answer, 'build'))).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  });

  test('/retest starts what did not pass, and not what did', async () => {
    hub.files = [{ filename: 'src/x.ts', status: 'added' }];
    const answer = await pull();
    await resultOf(runOf(answer, 'build'));
    await resultOf(runOf(answer, 'sources'));
    await expect
      .poll(async () => {
        const query = `HookyardCommit = '${sha}' AND ExecutionStatus = 'Completed'`;
        return (await client.workflow.count(query)).count;
      })
      .toBeGreaterThanOrEqual(2);
    const before = hub.comments.length;
    await resultOf(runOf(await say('/retest', 'ada'), 'hookyardCommands'));
    expect(hub.comments.slice(before).map(({ body }) => body)).toEqual([
      expect.stringContaining('`/retest`: nothing has failed'),
    ]);
  });

  test.each([
    ['of a bot', { sender: { login: 'x[bot]', id: 1, type: 'Bot' } }],
    ['of our own account', { sender: { login: 'hookyard-bot', id: 1, type: 'User' } }],
    ['that was edited in', { action: 'edited', changes: { body: { from: 'x' } } }],
  ])('none is taken from a comment %s', async (_, change) => {
    const answer = await deliver('issue_comment', {
      action: 'created',
      issue: { number: 7, title: 't', state: 'open', pull_request: { url: 'x' }, user: { login: 'ada' } },
      comment: {
        id: 1,
        body: '/test build',
        user: { login: 'ada' },
        created_at: '2026-11-24T08:00:00Z',
        html_url: 'x',
      },
      sender: { login: 'ada', id: 7, type: 'User' },
      ...change,
    });
    expect(answer.runs).toEqual([]);
  });
});

describe('chains', () => {
  test('start what waits for the end of an automation, with what it came to', async () => {
    const answer = await deliver('push', pushPayload({ ref: 'refs/heads/built', after: sha }));
    const run = runOf(answer, 'build');
    await resultOf(run);
    await expect.poll(async () => (await noted(`after ${run}`))?.data).toEqual({ outcome: 'passed', kind: 'push' });
  });

  test('end after five runs', async () => {
    const answer = await deliver('push', pushPayload({ ref: 'refs/heads/circle', after: sha }));
    await expect.poll(async () => (await noted(`circle ${answer.delivery}`))?.version, { timeout: 20_000 }).toBe(5);
    await expect
      .poll(() => workshop.lines.some((line) => line.includes('a chain of automations was ended')))
      .toBe(true);
  });
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
    data: { environment: 'staging', dry: true, passed: true, sha: workshop.sha },
  });
  expect(await api('automations/ship/runs', asked)).toMatchObject({ body: { run: body.run, duplicate: true } });
  const other = { ...asked, inputs: { ...asked.inputs, environment: 'production' } };
  expect(await api('automations/ship/runs', other)).toMatchObject({ status: 409 });
  expect(await workshop.store.inbox.find(body.delivery ?? '')).toMatchObject({
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
  const { taskQueue, catalog } = workshop;
  const deps = { client, taskQueue, log };
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
