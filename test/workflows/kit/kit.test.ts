import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type WorkflowExecutionDescription, WorkflowFailedError } from '@temporalio/client';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOptions } from '../../../src/dispatch/start-options.js';
import type { HookyardEvent } from '../../../src/events/event.js';
import { packageRoot } from '../../../src/paths.js';
import { CANCEL_SIGNAL } from '../../../src/runs/names.js';
import { withoutChanging } from '../../../src/runs/search-attributes.js';
import type { StartDispatch } from '../../../src/store/store.js';
import { type FakeGithub, startFakeGithub } from '../../support/fake-github/github.js';
import { changes } from '../../support/harness/changes.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { openRepository, type TestRepository } from '../../support/harness/repository.js';
import { runWorker, type TestWorker } from '../../support/harness/worker.js';
import { testClient, unique } from '../../support/temporal.js';
import { commentEvent, pushEvent, tagEvent } from '../../triggers/sample-events.js';

const GITHUB_TOKEN = 'canary-github-token';
const WEBHOOK_SECRET = `whsec_${Buffer.from('canary-webhook-secret-of-32-bytes').toString('base64')}`;
const TWILIO_TOKEN = 'canary-twilio-token';
const SMTP_PASSWORD = 'canary-smtp-password';
const JOB_SECRET = 'canary-job-secret';
const SLACK_PATH = '/services/T0/B0/canary-slack-path';
const CANARY = /canary-(github-token|webhook-secret|twilio-token|smtp-password|job-secret|slack-path)/;

interface Taken {
  readonly at: 'slack' | 'twilio' | 'partner' | 'other' | 'other-status';
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let github: FakeGithub;
let installation: Installation;
let worker: TestWorker;
let sha = '';
let origin: TestRepository;
let client: Awaited<ReturnType<typeof testClient>>;
const taken: Taken[] = [];
const mails: { from: string; to: string[]; text: string }[] = [];
let smtpAttempts = 0;

/** Everything else that is spoken to over HTTP. Each refuses the first request, as a service does that restarts. */
const services = createServer(async (req, res) => {
  let body = '';
  for await (const chunk of req) body += chunk;
  const path = req.url ?? '';
  const at =
    path === SLACK_PATH
      ? 'slack'
      : path.startsWith('/2010-04-01/')
        ? 'twilio'
        : path === '/partner'
          ? 'partner'
          : path === '/other'
            ? 'other'
            : 'other-status';
  const isFirst = !taken.some((request) => request.at === at);
  taken.push({ at, headers: req.headers, body });
  if (isFirst) return void res.writeHead(503).end();
  const answers: Record<Taken['at'], unknown> = {
    slack: 'ok',
    twilio: { sid: 'SM1' },
    partner: {},
    other: { id: '7', statusUrl: `${servicesUrl}/other/7`, url: `${servicesUrl}/page/7` },
    'other-status': { status: 'passed' },
  };
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answers[at]));
});
let servicesUrl = '';
const smtp = new SMTPServer({
  authOptional: false,
  disabledCommands: ['STARTTLS'],
  allowInsecureAuth: true,
  onAuth: ({ username, password }, _, done) =>
    username === 'hookyard' && password === SMTP_PASSWORD ? done(null, { user: 'hookyard' }) : done(new Error('no')),
  onData: (stream, session, done) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    stream.on('end', () => {
      smtpAttempts += 1;
      if (smtpAttempts === 1) return done(Object.assign(new Error('try later'), { responseCode: 451 }));
      const { mailFrom, rcptTo } = session.envelope;
      mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), text });
      done();
    });
  },
});
smtp.on('error', () => undefined);

