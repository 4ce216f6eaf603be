import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDispatcher } from '../../../src/dispatch/dispatcher.js';
import { knownSources } from '../../../src/providers/known-sources.js';
import { createApp } from '../../../src/server/app.js';
import { type Listening, listen } from '../../../src/server/listen.js';
import { type LocalServer, startServer } from '../../support/harness/http-server.js';
import { openWorkshop, type Workshop } from '../../support/harness/worker.js';
import { testClient, unique } from '../../support/temporal.js';
import { pushEvent } from '../../triggers/sample-events.js';

let workshop: Workshop;
let client: Awaited<ReturnType<typeof testClient>>;
let receiver: Listening;
let dispatcher: ReturnType<typeof createDispatcher>;
let builder: LocalServer;

beforeAll(async () => {
  client = await testClient();
  builder = await startServer(() => ({ status: 201, body: { id: '7', cancelUrl: `${builder.url}/cancel/7` } }));
  workshop = await openWorkshop(
    () => ({
      sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } },
      builds: { 'calls-back': { url: `${builder.url}/build`, allowPrivate: true } },
    }),
    { HOOK: 'x', HOOKYARD_API_TOKEN: 'token', HOOKYARD_CALLBACK_KEY: 'a key for callbacks' },
  );
  const { config, store, catalog, taskQueue } = workshop;
  const log = pino({ level: 'silent' });
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
  (config.server as { publicUrl?: string }).publicUrl = receiver.url;
});

afterAll(async () => {
  await receiver?.close();
  await dispatcher?.stop();
  await workshop?.close();
  await builder?.close();
  await client?.close();
});

const start = () =>
  client.workflow.start('waiting', {
    workflowId: unique('waiting'),
    taskQueue: workshop.taskQueue,
    args: [pushEvent()],
  });
const asked = async (from: number) => {
  await expect.poll(() => builder.received.length, { timeout: 15_000 }).toBeGreaterThan(from);
  return builder.received.at(-1)?.body as { params: unknown; callbackUrl: string };
};
const call = async (url: string, status: string) => {
  const answer = await fetch(url, {
    method: 'POST',
    body: JSON.stringify({ status }),
    headers: { 'content-type': 'application/json' },
  });
  return { status: answer.status, body: (await answer.json()) as object };
};

test('a build elsewhere is done when its one-time callback is called; the first answer counts, a later one is ignored', async () => {
  const run = await start();
  const { params, callbackUrl } = await asked(0);
  expect(params).toEqual({ what: 'everything' });
  expect(await call(`${callbackUrl}x`, 'passed')).toMatchObject({ status: 404 });
  expect(await call(callbackUrl, 'failed')).toMatchObject({ status: 202, body: { accepted: 'failed' } });
  expect(await call(callbackUrl, 'passed')).toMatchObject({
    status: 200,
    body: { ignored: 'this callback was already used' },
  });
  expect(await run.result()).toMatchObject({
    outcome: 'failed',
    steps: [{ what: 'Build calls-back', outcome: 'failed' }],
  });
});

test('cancelling the run cancels the build elsewhere', async () => {
  const before = builder.received.length;
  const run = await start();
  await asked(before);
  await expect.poll(async () => (await run.fetchHistory()).events?.length ?? 0, { timeout: 10_000 }).toBeGreaterThan(8);
  await run.cancel();
  await run.result().catch(() => undefined);
  expect((await run.describe()).status.name).toBe('CANCELLED');
  expect(builder.received.at(-1)).toMatchObject({ method: 'POST', path: '/cancel/7' });
});
