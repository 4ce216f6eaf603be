import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createSendWebhook } from '../../../../src/activities/outbound/send-webhook.js';
import { toPairs } from '../../../../src/runs/search-attributes.js';
import { MESSAGE, NEW, type Partner, startPartner } from '../../../activities/outbound/partner.js';
import { depsOf } from '../../../support/harness/activity.js';
import { configOf } from '../../../support/harness/config.js';
import { type Receiver, startReceiver } from '../../../support/harness/receiver.js';
import { API_TOKEN } from '../../../support/harness/receiver-config.js';
import { temporalAddress, testClient, unique } from '../../../support/temporal.js';
import { ask, askApi, OWN } from '../../page/ask.js';

const TASK_QUEUE = unique('retry');
const HOURS_10 = 36_000_000;

let temporal: Awaited<ReturnType<typeof testClient>>;
let connection: NativeConnection;
let worker: Worker;
let working: Promise<void>;
let receiver: Receiver;
let partner: Partner;
beforeAll(async () => {
  temporal = await testClient();
  connection = await NativeConnection.connect({ address: temporalAddress() });
  receiver = await startReceiver({ client: temporal, config: { taskQueue: TASK_QUEUE } });
  partner = await startPartner();
  const config = configOf(
    {
      sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } },
      endpoints: { partner: { url: partner.url, allowPrivate: true, secrets: [{ env: 'NEW' }] } },
    },
    { HOOK: 'x', NEW },
  );
  const deps = { ...depsOf(config), store: receiver.store };
  const workflowsPath = fileURLToPath(new URL('../../../support/harness/workflows.ts', import.meta.url));
  // Nothing here waits for so long: what comes sooner was asked for.
  const sendWebhook = createSendWebhook(deps, { schedule: [HOURS_10, HOURS_10] });
  worker = await Worker.create({ connection, workflowsPath, taskQueue: TASK_QUEUE, activities: { sendWebhook } });
  working = worker.run();
});
afterAll(async () => {
  worker?.shutdown();
  await working;
  await connection?.close();
  await receiver?.close();
  await partner?.close();
  await temporal?.close();
});

async function failedOnce(id: string) {
  partner.answer = (_, res) => res.writeHead(503).end('busy');
  const started = await temporal.workflow.start('sends', {
    ...{ taskQueue: TASK_QUEUE, workflowId: `sends/${id}` },
    args: [
      [
        { ...MESSAGE, id: `${id}-other` },
        { ...MESSAGE, id },
      ],
    ],
  });
  await vi.waitFor(
    async () => {
      expect(await receiver.store.attempts.list({ messageId: id, limit: 9 })).toHaveLength(1);
      const { raw } = await started.describe();
      const waiting = raw.pendingActivities?.filter(({ nextAttemptScheduleTime }) => nextAttemptScheduleTime);
      expect(waiting).toHaveLength(2);
    },
    { timeout: 15_000, interval: 50 },
  );
  return started;
}

type Told = { readonly status: number; readonly body: { state?: string; run?: string; error?: string } };

const retry = (body: object) => send('retry', body);
const resend = (body: object) => send('resend', body);