beforeAll(async () => {
  client = await testClient();
  github = await startFakeGithub({ token: GITHUB_TOKEN });
  await new Promise<void>((resolve) => services.listen(0, '127.0.0.1', resolve));
  servicesUrl = `http://127.0.0.1:${(services.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const smtpPort = (smtp.server.address() as AddressInfo).port;
  installation = await openInstallation({
    name: 'kit',
    automations: join(packageRoot, 'test/workflows/kit/automations'),
    config: ({ folder }) => ({
      sources: {
        github: {
          kind: 'github',
          secrets: [{ env: 'HOOK' }],
          api: { url: github.url, token: { env: 'GITHUB_TOKEN' } },
          clone: { url: `${folder}/repositories/{fullName}.git` },
        },
      },
      secrets: { token: { env: 'JOB_SECRET' } },
      channels: {
        slack: { team: { url: { env: 'SLACK' } } },
        email: { team: { server: { env: 'SMTP' }, from: 'hookyard@example.com', to: ['team@example.com'] } },
        sms: { team: { accountSid: 'AC1', authToken: { env: 'TWILIO' }, from: '+1', to: ['+2'], apiUrl: servicesUrl } },
      },
      endpoints: { partner: { url: `${servicesUrl}/partner`, secrets: [{ env: 'WEBHOOK' }], allowPrivate: true } },
      builds: { other: { url: `${servicesUrl}/other`, allowPrivate: true } },
    }),
    values: {
      HOOK: 'x',
      GITHUB_TOKEN,
      JOB_SECRET,
      SLACK: `${servicesUrl}${SLACK_PATH}`,
      SMTP: `smtp://hookyard:${SMTP_PASSWORD}@127.0.0.1:${smtpPort}`,
      TWILIO: TWILIO_TOKEN,
      WEBHOOK: WEBHOOK_SECRET,
    },
  });
  origin = await openRepository(installation.folder);
  sha = await origin.commit({ 'word.txt': 'the word is here\n' });
  worker = await runWorker(installation);
});

afterAll(async () => {
  await worker?.close();
  await installation?.close();
  await github?.close();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
  services.closeAllConnections();
  await new Promise((resolve) => services.close(resolve));
  await client?.close();
});

const repository = { id: '1', fullName: 'acme/app', url: 'https://github.com/acme/app', private: false };

const pushed = () => pushEvent({ repository, commit: { sha: sha, message: 'One `$(id)`; rm -rf /' } });

function start(automation: string, event: HookyardEvent = pushed()) {
  return client.workflow.start(automation, {
    workflowId: unique(automation),
    taskQueue: installation.taskQueue,
    args: [event],
  });
}

/** Starts a run as the dispatcher does. */
function dispatch(automation: string, event: HookyardEvent = pushed()) {
  const start = { automation, event, workflowId: unique(automation) } as StartDispatch;
  return client.workflow.start(automation, startOptions(start, installation.taskQueue));
}

/** How a run has ended: in Temporal's words, and in those of its search attributes. */
const endOf = async (run: { describe(): Promise<WorkflowExecutionDescription> }) => {
  const { status, searchAttributes } = await run.describe();
  return {
    status: status.name,
    outcome: searchAttributes.HookyardOutcome?.[0],
    waiting: searchAttributes.HookyardWaiting?.[0],
  };
};

const statuses = (context: string) =>
  changes(github.statuses.filter((status) => status.context === context).map(({ state }) => state));

