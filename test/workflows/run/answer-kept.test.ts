import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type FakeGithub, startFakeGithub } from '../../support/fake-github/github.js';
import { closers } from '../../support/harness/closers.js';
import { startServer } from '../../support/harness/http-server.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { type RunningReceiver, runReceiver } from '../../support/harness/running-receiver.js';
import { sendPush } from '../../support/harness/send-push.js';
import { runWorker } from '../../support/harness/worker.js';
import { startSkippingTemporal } from '../../support/skipping-temporal.js';
import { tempFolder } from '../../support/temp-folder.js';

/*
 * Time in which a run only waits is skipped: what people do in it, they do while they are asked, before Slack answers.
 */
const SECRET = 'a secret of these tests';
const PATIENTLY = { timeout: 60_000, interval: 100 };
const PERMISSION = '/repos/acme/app/collaborators/bea/permission';
const MODULE = `
  import { approval, automation, notify, push, sync } from 'hookyard/workflow';
  export const deploy = automation({ on: push() }, async (event) => {
    const { state, by } = await approval({
      name: 'production', expires: event.branch === 'brief' ? '15 minutes' : '2 days', allowAuthor: true,
      ask: ({ link }) => notify.slack('releases', link('bea')),
    });
    await sync.upsert('noted', event.branch, { state, by: by.map(({ login, how }) => login + ' by a ' + how) }, { version: 1 });
  });
`;

const { add, close } = closers();
let github: FakeGithub;
let installation: Installation;
let receiver: RunningReceiver;
const presses: number[] = [];

beforeAll(async () => {
  const temporal = add(await startSkippingTemporal());
  github = add(await startFakeGithub({ token: 'canary-token' }));
  github.permissions.bea = 'write';
  const slack = add(
    await startServer(async ({ body }) => {
      const { text } = body as { text: string };
      const [link = ''] = /http\S+/.exec(text) ?? [];
      const press = () => fetch(link, { method: 'POST', body: new URLSearchParams({ answer: 'approve' }) });
      presses.push((await press()).status, (await press()).status);
      return { status: 200, body: 'ok' };
    }),
  );
  const automations = await tempFolder('answer-kept');
  await mkdir(automations, { recursive: true });
  await writeFile(join(automations, 'deploy.ts'), MODULE);
  installation = add(
    await openInstallation({
      name: 'answer-kept',
      automations,
      values: { HOOK: SECRET, TOKEN: 'canary-token', SLACK: slack.url, HOOKYARD_CALLBACK_KEY: 'k'.repeat(43) },
      config: ({ receiver: publicUrl }) => ({
        server: { publicUrl },
        sources: {
          github: { kind: 'github', secrets: [{ env: 'HOOK' }], api: { url: github.url, token: { env: 'TOKEN' } } },
        },
        channels: { slack: { releases: { url: { env: 'SLACK' } } } },
      }),
    }),
  );
  add(await runWorker(installation, { address: temporal.address, letOn: () => receiver.wake() }));
  receiver = add(await runReceiver(installation, temporal.client));
}, 120_000);
afterAll(close);
beforeEach(() => {
  presses.length = 0;
});

const noted = (branch: string) => async () => (await installation.store.records.get('noted', branch))?.data;
const asked = () => github.received.filter(({ path }) => path === PERMISSION).length;

test('an answer by a link counts once it can be asked who may give it: the link is used, and nothing else could be', async () => {
  github.forbidden.add(PERMISSION);
  await sendPush(receiver.url, { secret: SECRET, source: 'github', branch: 'patient' });
  await expect.poll(asked, PATIENTLY).toBeGreaterThanOrEqual(2);
  expect(presses).toEqual([200, 409]);
  expect(await noted('patient')()).toBeUndefined();
  github.forbidden.clear();
  await expect.poll(noted('patient'), PATIENTLY).toEqual({ state: 'approved', by: ['bea by a link'] });
});

test('an approval whose time is up has expired, whoever could not be asked about', async () => {
  github.forbidden.add(PERMISSION);
  await sendPush(receiver.url, { secret: SECRET, source: 'github', branch: 'brief' });
  await expect.poll(noted('brief'), PATIENTLY).toEqual({ state: 'expired', by: [] });
  github.forbidden.clear();
});