async function send(how: 'retry' | 'resend', body: object): Promise<Told> {
  const headers = { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json', 'x-hookyard-by': 'anna' };
  const response = await fetch(`${receiver.url}/api/outbound/${how}`, {
    ...{ method: 'POST', headers, body: JSON.stringify(body) },
  });
  return { status: response.status, body: (await response.json()) as Told['body'] };
}

test('a message that waits for its next try is sent at once, by its run, with the same id; others wait on', async () => {
  const id = `msg_${randomUUID()};ls`;
  const run = await failedOnce(id);
  const page = `/outbound?endpoint=partner&message=${id}`;
  expect((await ask(receiver, page)).text).toContain('Retry now');
  partner.answer = (_, res) => res.writeHead(200).end('thanks');
  expect(await retry({ message: id })).toMatchObject({ status: 200, body: { state: 'tried now' } });
  await vi.waitFor(
    async () =>
      expect(await receiver.store.attempts.list({ messageId: id, limit: 9 })).toMatchObject([
        { status: 200 },
        { status: 503 },
      ]),
    { timeout: 15_000, interval: 50 },
  );
  const ids = partner.received.map(({ headers }) => headers['webhook-id']);
  expect(ids.filter((one) => one === id)).toHaveLength(2);
  expect(ids.filter((one) => one === `${id}-other`)).toHaveLength(1);
  const { acts } = (await askApi(receiver, '/api/acts?limit=1')) as { acts: unknown[] };
  expect(acts).toMatchObject([{ by: 'anna', act: 'retry message', on: `${id} to partner`, result: 'tried now' }]);
  // It was taken, so nothing is tried again, by the page neither.
  expect((await retry({ message: id })).body.error).toContain('has taken it');
  expect((await ask(receiver, page)).text).not.toContain('Retry now');
  await run.terminate();
  const other = await retry({ message: `${id}-other` });
  expect([other.status, other.body.error]).toEqual([
    409,
    expect.stringContaining(`hookyard outbound resend '${id}-other'`),
  ]);
});

test('what is being sent is left alone, and pressed twice is sent once', async () => {
  const id = `msg_${randomUUID()}`;
  const run = await failedOnce(id);
  let finish = () => {};
  partner.answer = (_, res) => {
    finish = () => res.writeHead(204).end();
  };
  const form = { message: id, endpoint: 'partner' };
  const before = partner.received.length;
  const pressed = await ask(receiver, '/outbound/retry', { method: 'POST', headers: OWN, form });
  expect(pressed.status).toBe(303);
  await vi.waitFor(() => expect(partner.received).toHaveLength(before + 1), { timeout: 15_000, interval: 50 });
  expect(await retry(form)).toMatchObject({ status: 200, body: { state: 'being sent' } });
  finish();
  await vi.waitFor(
    async () => expect(await receiver.store.attempts.list({ messageId: id, limit: 9 })).toHaveLength(2),
    { timeout: 15_000, interval: 50 },
  );
  expect(partner.received).toHaveLength(before + 1);
  await run.terminate();
});

/** A message that its endpoint has refused, so that its run has given it up. */
async function givenUp(id: string) {
  partner.answer = (_, res) => res.writeHead(404).end('no such order');
  const started = await temporal.workflow.start('sends', {
    ...{ taskQueue: TASK_QUEUE, workflowId: `sends/${id}`, args: [[{ ...MESSAGE, id, data: { order: id } }]] },
    typedSearchAttributes: toPairs({ HookyardSource: 'github', HookyardRepository: 'acme/shop' }),
  });
  await expect(started.result()).rejects.toThrow();
}

const attemptsOf = (messageId: string) => receiver.store.attempts.list({ messageId, limit: 9 });
const sentWith = (id: string) => partner.received.filter(({ headers }) => headers['webhook-id'] === id);

test('a message that was given up is sent anew by a run of its own, with the same id and content, and who asked for it is kept', async () => {
  const id = `msg_${randomUUID()}`;
  await givenUp(id);
  const page = `/outbound?endpoint=partner&message=${id}`;
  expect((await ask(receiver, page)).text).toContain('Send anew');
  // It may be given up again, and be sent anew again.
  const run = `hookyardResend/partner/${id}`;
  expect(await resend({ message: id })).toMatchObject({ status: 200, body: { state: 'sent anew', run } });
  await vi.waitFor(async () => expect(await attemptsOf(id)).toHaveLength(2), { timeout: 15_000, interval: 50 });
  await expect(temporal.workflow.getHandle(run).result()).rejects.toThrow();
  partner.answer = (_, res) => res.writeHead(200).end('thanks');
  const form = { message: id, endpoint: 'partner' };
  expect((await ask(receiver, '/outbound/resend', { method: 'POST', headers: OWN, form })).status).toBe(303);
  await vi.waitFor(
    async () =>
      expect(await attemptsOf(id)).toMatchObject([{ status: 200, run }, { status: 404, run }, { status: 404 }]),
    { timeout: 15_000, interval: 50 },
  );
  const bodies = sentWith(id).map(({ body }) => body.toString());
  expect(bodies).toHaveLength(3);
  expect(new Set(bodies).size).toBe(1);
  expect(bodies[0]).toContain(`"order":"${id}"`);
  const { acts } = (await askApi(receiver, '/api/acts?limit=2')) as { acts: unknown[] };
  const act = { act: 'resend message', on: `${id} to partner`, result: `sent anew, by ${run}` };
  expect(acts).toMatchObject([
    { ...act, how: 'here' },
    { ...act, by: 'anna' },
  ]);
  // What is forgotten of a repository is this too.
  const { searchAttributes } = await temporal.workflow.getHandle(run).describe();
  expect(searchAttributes).toMatchObject({ HookyardRepository: ['acme/shop'], HookyardSource: ['github'] });
  expect((await resend({ message: id })).body.error).toContain('has taken it');
  expect((await ask(receiver, page)).text).not.toContain('Send anew');
});

test('a message that is sent anew twice is sent once at a time, and tried again as any', async () => {
  const id = `msg_${randomUUID()}`;
  await givenUp(id);
  partner.answer = (_, res) => res.writeHead(503).end('busy');
  const run = `hookyardResend/partner/${id}`;
  const both = await Promise.all([resend({ message: id }), resend({ message: id })]);
  expect(both.map(({ body }) => body.state).sort()).toEqual(['being sent', 'sent anew']);
  await vi.waitFor(async () => expect(await attemptsOf(id)).toHaveLength(2), { timeout: 15_000, interval: 50 });
  expect(await resend({ message: id })).toMatchObject({ status: 200, body: { state: 'being sent', run } });
  partner.answer = (_, res) => res.writeHead(204).end();
  await vi.waitFor(async () => expect((await retry({ message: id })).body).toMatchObject({ state: 'tried now', run }), {
    ...{ timeout: 15_000, interval: 50 },
  });
  await vi.waitFor(async () => expect((await attemptsOf(id))[0]).toMatchObject({ status: 204 }), {
    ...{ timeout: 15_000, interval: 50 },
  });
  expect(sentWith(id)).toHaveLength(3);
});

test('a message that its run still tries, or whose run is not kept, is not sent anew', async () => {
  const id = `msg_${randomUUID()};ls`;
  const run = await failedOnce(id);
  const tried = await resend({ message: id });
  expect([tried.status, tried.body.error]).toEqual([
    409,
    expect.stringContaining(`hookyard outbound retry '${id}' sends`),
  ]);
  await run.terminate();
  partner.answer = (_, res) => res.writeHead(204).end();
  expect((await resend({ message: id })).body).toMatchObject({ state: 'sent anew' });
  const lost = { messageId: `${id}-lost`, endpoint: 'partner', run: `sends/${id}-lost`, attempt: 8 };
  await receiver.store.attempts.add({ ...lost, at: 1, durationMs: 1, status: 500 });
  const unknown = await resend({ message: `${id}-lost` });
  expect([unknown.status, unknown.body.error]).toEqual([409, expect.stringContaining('does not keep what')]);
});

test('what was never sent is not found, and what is asked wrongly says how to ask', async () => {
  for (const ask of [retry, resend]) {
    expect((await ask({ message: 'none' })).status).toBe(404);
    expect((await ask({})).body.error).toContain('"message"');
  }
});