test('every part of the kit reaches its service, which fails the first time: Temporal retries, and each is told once', async () => {
  github.insteadOf('POST', { status: 502 });
  const run = await start('everything');
  const finishing = run.result();
  // The dispatched workflow ends as GitHub's do: by itself, some time later.
  await expect.poll(() => github.runs.length, { timeout: 30_000 }).toBe(1);
  Object.assign(github.runs[0] ?? {}, { status: 'completed', conclusion: 'success' });
  expect(await finishing).toMatchObject({ outcome: 'passed' });

  const at = (service: Taken['at']) => taken.filter((request) => request.at === service);
  expect(statuses('hookyard/everything/test')).toEqual(['pending', 'success']);
  expect(statuses('hookyard/everything/all')).toEqual(['success']);
  expect(github.dispatches).toHaveLength(1);
  expect(at('slack').map(({ body }) => JSON.parse(body))).toEqual(Array(2).fill({ text: 'built: true true true' }));
  expect(mails).toEqual([
    { from: 'hookyard@example.com', to: ['team@example.com'], text: expect.stringContaining('outcome passed') },
  ]);
  expect(smtpAttempts).toBe(2);
  const basic = `Basic ${Buffer.from(`AC1:${TWILIO_TOKEN}`).toString('base64')}`;
  expect(at('twilio').map(({ headers }) => headers.authorization)).toEqual([basic, basic]);
  expect(at('twilio')[1]?.body).toBe('To=%2B2&From=%2B1&Body=built');
  const [first, second] = at('partner');
  expect(first?.headers['webhook-id']).toBe(second?.headers['webhook-id']);
  expect(
    new Webhook(WEBHOOK_SECRET).verify(second?.body ?? '', second?.headers as Record<string, string>),
  ).toMatchObject({
    type: 'push.built',
    data: { sha },
  });
  expect(at('other')).toHaveLength(2);
  expect(at('other')[0]?.headers['idempotency-key']).toBe(at('other')[1]?.headers['idempotency-key']);
  expect(await installation.store.records.get('commits', 'main')).toMatchObject({ data: { sha } });
  expect(await installation.store.attempts.list({ endpoint: 'partner', limit: 9 })).toMatchObject([
    { status: 200 },
    { status: 503 },
  ]);

  const logged = await installation.store.logs.read(
    { workflowId: run.workflowId, job: 'test' },
    { after: 0, limit: 100 },
  );
  const output = logged.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
  expect(output).toEqual(['the word is here', 'One `$(id)`; rm -rf / ***']);
  const history = JSON.stringify(await run.fetchHistory());
  expect(Buffer.from(history).toString('latin1')).not.toMatch(CANARY);
  expect(installation.kept.printed.join('')).not.toMatch(CANARY);
  expect(JSON.stringify(logged)).not.toMatch(CANARY);
});

test('the Temporal UI alone tells what happened: current details with every step and the end of the output', async () => {
  const run = await start('red');
  expect(await run.result()).toMatchObject({ outcome: 'failed', steps: [{ what: 'Job red', outcome: 'failed' }] });
  const metadata = await run.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(metadata.currentDetails.replace(/[\d.]+ s/g, '# s')).toBe(
    [
      `- ❌ Job red: "exit 3" failed after # s at ${sha.slice(0, 7)}`,
      '- ↳ ran on the host',
      '- ↳ echo before: passed in # s',
      '- ↳ exit 3: failed in # s',
      '- ↳ echo after: skipped',
      '',
      '```text',
      'job red begins',
      `check out ${sha} of acme/app`,
      'step 1 of 3: echo before',
      'before',
      'echo before: passed in # s',
      'step 2 of 3: exit 3',
      'exit 3: failed with exit code 3 after # s',
      '```',
      '',
      `\`hookyard logs ${run.workflowId}\` shows all of it`,
      '',
    ].join('\n'),
  );
  expect(statuses('hookyard/red')).toEqual(['pending', 'failure']);
  const page = `http://ui.example/namespaces/default/workflows/${run.workflowId}/${run.firstExecutionRunId}/user-metadata`;
  expect(github.statuses.findLast(({ context }) => context === 'hookyard/red')?.target_url).toBe(page);
});

test('a cancelled run stops its build and reports that it was cancelled', async () => {
  const run = await start('slow');
  const job = { workflowId: run.workflowId, job: 'slow' };
  const texts = async () => (await installation.store.logs.read(job, { after: 0, limit: 100 })).map(({ text }) => text);
  await expect.poll(texts, { timeout: 30_000 }).toContain('step 1 of 1: sleep 300');
  await run.cancel();
  const ended = await run.result().catch((error: unknown) => error);
  expect(ended).toBeInstanceOf(WorkflowFailedError);
  expect((await run.describe()).status.name).toBe('CANCELLED');
  expect(statuses('hookyard/slow')).toEqual(['pending', 'error']);
  expect(await texts()).toContain('cancelled');
});

test('time that is up is a result, reported as an error', async () => {
  const run = await start('late');
  expect(await run.result()).toMatchObject({ outcome: 'failed' });
  expect(statuses('hookyard/late')).toEqual(['pending', 'error']);
});

