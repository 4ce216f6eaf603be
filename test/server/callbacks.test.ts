import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCallbackToken } from '../../src/callback-token.js';
import { Secret } from '../../src/secrets/secret.js';
import { StoreUnavailableError } from '../../src/store/store.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { CALLBACK_KEY } from '../support/harness/receiver-config.js';

let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

const token = (change: { expiresAt?: number; key?: string } = {}) => {
  const { expiresAt = Date.now() + 60_000, key = CALLBACK_KEY } = change;
  const claims = { workflowId: 'ci/github/1', signal: 'hookyard:built', id: randomUUID(), expiresAt };
  return createCallbackToken(new Secret(key), claims);
};

async function call(given: string, body: unknown, url = receiver.url) {
  const response = await fetch(`${url}/callbacks/${given}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

it('a callback becomes a signal to the run that is on disk before it is answered', async () => {
  const wakes = receiver.wakes();
  const url = 'https://ci.example/7';
  expect(await call(token(), { status: 'failed', url, more: 1 })).toEqual({
    status: 202,
    body: { accepted: 'failed' },
  });
  expect(receiver.wakes()).toBe(wakes + 1);
  expect(await receiver.store.inbox.claim({ limit: 10, leaseMs: 1_000 })).toMatchObject([
    {
      kind: 'signal',
      workflowId: 'ci/github/1',
      signal: 'hookyard:built',
      payload: { outcome: 'failed', passed: false, conclusion: 'failed', url },
    },
  ]);
});

it('a callback counts once: the first answer wins', async () => {
  const given = token();
  expect((await call(given, { status: 'passed' })).status).toBe(202);
  expect(await call(given, { status: 'failed' })).toEqual({
    status: 200,
    body: { ignored: 'this callback was already used' },
  });
  const claimed = await receiver.store.inbox.claim({ limit: 10, leaseMs: 1_000 });
  expect(claimed).toMatchObject([{ payload: { outcome: 'passed', passed: true } }]);
});

it('a callback counts once when it comes five times at once', async () => {
  const given = token();
  const answers = await Promise.all(Array.from({ length: 5 }, () => call(given, { status: 'passed' })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 202]);
});

it('a callback with an address that is wrong in any way is answered 404, always the same', async () => {
  const good = token();
  const wrong = [
    'x',
    `${good}x`,
    good.slice(0, -1),
    token({ expiresAt: Date.now() - 1 }),
    token({ key: 'another key' }),
    'x'.repeat(3_000),
    `${good.split('.')[0]}.`,
  ];
  const answers = await Promise.all(wrong.map((given) => call(given, { status: 'passed' })));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]?.status).toBe(404);
});

it.each([
  ['not JSON', '{', 400],
  ['no status', '{}', 400],
  ['a status nobody knows', '{"status":"fine"}', 400],
  ['a URL that is none', '{"status":"passed","url":"javascript:1"}', 400],
  ['more than 64 kB', JSON.stringify({ status: 'passed', log: 'x'.repeat(70_000) }), 413],
])('a callback with %s is refused and can be sent again', async (_, body, status) => {
  const given = token();
  expect((await call(given, body)).status).toBe(status);
  expect((await call(given, { status: 'passed' })).status).toBe(202);
});

it('a callback can be sent again when the store was away', async () => {
  const signal = () => Promise.reject(new StoreUnavailableError('the disk is full'));
  const away = await startReceiver({ inbox: (inbox) => ({ ...inbox, signal }) });
  try {
    expect((await call(token(), { status: 'passed' }, away.url)).status).toBe(503);
  } finally {
    await away.close();
  }
});

it('a callback leaves no token in the log', async () => {
  const given = token();
  await call(given, { status: 'passed' });
  await call(given, '{');
  const printed = receiver.kept.printed.join('');
  expect(printed).toContain('"msg":"callback"');
  expect(printed).not.toContain(given.slice(0, 20));
  expect(receiver.kept.lines('callback').at(-2)).toMatchObject({
    run: 'ci/github/1',
    outcome: 'stored',
    status: 202,
  });
});
