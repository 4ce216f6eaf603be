import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver } from '../support/harness/delivery.js';
import { BEFORE, pushPayload, SHA } from '../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver({
    config: {
      sources: {
        github: {},
        small: { options: { maxValues: 1_000 } },
        hmac: { options: { kind: 'hmac', header: 'x-hub-signature-256', prefix: 'sha256=' } },
      },
    },
  });
});
afterAll(() => receiver.close());

const commit = (n: number, files: number) => ({
  id: n === 0 ? SHA : `${BEFORE.slice(0, 32)}${n.toString(16).padStart(8, '0')}`,
  message: `Change [part] {${n}}, again, and, again`,
  added: Array.from({ length: files }, (_, at) => `packages/part-${n}/src/file-${at}.ts`),
  removed: [],
  modified: [],
});

test('a push of two thousand commits is read as a small one is, and kept as it was sent', async () => {
  const commits = Array.from({ length: 2_000 }, (_, n) => commit(n, 100));
  const body = JSON.stringify(pushPayload({ commits }));
  expect(body.length).toBeGreaterThan(5_000_000);
  const { status, body: answer } = await deliver(receiver.url, { body });
  expect(status).toBe(202);
  expect(answer).toMatchObject({
    event: expect.stringContaining('acme/shop'),
    runs: [expect.stringMatching(/^ci\//), expect.stringMatching(/^docs\//)],
  });
  expect((await receiver.store.inbox.body(answer.delivery ?? ''))?.equals(Buffer.from(body))).toBe(true);
});

test('the paths of a push that is read elsewhere are matched', async () => {
  const commits = Array.from({ length: 300 }, (_, n) => commit(n, 9));
  const { body: answer } = await deliver(receiver.url, { body: JSON.stringify(pushPayload({ commits })) });
  expect(answer.verdicts).toMatchObject([
    { automation: 'ci', outcome: 'start' },
    { automation: 'docs', outcome: 'filtered' },
    {},
  ]);
});

test.each([
  ['github', `[${'[],'.repeat(700_000)}[]]`, /more than 1000000 values.*sources\.github\.maxValues/],
  ['github', `payload=${encodeURIComponent(`[${'[],'.repeat(700_000)}[]]`)}`, /more than 1000000 values/],
  ['small', `[${'[],'.repeat(700)}[]]`, /more than 1000 values.*sources\.small\.maxValues/],
  ['small', `{"a":[${'1,'.repeat(20_000)}1]}`, /more than 1000 values/],
])('a body to %s of more values than a source may send is refused, with what to do', async (source, body, because) => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const { status, body: answer } = await deliver(receiver.url, {
    source,
    body,
    ...(body.startsWith('payload') && { headers: form }),
  });
  expect(status).toBe(413);
  expect(answer.error).toMatch(because);
});

test('a form of fifty thousand fields is read', async () => {
  const body = Array.from({ length: 50_000 }, (_, n) => `f${n}=${n}`).join('&');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { status, body: answer } = await deliver(receiver.url, { source: 'hmac', body, headers });
  expect(status).toBe(202);
  expect(answer.event).toBeDefined();
});