test("an error that the author's code throws fails the run, with its words", async () => {
  const run = await start('broken');
  await expect(run.result()).rejects.toMatchObject({ cause: { message: 'the author did not think of this' } });
});

test('a job on a comment that is about no pull request fails the run and says so, whatever commit it names', async () => {
  const run = await start('misled', commentEvent({ repository, on: 'issue', commit: { sha } }));
  await expect(run.result()).rejects.toMatchObject({
    cause: { message: expect.stringMatching(/^runJob\(\): a comment on an issue leads to no commit/) },
  });
  expect(statuses('hookyard/misled')).toEqual([]);
  const other = await start('statusless', commentEvent({ repository }));
  await expect(other.result()).rejects.toMatchObject({
    cause: {
      message: expect.stringMatching(/^report\.status\(\): a comment event brings no commit: pass what headOf/),
    },
  });
});

test("a tag whose payload names the tag's own object is built and reported as its commit", async () => {
  await origin.git('tag', '--annotate', '--message=two', 'v2', sha);
  await origin.git('push', '--quiet', origin.bare, 'refs/tags/v2');
  const object = await origin.git('rev-parse', 'refs/tags/v2');
  const told = { repository, ref: 'refs/tags/v2', tag: 'v2', commit: { sha: object }, unpeeled: true } as const;
  const run = await start('tagged', tagEvent(told));
  expect(await run.result()).toMatchObject({ outcome: 'passed' });
  const logs = await installation.store.logs.read(
    { workflowId: run.workflowId, job: 'publish' },
    { after: 0, limit: 100 },
  );
  expect(logs.map(({ text }) => text)).toContain(`${sha} ${sha}`);
  // A status may be written twice, and those of two contexts in either order.
  const written = github.statuses.map(({ context, state, sha: of }) => `${context} ${state} of ${of}`);
  expect([...new Set(written)].filter((status) => status.startsWith('hookyard/tagged')).sort()).toEqual([
    `hookyard/tagged/done success of ${sha}`,
    `hookyard/tagged/publish pending of ${sha}`,
    `hookyard/tagged/publish success of ${sha}`,
  ]);
});

test('a tag that was moved since is neither built nor reported under the name of another object', async () => {
  const told = {
    repository,
    ref: 'refs/tags/gone',
    tag: 'gone',
    commit: { sha: 'd'.repeat(40) },
    unpeeled: true,
  } as const;
  const run = await start('tagged', tagEvent(told));
  await expect(run.result()).rejects.toMatchObject({
    cause: { cause: { message: 'acme/app has no tag "gone" any more' } },
  });
  expect(github.statuses.some((status) => status.sha.startsWith('ddd'))).toBe(false);
});

test('what is not configured fails the run at once and says what to add', async () => {
  const run = await start('unconfigured');
  await expect(run.result()).rejects.toMatchObject({
    cause: {
      cause: { message: 'channel "nowhere" is not configured: add channels.slack.nowhere to hookyard.config.ts' },
    },
  });
});

test('a job beside one that fails is stopped, and its status does not stay pending', async () => {
  const run = await start('abandoned');
  await expect(run.result()).rejects.toBeInstanceOf(WorkflowFailedError);
  expect(statuses('hookyard/abandoned/long').at(-1)).toBe('error');
  expect(statuses('hookyard/abandoned/long').filter((state) => state !== 'pending')).toEqual(['error']);
});

test('what the author does not wait for is done before the run ends, and its failure does not hang the run', async () => {
  const run = await start('unawaited');
  const result = (await run.result()) as { steps: { outcome: string }[] };
  expect(result.steps.map(({ outcome }) => outcome)).toEqual(['passed', 'error']);
  expect(await installation.store.records.get('unawaited', 'main')).toMatchObject({ data: { done: true } });
});

