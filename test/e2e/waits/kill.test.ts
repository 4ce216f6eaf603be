import { afterEach, beforeEach, expect, test } from 'vitest';
import { push, sendPush } from '../../support/harness/send-push.js';
import { openSite, type Site } from '../../support/harness/site.js';
import { testClient } from '../../support/temporal.js';

const AUTOMATIONS = `
import { automation, push, waitFor } from 'hookyard/workflow';
const pushes = push({ branches: ['collects'], messages: ['!begin*'] });
export const collects = automation({ on: push({ branches: ['collects'], messages: ['begin*'] }) }, async (event) => {
  const got: string[] = [];
  while (got.at(-1) !== 'end') {
    const next = await waitFor(pushes, { of: event, within: '10 minutes' });
    if (next === undefined) break;
    got.push(next.commit.message ?? '');
  }
  throw new Error('got ' + got.join(' '));
});
`;
const COUNT = 30;

let site: Site;
let client: Awaited<ReturnType<typeof testClient>>;
beforeEach(async () => {
  site = await openSite();
  await site.write('automations/collects.ts', AUTOMATIONS);
  client = await testClient();
});
afterEach(async () => {
  await site.close();
  await client.close();
});

test('a run gets every push in its order, once, while all of Hookyard is killed again and again', async () => {
  let one = await site.start('start');
  const send = async (message: string) => {
    const payload = JSON.parse(push('collects'));
    payload.head_commit.message = message;
    for (const commit of payload.commits) commit.message = message;
    const { secret, source } = site;
    const sent = await sendPush(one.url, { secret, source, branch: 'collects', body: JSON.stringify(payload) });
    expect(sent.status).toBe(202);
    return sent.body.runs?.[0] ?? '';
  };
  const run = await send('begin');
  const words = [...Array.from({ length: COUNT }, (_, n) => `n${n}`), 'end'];
  for (const [n, word] of words.entries()) {
    await send(word);
    // Just after something has arrived, at another moment of its way each time.
    if (n % 8 !== 5) continue;
    await new Promise((resolve) => setTimeout(resolve, 40 * n));
    await one.kill('SIGKILL');
    one = await site.start('start');
  }
  const failure = () =>
    client.workflow
      .getHandle(run)
      .result()
      .then(String, (error) => String(error.cause?.message ?? error));
  await expect
    .poll(async () => (await client.workflow.getHandle(run).describe()).status.name, { timeout: 180_000 })
    .toBe('FAILED');
  expect(await failure()).toBe(`got ${words.join(' ')}`);
}, 480_000);
