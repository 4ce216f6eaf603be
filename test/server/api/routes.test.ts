import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { approvalKey, OPEN_APPROVALS, type OpenApproval } from '../../../src/runs/approval-records.js';
import { ARTIFACTS, artifactsOf } from '../../../src/runs/artifact-records.js';
import { FLAKY_TESTS } from '../../../src/runs/flaky-records.js';
import { Secret } from '../../../src/secrets/secret.js';
import { errorAnswer } from '../../../src/server/api/contract/error.js';
import type { Route } from '../../../src/server/api/route.js';
import { ROUTES } from '../../../src/server/api/routes.js';
import { artifactStorage } from '../../../src/storage/places.js';
import { installationOf } from '../../../src/store/installation.js';
import { manual, push } from '../../../src/triggers/index.js';
import { inLane } from '../../store/a-claim.js';
import { type ApiStage, openApiStage } from '../../support/harness/api-stage.js';
import { deliver } from '../../support/harness/delivery.js';
import { uniquePush } from '../../support/harness/payloads.js';
import type { Receiver } from '../../support/harness/receiver.js';
import { API_TOKEN } from '../../support/harness/receiver-config.js';
import { tempFolder } from '../../support/temp-folder.js';
import { unique } from '../../support/temporal.js';

/** A source that can be asked for what was missed. Runs of that are named by it, on the server of all tests. */
const MISSED = unique('missed');
const SHA = '1234567890123456789012345678901234567890';
const automations = () => [
  {
    name: 'passes',
    on: [push(), manual({ inputs: { loud: { type: 'boolean', default: false } } })],
    file: 'passes.ts',
  },
  { name: 'fails', on: [push()], file: 'fails.ts' },
  { name: 'stays', on: [push()], file: 'stays.ts' },
];

let stage: ApiStage;
let temporal: ApiStage['temporal'];
let receiver: Receiver;
let delivery: string;
let data: string;
const key = randomUUID();
const [passed, failed, open] = ['passes', 'fails', 'stays'].map((name) => `${name}/github/${key}`) as [
  string,
  string,
  string,
];

beforeAll(async () => {
  data = await tempFolder('routes');
  const config = {
    data,
    uiUrl: 'http://ui.example:8233/',
    sources: { github: {}, [MISSED]: { api: { token: new Secret('a-token-of-the-api') } } },
  };
  stage = await openApiStage({ name: 'routes', automations, config });
  ({ temporal, receiver } = stage);
  const { logs, records, attempts } = receiver.store;
  delivery = (await deliver(receiver.url, { id: key, body: uniquePush() })).body.delivery ?? '';
  stage.dispatcher.start();
  stage.dispatcher.wake();
  await logs.append({ workflowId: failed, job: 'build' }, [
    { at: 1, stream: 'note', attempt: 1, step: 'test', text: 'step 1: test' },
    { at: 2, stream: 'stdout', attempt: 1, step: 'test', text: '\u001b[31merror: it is red\u001b[0m' },
  ]);
  await attempts.add({ messageId: 'm', endpoint: 'e', attempt: 1, at: 1, durationMs: 2, status: 503, answer: 'no' });
  const at = new Date().toISOString();
  await records.upsert({
    ...{ collection: FLAKY_TESTS, key: 'k', version: 1 },
    data: {
      ...{ source: 'github', repository: 'acme/shop', automation: 'passes', job: 'build', test: 'adds' },
      ...{ times: 2, firstAt: at, lastAt: at, sha: SHA, run: passed },
    },
  });
  await records.upsert({
    ...{ collection: 'hookyard.caches', key: 'github#x#npm', version: 1 },
    data: {
      ...{ source: 'github', repository: 'acme/shop', branch: 'refs/heads/main', key: 'npm', paths: ['src/x'] },
      ...{ platform: 'linux-x64', place: 'p', hash: SHA, bytes: 7, files: 1, savedAt: 1, run: passed },
    },
  });
  const statusOf = async (id: string) => (await temporal.workflow.getHandle(id).describe()).status.name;
  await vi.waitFor(
    async () =>
      expect(await Promise.all([passed, failed, open].map(statusOf))).toEqual(['COMPLETED', 'FAILED', 'RUNNING']),
    { timeout: 15_000, interval: 100 },
  );
  // What is asked for from here on stays where it is.
  await stage.dispatcher.stop();
  for (const run of ['first', 'second', 'third']) await receiver.store.inbox.accept(inLane(run));
});
afterAll(async () => {
  await temporal?.workflow
    .getHandle(open)
    .terminate()
    .catch(() => undefined);
  await temporal?.workflow
    .getHandle(`sends/${key}`)
    .terminate()
    .catch(() => undefined);
  await temporal?.workflow
    .getHandle('hookyardResend/e/given-up')
    .terminate()
    .catch(() => undefined);
  await temporal?.workflow
    .getHandle(`hookyardReconcile/${MISSED}/by-hand`)
    .terminate()
    .catch(() => undefined);
  await stage?.close();
});

