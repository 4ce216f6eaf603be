import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../support/harness/receiver.js';
import { ask, askApi } from './ask.js';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  const tried = { endpoint: 'partner', run: 'ci/github/1', durationMs: 12 };
  await receiver.store.attempts.add({ ...tried, messageId: 'order/1?&#', attempt: 1, at: 1_000, error: 'no answer' });
  await receiver.store.attempts.add({
    ...{ ...tried, messageId: 'order/1?&#', attempt: 2, at: 2_000 },
    ...{ status: 404, answer: '<b>no such order</b>' },
  });
});
afterAll(() => receiver.close());

test('messages lead to their attempts and to what was answered, whatever they are called', async () => {
  const { text } = await ask(receiver, '/outbound');
  expect(text).toContain('refused');
  expect(text).not.toContain('no such order');
  const link = /href="(\/outbound\?endpoint=[^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const one = await ask(receiver, link);
  expect(one.status).toBe(200);
  expect(one.text).toContain('&lt;b>no such order&lt;/b>');
  expect(one.text).toContain('no answer');
  expect(one.text).toContain('href="/runs/ci/github/1"');
});

test('the JSON of the view is what the API answers', async () => {
  for (const query of ['', '?message=order%2F1%3F%26%23', '?endpoint=nothing']) {
    const { text } = await ask(receiver, `/outbound.json${query}`);
    expect(JSON.parse(text)).toEqual(await askApi(receiver, `/api/outbound${query}`));
  }
  expect((await ask(receiver, '/outbound?limit=0')).status).toBe(400);
});
