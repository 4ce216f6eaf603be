import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFakeGithub } from '../../support/fake-github/github.js';
import { closers } from '../../support/harness/closers.js';
import { deliver } from '../../support/harness/delivery.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { pullRequestPayload } from '../../support/harness/payloads.js';
import { runReceiver } from '../../support/harness/running-receiver.js';
import { runWorker } from '../../support/harness/worker.js';
import { startSkippingTemporal } from '../../support/skipping-temporal.js';

const SECRET = 'a secret of the stale test';
const DAY_MS = 24 * 3_600_000;
const { add, close } = closers();

let hub: Awaited<ReturnType<typeof startFakeGithub>>;
let temporal: Awaited<ReturnType<typeof startSkippingTemporal>>;
let installation: Installation;

beforeAll(async () => {
  hub = add(await startFakeGithub({ token: 'canary-github-token' }));
  temporal = add(await startSkippingTemporal());
  installation = add(
    await openInstallation({
      name: 'stale',
      automations: fileURLToPath(new URL('skipped', import.meta.url)),
      values: { SECRET, TOKEN: 'canary-github-token' },
      config: () => ({
        sources: {
          github: {
            ...{ kind: 'github', secrets: [{ env: 'SECRET' }] },
            api: { url: hub.url, token: { env: 'TOKEN' }, account: 'hookyard-bot' },
          },
        },
      }),
    }),
  );
  add(await runReceiver(installation, temporal.client));
});
afterAll(close);

const repository = { id: 1, full_name: 'acme/app', html_url: 'http://hub/acme/app', private: false };
const send = (event: string, payload: object) =>
  deliver(installation.address.url, { event, secret: SECRET, body: JSON.stringify({ ...payload, repository }) });
const pull = (action: string) => send('pull_request', pullRequestPayload({ action }));
const say = (body: string) =>
  send('issue_comment', {
    action: 'created',
    issue: { number: 7, title: 'x', state: 'open', pull_request: { url: 'x' }, user: { login: 'ada' } },
    comment: { id: 1, body, user: { login: 'ada', type: 'User' }, html_url: 'x', created_at: new Date().toISOString() },
    sender: { login: 'ada', id: 7, type: 'User' },
  });

test('a pull request without activity for three days is reminded of, once; each activity counts from its own time', async () => {
  const { body } = await pull('opened');
  await say('I will look at it');
  await say('Soon');
  // All of it has arrived before anything works.
  add(await runWorker(installation, { address: temporal.address }));
  const [run = ''] = body.runs ?? [];
  const handle = temporal.client.workflow.getHandle(run);
  await expect
    .poll(() => handle.describe().then(({ status }) => status.name, String), { timeout: 30_000 })
    .toBe('COMPLETED');
  const { startTime, closeTime } = await handle.describe();
  const tookMs = Number(closeTime) - Number(startTime);
  expect(tookMs).toBeGreaterThanOrEqual(3 * DAY_MS);
  expect(tookMs).toBeLessThan(4 * DAY_MS);
  expect(hub.comments.map((comment) => comment.body)).toEqual([
    expect.stringContaining('Nothing has happened here for three days.'),
  ]);
});

test('a pull request that was closed is not reminded of', async () => {
  const before = hub.comments.length;
  const { body } = await pull('reopened');
  await pull('closed');
  const handle = temporal.client.workflow.getHandle(body.runs?.[0] ?? '');
  await expect
    .poll(() => handle.describe().then(({ status }) => status.name, String), { timeout: 30_000 })
    .toBe('CANCELLED');
  expect(hub.comments).toHaveLength(before);
});