interface Sent {
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

async function ask(route: Route, { id = '', query = {}, body }: Sent) {
  const path = route.path.replace(':id', encodeURIComponent(id));
  const response = await fetch(`${receiver.url}/api${path}?${new URLSearchParams(query)}`, {
    method: route.method.toUpperCase(),
    headers: {
      authorization: `Bearer ${API_TOKEN}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
}

async function waitsForApproval(): Promise<void> {
  const waiting: OpenApproval = {
    ...{ run: open, automation: 'stays', name: 'production', nth: 1, source: 'github', repository: 'acme/app' },
    ...{ repositoryId: '1', branch: 'main', sha: SHA, by: ['anna'], quorum: 1, authors: [], allowAuthor: false },
    ...{ operators: true, since: 0, given: [], askedAt: new Date().toISOString() },
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  };
  const row = { collection: OPEN_APPROVALS, key: approvalKey(waiting), version: Date.now() };
  await receiver.store.records.upsert({ ...row, data: waiting });
}

/** Nobody sends it here, and its run has ended. */
async function givenUpMessage(): Promise<string> {
  const workflowId = `sends/${key}-given-up`;
  const sent = { endpoint: 'e', id: 'given-up', type: 't', timestamp: new Date().toISOString(), data: {} };
  await temporal.workflow.start('sends', { taskQueue: stage.taskQueue, workflowId, args: [[sent]] });
  const failed = { messageId: sent.id, endpoint: 'e', run: workflowId, attempt: 1, at: 1, durationMs: 2, status: 404 };
  await receiver.store.attempts.add(failed);
  const handle = temporal.workflow.getHandle(workflowId);
  await vi.waitFor(async () => expect((await handle.describe()).raw.pendingActivities).toHaveLength(1), {
    ...{ timeout: 15_000, interval: 50 },
  });
  await handle.terminate();
  return sent.id;
}

/** Its run waits for it, and nobody sends it here. */
async function waitingMessage(): Promise<string> {
  const workflowId = `sends/${key}`;
  const sent = { endpoint: 'e', id: 'waits', type: 't', timestamp: new Date().toISOString(), data: {} };
  await temporal.workflow.start('sends', { taskQueue: stage.taskQueue, workflowId, args: [[sent]] });
  const failed = { messageId: 'waits', endpoint: 'e', run: workflowId, attempt: 1, at: 1, durationMs: 2, status: 503 };
  await receiver.store.attempts.add(failed);
  const handle = temporal.workflow.getHandle(workflowId);
  await vi.waitFor(async () => expect((await handle.describe()).raw.pendingActivities).toHaveLength(1), {
    ...{ timeout: 15_000, interval: 50 },
  });
  return 'waits';
}

/** Is kept as a worker on the same machine keeps it. */
async function keptArtifact(): Promise<string> {
  const where = { data, storage: {}, artifacts: { megabytes: 10 } };
  const storage = artifactStorage(where, { installation: installationOf(receiver.store.records) });
  const { folder, remove } = await storage.scratch();
  await writeFile(join(folder, 'file'), 'it is red');
  const { hash, bytes } = await storage.put(join(folder, 'file'), new AbortController().signal);
  await remove();
  const now = Date.now();
  await receiver.store.records.upsert({
    ...{ collection: ARTIFACTS, key: `${artifactsOf(passed)}site`, version: now },
    data: {
      ...{ run: passed, job: 'build', name: 'site', source: 'github', repository: 'acme/shop' },
      ...{ place: await storage.place(), hash, bytes, files: 1, savedAt: now, expiresAt: now + 60_000 },
    },
  });
  return 'site';
}

/** What each route is asked, in this order. */
const CASES: Readonly<Record<string, () => Sent | Promise<Sent>>> = {
  showOverview: () => ({}),
  listSources: () => ({}),
  listOutbound: () => ({ query: { message: 'm' } }),
  retryMessage: async () => ({ body: { message: await waitingMessage() } }),
  resendMessage: async () => ({ body: { message: await givenUpMessage() } }),
  listFlakyTests: () => ({}),
  listDeliveries: () => ({ query: { repository: 'acme/shop', source: 'github' } }),
  showDelivery: () => ({ id: delivery, query: { content: 'true', diff: 'true' } }),
  showRun: () => ({ query: { id: failed, all: '' } }),
  listRuns: () => ({ query: { automation: 'fails' } }),
  findRun: () => ({ query: { name: passed } }),
  listKeptJobs: () => ({ query: { id: failed } }),
  showWholeRun: () => ({ query: { name: failed } }),
  listStuckRuns: () => ({}),
  readLog: () => ({ query: { run: failed, job: 'build' } }),
  openLog: () => ({ query: { run: failed, job: 'build', text: 'red' } }),
  searchLog: () => ({ query: { run: failed, job: 'build', text: 'red' } }),
  downloadLog: () => ({ query: { run: failed, job: 'build' } }),
  followLog: () => ({ query: { run: failed, job: 'build' } }),
  listAutomations: () => ({}),
  showAutomation: () => ({ id: 'passes' }),
  showFeeds: () => ({ query: { automation: 'passes', branch: 'main' } }),
  listProjects: () => ({ query: { automation: 'fails' } }),
  listLanes: () => ({}),
  changeLane: () => ({ body: { lane: 'the lane deploy', mode: 'paused', by: 'ada', reason: 'a freeze' } }),
  moveInLane: () => ({ body: { run: 'third', by: 'ada' } }),
  approve: async () => {
    await waitsForApproval();
    return { query: { id: open, sha: SHA }, body: { by: 'ada' } };
  },
  reject: async () => {
    await waitsForApproval();
    return { query: { id: open }, body: { by: 'ada', why: 'not today' } };
  },
  replayDelivery: () => ({ id: delivery, query: { automation: 'passes', once: 'once-for-all' } }),
  showEditable: () => ({ id: delivery, query: { source: 'github' } }),
  explainEdited: () => ({ id: delivery, body: { payload: uniquePush({ ref: 'refs/heads/dev' }) } }),
  startEdited: () => ({ id: delivery, body: { payload: uniquePush(), once: 'once-for-all' } }),
  rerun: () => ({ query: { name: failed, once: 'once-for-all' } }),
  cancelRuns: () => ({ body: { run: open, by: 'ada', dryRun: true } }),
  runByHand: () => ({ id: 'passes', body: { inputs: { loud: true } } }),
  reconcile: () => ({ body: { since: '1h', source: MISSED } }),
  forget: () => ({ body: { repository: 'acme/shop', dryRun: true } }),
  listActs: () => ({}),
  listArtifacts: () => ({ query: { id: passed } }),
  downloadArtifact: async () => ({ query: { id: passed, name: await keptArtifact() } }),
  listCaches: () => ({ query: { branch: 'main' } }),
  clearCaches: () => ({ body: { repository: 'acme/shop' } }),
};

const all = Object.values(ROUTES).flat();
const routeOf = (name: string) => all.find((route) => route.name === name) as Route;

describe('the table of routes', () => {
  test('has a request of this test for each of them, and no two of one name or address', () => {
    expect(Object.keys(CASES).sort()).toEqual(all.map(({ name }) => name).sort());
    expect(new Set(all.map(({ method, path }) => `${method} ${path}`)).size).toBe(all.length);
  });

  test.each(Object.keys(CASES))(
    '%s answers with what its schema says, and with nothing that it does not',
    async (name) => {
      const route = routeOf(name);
      const sent = await CASES[name]?.();
      const { status, type, text } = await ask(route, sent ?? {});
      expect({ status, text: status === 200 ? '' : text }).toEqual({ status: 200, text: '' });
      expect(type).toContain(route.kind === 'json' ? 'application/json' : route.type);
      if (route.kind === 'stream') return expect(text).toContain('it is red');
      const answer = JSON.parse(text);
      // What a schema does not name is left out by it.
      expect(route.answer.parse(answer)).toEqual(answer);
      if (sent?.body) expect(route.body?.safeParse(sent.body).success, 'the body is as the table has it').toBe(true);
      if (sent?.query)
        expect(Object.keys(route.query?.shape ?? {})).toEqual(expect.arrayContaining(Object.keys(sent.query)));
    },
  );

  test('runs that wait in lanes to begin are among those that wait, and say how', async () => {
    const listed = await ask(routeOf('listRuns'), { query: { waiting: 'lane' } });
    expect(JSON.parse(listed.text).notBegun).toContainEqual(
      expect.objectContaining({ run: 'third', automation: 'ci' }),
    );
    const second = await ask(routeOf('listRuns'), { query: { waiting: 'approval' } });
    expect(JSON.parse(second.text)).not.toHaveProperty('notBegun');
    const shown = await ask(routeOf('showRun'), { query: { id: 'third', all: 'true' } });
    expect(JSON.parse(shown.text)).toEqual({
      status: 'waiting',
      standing: expect.stringMatching(/^waits in the lane the lane deploy, place \d, /),
    });
  });

  test.each(all.filter(({ query }) => query && !query.safeParse({}).success))(
    '$name says which parameter it lacks, as the table has them',
    async (route) => {
      const lacking = Object.keys(route.query?.shape ?? {}).filter(
        (name) => route.query?.shape[name]?.safeParse(undefined).success === false,
      );
      const { status, text } = await ask(route, { id: 'x', ...(route.body && { body: {} }) });
      expect(status).toBe(400);
      expect(errorAnswer.parse(JSON.parse(text)).error).toContain(`"${lacking[0]}"`);
    },
  );

  test.each(all.filter(({ id }) => id !== undefined))('$name says that there is none of a name', async (route) => {
    const { status, text } = await ask(route, { id: 'there-is-none', ...(route.body && { body: {} }) });
    const error = JSON.parse(text);
    expect({ status, error: errorAnswer.parse(error) }).toEqual({ status: 404, error });
    expect(route.errors?.[404]).toBeDefined();
  });

  test.each(all.filter(({ method }) => method === 'post'))('$name takes no body of another type', async ({ path }) => {
    const response = await fetch(`${receiver.url}/api${path.replace(':id', 'passes')}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'text/plain' },
      body: '{"inputs":{"loud":true}}',
    });
    expect(response.status).toBe(415);
  });
});
