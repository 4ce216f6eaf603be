import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../../src/paths.js';
import { fixtureOf } from '../../providers/fixture-of.js';
import { senderOf } from '../../providers/senders.js';
import { SECRET } from '../../providers/signing.js';
import { closers } from '../../support/harness/closers.js';
import { type LocalServer, startServer } from '../../support/harness/http-server.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { runReceiver } from '../../support/harness/running-receiver.js';
import { runWorker } from '../../support/harness/worker.js';
import { testClient } from '../../support/temporal.js';

const { add, close } = closers();
let installation: Installation;
let client: Awaited<ReturnType<typeof testClient>>;
let gogs: LocalServer;
const comments: { id: number; body: string; user: { login: string } }[] = [];

beforeAll(async () => {
  client = add(await testClient());
  gogs = add(
    await startServer(({ method, path, body }) => {
      if (path !== '/api/v1/repos/acme/shop/issues/7/comments') return { status: 404, body: {} };
      if (method === 'GET') return { status: 200, body: comments };
      const written = { id: comments.length + 1, user: { login: 'hookyard' }, ...(body as { body: string }) };
      comments.push(written);
      return { status: 201, body: written };
    }),
  );
  installation = add(
    await openInstallation({
      name: 'untold',
      automations: join(packageRoot, 'test/workflows/gated'),
      values: {
        HOOK: SECRET,
        TOKEN: 'canary-token',
        SLACK: 'https://slack.example/x',
        HOOKYARD_CALLBACK_KEY: 'k'.repeat(43),
      },
      config: () => ({
        channels: { slack: { ops: { url: { env: 'SLACK' } } } },
        sources: {
          gogs: {
            kind: 'gogs',
            url: 'https://git.example',
            secrets: [{ env: 'HOOK' }],
            api: { url: `${gogs.url}/api/v1`, token: { env: 'TOKEN' }, account: 'hookyard' },
          },
        },
      }),
    }),
  );
  add(await runWorker(installation));
  add(await runReceiver(installation, client));
});
afterAll(close);

async function say(text: string): Promise<readonly string[]> {
  const { body } = fixtureOf('gitea', 'a comment on a pull request');
  Object.assign(body.comment, { body: text, id: Math.floor(Math.random() * 1e9) });
  const bytes = Buffer.from(JSON.stringify({ ...body, nonce: randomUUID() }));
  const response = await fetch(`${installation.address.url}/webhooks/gogs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...senderOf('gogs').headers(bytes, Date.now(), 'issue_comment') },
    body: bytes,
  });
  return ((await response.json()) as { runs: readonly string[] }).runs;
}

async function resultOf(run: string) {
  const handle = client.workflow.getHandle(run);
  await expect.poll(() => handle.describe().then(Boolean, () => false), { timeout: 20_000 }).toBe(true);
  return handle.result();
}

test('a command is answered, once, where the API of the provider does not tell who may give it', async () => {
  for (const text of ['/retest', '/deploy staging']) {
    const runs = await say(text);
    expect(runs).toHaveLength(1);
    expect(await resultOf(runs[0] ?? '')).toMatchObject({
      outcome: 'skipped',
      because: expect.stringContaining('nobody may'),
    });
  }
  expect(comments.map(({ body }) => body)).toEqual([
    expect.stringContaining("this provider's API does not tell Hookyard who may give commands"),
  ]);
});
