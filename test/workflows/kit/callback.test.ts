import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../../src/paths.js';
import { closers } from '../../support/harness/closers.js';
import { type LocalServer, startServer } from '../../support/harness/http-server.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { runReceiver } from '../../support/harness/running-receiver.js';
import { runWorker } from '../../support/harness/worker.js';
import { testClient, unique } from '../../support/temporal.js';
import { pushEvent } from '../../triggers/sample-events.js';

const { add, close } = closers();
let installation: Installation;
let client: Awaited<ReturnType<typeof testClient>>;
let builder: LocalServer;

beforeAll(async () => {
  client = add(await testClient());
  builder = add(await startServer(() => ({ status: 201, body: { id: '7', cancelUrl: `${builder.url}/cancel/7` } })));
  installation = add(
    await openInstallation({
      name: 'callback',
      automations: join(packageRoot, 'test/workflows/kit/automations'),
      config: ({ receiver }) => ({
        server: { publicUrl: receiver },
        sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } },
        builds: { 'calls-back': { url: `${builder.url}/build`, allowPrivate: true } },
      }),
      values: { HOOK: 'x', HOOKYARD_API_TOKEN: 'token', HOOKYARD_CALLBACK_KEY: 'a key for callbacks' },
    }),
  );
  add(await runWorker(installation));
  add(await runReceiver(installation, client));
});
afterAll(close);

const start = (automation = 'waiting') =>
  client.workflow.start(automation, {
    workflowId: unique(automation),
    taskQueue: installation.taskQueue,
    args: [pushEvent()],
  });
const asked = async (from: number) => {
  await expect.poll(() => builder.received.length).toBeGreaterThan(from);
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
  await expect.poll(async () => (await run.fetchHistory()).events?.length ?? 0).toBeGreaterThan(8);
  await run.cancel();
  await run.result().catch(() => undefined);
  expect((await run.describe()).status.name).toBe('CANCELLED');
  expect(builder.received.at(-1)).toMatchObject({ method: 'POST', path: '/cancel/7' });
});

test('a build that passes when its author tries it again is what its cell is judged by', async () => {
  const before = builder.received.length;
  const run = await start('triesAgain');
  for (const [done, status] of ['failed', 'passed'].entries()) {
    const { callbackUrl } = await asked(before + done);
    await call(callbackUrl, status);
  }
  expect(await run.result()).toMatchObject({ outcome: 'passed' });
});
