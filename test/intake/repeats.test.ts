import { afterAll, beforeAll, expect, it } from 'vitest';
import { deliver } from '../support/harness/delivery.js';
import { uniquePush } from '../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';

let receiver: Receiver;
let now = Date.now();

beforeAll(async () => {
  receiver = await startReceiver({ config: { sources: { github: {}, other: {} } }, now: () => now });
});
afterAll(() => receiver.close());

it('a delivery that is sent again at the same time under one key is stored once', async () => {
  const body = uniquePush();
  const answers = await Promise.all(Array.from({ length: 5 }, () => deliver(receiver.url, { id: 'once', body })));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
  expect(answers.filter((answer) => !answer.body.duplicate)).toHaveLength(1);
  expect(new Set(answers.map((answer) => answer.body.delivery)).size).toBe(1);
  expect(await receiver.store.inbox.find('once')).toMatchObject({ dispatches: [{ workflowId: 'ci/github/once' }] });
});

it('a delivery that is sent again at the same time under five keys is stored once: the key is not signed', async () => {
  const body = uniquePush();
  const ids = ['a1', 'a2', 'a3', 'a4', 'a5'];
  const answers = await Promise.all(ids.map((id) => deliver(receiver.url, { id, body })));
  const first = answers.filter((answer) => !answer.body.duplicate);
  expect(first).toHaveLength(1);
  expect(answers.filter((answer) => answer.body.repeats === 'body')).toHaveLength(4);
  for (const answer of answers) {
    expect(answer.status).toBe(202);
    expect(answer.body.runs).toEqual(first[0]?.body.runs);
  }
});

it('a delivery that is sent again with another body under a known key is a repeat too', async () => {
  await deliver(receiver.url, { id: 'known', body: uniquePush() });
  const { body } = await deliver(receiver.url, { id: 'known', body: uniquePush({ ref: 'refs/heads/master' }) });
  expect(body).toMatchObject({ duplicate: true, repeats: 'key', event: expect.stringContaining('push to main') });
});

it('a delivery that is sent again to another source, or as another event, is another delivery', async () => {
  const body = uniquePush();
  expect((await deliver(receiver.url, { id: 's1', body })).body.duplicate).toBeUndefined();
  expect((await deliver(receiver.url, { id: 's1', body, source: 'other' })).body.duplicate).toBeUndefined();
  expect((await deliver(receiver.url, { id: 's2', body, event: 'star' })).body.duplicate).toBeUndefined();
});

it('a delivery that is sent again after the window is a new one', async () => {
  const body = uniquePush();
  await deliver(receiver.url, { id: 'w1', body });
  now += 23 * 3_600_000;
  expect((await deliver(receiver.url, { id: 'w2', body })).body.repeats).toBe('body');
  now += 2 * 3_600_000;
  expect((await deliver(receiver.url, { id: 'w3', body })).body.duplicate).toBeUndefined();
});

it('a delivery that is sent again is not looked at by body when the window has no length', async () => {
  const without = await startReceiver({ config: { repeatedBodyHours: 0 } });
  try {
    const body = uniquePush();
    expect((await deliver(without.url, { id: 'n1', body })).body.duplicate).toBeUndefined();
    expect((await deliver(without.url, { id: 'n2', body })).body.duplicate).toBeUndefined();
    expect((await deliver(without.url, { id: 'n2', body })).body.repeats).toBe('key');
  } finally {
    await without.close();
  }
});

it('a delivery that is sent again by a forger does not use up the key', async () => {
  const body = uniquePush();
  expect((await deliver(receiver.url, { id: 'burnt', body, secret: 'guess' })).status).toBe(401);
  expect((await deliver(receiver.url, { id: 'burnt', body })).body.duplicate).toBeUndefined();
});