test('a run that Hookyard starts fails in Temporal where a build did not pass: with the step, its last lines, and the result', async () => {
  const run = await dispatch('ruddy');
  const failed: unknown = await run.result().catch((error: WorkflowFailedError) => error.cause);
  expect(failed).toMatchObject({
    type: 'BuildFailed',
    nonRetryable: true,
    category: 'BENIGN',
    details: [
      {
        outcome: 'failed',
        steps: [{ what: 'Job unit' }, { what: 'Job style' }, { what: 'Start afterRuddy' }],
        startedRuns: [expect.stringMatching(/^afterRuddy\/after-ruddy\//)],
      },
    ],
  });
  const [what, ...lines] = (failed as Error).message.replace(/[\d.]+ s/g, '# s').split('\n');
  expect(what).toBe('Job unit: "exit 3" failed after # s');
  expect(lines.at(-1)).toBe('exit 3: failed with exit code 3 after # s');
  expect(lines).toContain('before');
  expect(statuses('hookyard/ruddy/unit').at(-1)).toBe('failure');
  expect(await endOf(run)).toEqual({ status: 'FAILED', outcome: 'failed', waiting: 'nothing' });
  // What listens to it has started all the same.
  const after = () => installation.store.records.get('after', run.workflowId);
  await expect.poll(after, { timeout: 30_000 }).toMatchObject({ data: { outcome: 'failed' } });
});

test('the last lines of a build that failed are in no failure with a secret, and have an end', async () => {
  const run = await dispatch('spills');
  const failed = (await run.result().catch((error: WorkflowFailedError) => error.cause)) as Error;
  expect(failed.message).toMatch(/^Job spills: "exit 1" failed after/);
  expect(failed.message).toContain('the token is ***');
  expect(failed.message.length).toBeLessThanOrEqual(2_500);
  expect(failed.message).not.toContain('\u001b');
});

test('a run that a workflow starts itself returns its outcome, as it always did', async () => {
  const event = { ...pushed(), deliveryId: unique('reads') };
  const run = await dispatch('reads', event);
  await run.result();
  expect(await installation.store.records.get('read', event.deliveryId)).toMatchObject({ data: { outcome: 'failed' } });
  expect(await endOf(run)).toMatchObject({ status: 'COMPLETED', outcome: 'passed' });
});

test('a slip of the author fails the run as what it is, and not as a build', async () => {
  const run = await dispatch('slips');
  await expect(run.result()).rejects.toMatchObject({ cause: { type: 'TypeError' } });
  expect(await endOf(run)).toEqual({ status: 'FAILED', outcome: 'error', waiting: 'nothing' });
});

test('a cancelled run says on the commit, on its page and in its memo who cancelled it', async () => {
  const run = await dispatch('slow');
  const before = github.statuses.length;
  const job = { workflowId: run.workflowId, job: 'slow' };
  const texts = async () => (await installation.store.logs.read(job, { after: 0, limit: 100 })).map(({ text }) => text);
  await expect.poll(texts, { timeout: 30_000 }).toContain('step 1 of 1: sleep 300');
  await run.signal(CANCEL_SIGNAL, { because: 'cancelled by anna through hookyard cancel' });
  await run.cancel();
  await run.result().catch(() => undefined);
  expect(await endOf(run)).toEqual({ status: 'CANCELLED', outcome: 'cancelled', waiting: 'nothing' });
  const last = github.statuses.slice(before).findLast(({ context }) => context === 'hookyard/slow');
  expect(last).toMatchObject({ state: 'error', description: 'cancelled by anna through hookyard cancel' });
  expect((await run.describe()).memo).toMatchObject({ cancelledBecause: 'cancelled by anna through hookyard cancel' });
  const { currentDetails } = await run.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toContain('Cancelled: cancelled by anna through hookyard cancel');
});

test('a run in a namespace without these search attributes ends all the same', async () => {
  const start = { automation: 'red', event: pushed(), workflowId: unique('red') } as StartDispatch;
  const { typedSearchAttributes: all, ...options } = startOptions(start, installation.taskQueue);
  const run = await client.workflow.start('red', { ...options, typedSearchAttributes: withoutChanging(all) });
  await run.result().catch(() => undefined);
  expect(await endOf(run)).toEqual({ status: 'FAILED', outcome: undefined, waiting: undefined });
});
