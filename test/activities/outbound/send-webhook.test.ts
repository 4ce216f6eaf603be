import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CancelledFailure } from '@temporalio/common';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { SCHEDULE, waitAfter } from '../../../src/activities/outbound/retry-schedule.js';
import { activity, failureOf } from '../../support/harness/activity.js';
import { MESSAGE, NEW, OLD, type Partner, startPartner } from './partner.js';

let partner: Partner;
beforeAll(async () => {
  partner = await startPartner();
});
beforeEach(() => partner.reset());
afterAll(() => partner.close());

const attempts = () => partner.store.attempts.list({ endpoint: 'partner', limit: 10 });
const verified = (secret: string, { body, headers }: Partner['received'][number]): unknown =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

test('a message is signed with every secret, has one id and body on every attempt, and each attempt is kept', async () => {
  const send = partner.sender();
  partner.answer = (_, res) => res.writeHead(503).end('busy');
  expect(await failureOf(send(), 'canary')).toMatchObject({ nonRetryable: false });
  partner.answer = (_, res) => res.writeHead(200).end('thanks');
  expect(await send({}, 2)).toEqual({ status: 200, attempts: 2 });
  const [first, second, ...more] = partner.received;
  if (!first || !second) throw new Error('two requests were expected');
  expect(more).toEqual([]);
  expect(second.headers['webhook-id']).toBe('msg_1');
  expect(first.headers['webhook-id']).toBe('msg_1');
  expect(first.headers['content-type']).toBe('application/json');
  expect(second.body).toBe(first.body);
  const { type, timestamp, data } = MESSAGE;
  for (const request of [first, second])
    for (const secret of [NEW, OLD]) expect(verified(secret, request)).toEqual({ type, timestamp, data });
  expect(await attempts()).toMatchObject([
    { attempt: 2, status: 200, answer: 'thanks', messageId: 'msg_1' },
    { attempt: 1, status: 503, answer: 'busy' },
  ]);
  expect(JSON.stringify([await attempts(), send.lines])).not.toContain('canary');
});

test('while a secret is rotated, a message is signed with it and with the one before', async () => {
  await partner.sender({ secrets: ['OLD'], replacedBy: NEW })();
  const [request] = partner.received;
  if (!request) throw new Error('a request was expected');
  expect(String(request.headers['webhook-signature']).split(' ')).toHaveLength(2);
  for (const secret of [NEW, OLD]) expect(verified(secret, request)).toBeTruthy();
});

test('a message is not accepted by who knows another secret, or after a change', async () => {
  await partner.sender({ secrets: ['OLD'] })();
  const [request] = partner.received;
  if (!request) throw new Error('a request was expected');
  expect(verified(OLD, request)).toBeTruthy();
  expect(() => verified(NEW, request)).toThrow();
  expect(() => verified(OLD, { ...request, body: `${request.body} ` })).toThrow();
});

test('a message carries the time of the attempt, so that a late one is not taken for a replay', async () => {
  const send = partner.sender();
  await send();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
  try {
    await send({}, 2);
  } finally {
    vi.useRealTimers();
  }
  const [first = 0, second = 0] = partner.received.map(({ headers }) => Number(headers['webhook-timestamp']));
  expect(Math.abs(first - Date.now() / 1000)).toBeLessThan(60);
  expect(Math.abs(second - first - 3600)).toBeLessThan(60);
});

test('a message is signed as well with a secret that lacks its prefix', async () => {
  await partner.sender({ secrets: ['BARE'] })();
  expect(partner.received.map((request) => verified(NEW, request))).toHaveLength(1);
});

test('a message over 1 MB is refused, and one that just fits is sent', async () => {
  const { type, timestamp } = MESSAGE;
  const around = JSON.stringify({ type, timestamp, data: '' }).length;
  await partner.sender()({ data: 'x'.repeat(1024 * 1024 - around) });
  expect(partner.received).toHaveLength(1);
  expect(await failureOf(partner.sender()({ data: 'x'.repeat(1024 * 1024 - around + 1) }), 'canary')).toMatchObject({
    nonRetryable: true,
    type: 'Refused',
    message: expect.stringContaining('1 MB'),
  });
  expect(partner.received).toHaveLength(1);
});

test('a message with an id that HTTP can’t carry is refused at once, and not tried for a day', async () => {
  expect(await failureOf(partner.sender()({ id: 'a\r\nX-Evil: 1' }), 'canary')).toMatchObject({
    nonRetryable: true,
    type: 'Refused',
  });
  expect(partner.received).toEqual([]);
});

test.each([200, 201, 204, 299])('an answer of %i is success', async (status) => {
  partner.answer = (_, res) => res.writeHead(status).end();
  expect(await partner.sender()()).toEqual({ status, attempts: 1 });
});

test.each([408, 425, 429, 500, 502, 503])('an answer of %i is tried again, within the schedule', async (status) => {
  partner.answer = (_, res) => res.writeHead(status).end();
  const failure = await failureOf(partner.sender()(), 'canary');
  expect(failure).toMatchObject({ nonRetryable: false });
  expect(Number(failure.nextRetryDelay)).toBeGreaterThanOrEqual(1_000);
  expect(Number(failure.nextRetryDelay)).toBeLessThanOrEqual(SCHEDULE[0] ?? 0);
  expect(await attempts()).toMatchObject([{ status }]);
});

test.each([400, 401, 404, 410, 422])('an answer of %i is final', async (status) => {
  partner.answer = (_, res) => res.writeHead(status).end();
  expect(await failureOf(partner.sender()(), 'canary')).toMatchObject({
    nonRetryable: true,
    type: 'Refused',
    message: expect.stringContaining(String(status)),
  });
  expect(await attempts()).toMatchObject([{ status }]);
});

test('Retry-After is the least that is waited, in seconds or as a date, and an hour the most', async () => {
  const waited = async (retryAfter: string) => {
    partner.answer = (_, res) => res.writeHead(429, { 'retry-after': retryAfter }).end();
    return Number((await failureOf(partner.sender()(), 'canary')).nextRetryDelay);
  };
  expect(await waited('120')).toBe(120_000);
  const byDate = await waited(new Date(Date.now() + 300_000).toUTCString());
  expect(byDate).toBeGreaterThan(200_000);
  expect(byDate).toBeLessThanOrEqual(300_000);
  expect(await waited('99999999')).toBe(3_600_000);
  expect(await waited('soon')).toBeLessThanOrEqual(SCHEDULE[0] ?? 0);
});

test.each([301, 302, 303, 307, 308])('a redirect (%i) is a failure, and its target is never asked', async (status) => {
  let asked = 0;
  const elsewhere = createServer((_, res) => {
    asked += 1;
    res.end();
  });
  elsewhere.on('connection', () => {
    asked += 1;
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
  partner.answer = (_, res) => res.writeHead(status, { location }).end();
  try {
    expect(await failureOf(partner.sender()(), 'canary')).toMatchObject({
      nonRetryable: false,
      message: expect.stringContaining('redirects are not followed'),
    });
  } finally {
    await new Promise((resolve) => elsewhere.close(resolve));
  }
  expect(asked).toBe(0);
  expect(partner.received).toHaveLength(1);
});

test('a message that was answered by 204 with a body, which it can not have, was taken', async () => {
  partner.answer = (req) => req.socket.write('HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\nok');
  expect(await partner.sender()()).toEqual({ status: 204, attempts: 1 });
});

test('an endless answer is cut after 16 kB, and the connection is closed', async () => {
  let closed = false;
  partner.answer = (_, res) => {
    res.on('close', () => {
      closed = true;
    });
    res.writeHead(200);
    const more = () => {
      while (!closed && res.write('x'.repeat(4_096)));
      if (!closed) res.once('drain', more);
    };
    more();
  };
  expect(await partner.sender()()).toMatchObject({ status: 200 });
  expect((await attempts())[0]?.answer).toHaveLength(16 * 1024);
  await expect.poll(() => closed).toBe(true);
});

test('a secret that an endpoint quotes where its answer is cut is not kept, nor half of it', async () => {
  const before = 'x'.repeat(16 * 1024 - 20);
  partner.answer = ({ headers }, res) => res.end(`${before}${headers.authorization}${'y'.repeat(100)}`);
  await partner.sender({ headers: { authorization: { env: 'AUTHORIZATION' } } })();
  expect((await attempts())[0]?.answer).toBe(`${before}***${'y'.repeat(17)}`);
});

test('each wait is nearly the whole of its place in the schedule, and later ones of the last', () => {
  for (const attempt of [1, 2, 3, 4, 5, 6, 7, 8, 100]) {
    const most = SCHEDULE[Math.min(attempt, SCHEDULE.length) - 1] ?? 0;
    const waits = Array.from({ length: 200 }, () => waitAfter(attempt, { retryAfter: undefined }));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(most * 0.8);
    expect(Math.max(...waits)).toBeLessThanOrEqual(most);
    // Drawn, not fixed: otherwise everything comes back at once after an outage.
    expect(new Set(waits).size).toBeGreaterThan(20);
  }
});

describe('no answer is tried again, within the schedule, and noted', () => {
  const tried = async (options: Parameters<Partner['sender']>[0], words: string) => {
    const failure = await failureOf(partner.sender(options)(), 'canary');
    expect(failure).toMatchObject({ nonRetryable: false, message: expect.stringContaining(words) });
    expect(Number(failure.nextRetryDelay)).toBeLessThanOrEqual(SCHEDULE[0] ?? 0);
    const [noted] = await attempts();
    expect(noted).toMatchObject({ attempt: 1, messageId: 'msg_1', error: expect.stringContaining(words) });
    expect(noted).not.toHaveProperty('status');
  };

  test('a message is tried again within the schedule, and noted, when the connection is refused', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    await tried({ url: `http://127.0.0.1:${port}/canary-path` }, 'ECONNREFUSED');
  });

  test('a message is tried again within the schedule, and noted, when the connection is cut', async () => {
    partner.answer = (req) => req.socket.destroy();
    await tried({}, 'endpoint partner did not answer');
  });

  test('a message is tried again within the schedule, and noted, when the connection is cut within the answer', async () => {
    partner.answer = (_, res) => {
      res.writeHead(200, { 'content-length': '100' });
      res.write('half', () => res.socket?.destroy());
    };
    await tried({}, 'endpoint partner did not answer');
  });

  test('a message is tried again within the schedule, and noted, when the server hangs; the connection is closed', async () => {
    let closed = false;
    partner.answer = (req) => {
      req.socket.on('close', () => {
        closed = true;
      });
    };
    await tried({ deadlineMs: 200 }, 'no answer within');
    await expect.poll(() => closed).toBe(true);
  });

  test('a message is tried again within the schedule, and noted, when the answer begins and never ends', async () => {
    partner.answer = (_, res) => {
      res.writeHead(200);
      res.write('a');
    };
    await tried({ deadlineMs: 200 }, 'no answer within');
  });

  test('a message is tried again within the schedule, and noted, when the answer’s headers have no end', async () => {
    partner.answer = (_, res) => res.writeHead(200, { 'x-large': 'x'.repeat(20_000) }).end();
    await tried({}, 'UND_ERR_HEADERS_OVERFLOW');
  });
});

test('a run that is cancelled meanwhile is cancelled, and not taken for trouble', async () => {
  const run = activity();
  const asked = new Promise<void>((resolve) => {
    partner.answer = () => resolve();
  });
  const sending = partner.sender().within(run);
  sending.catch(() => undefined);
  await asked;
  run.cancel();
  await expect(sending).rejects.toBeInstanceOf(CancelledFailure);
});

test('a message that was taken counts as taken when the store can’t note it', async () => {
  const other = await startPartner();
  await other.close();
  const send = partner.sender({ store: other.store });
  expect(await send()).toEqual({ status: 204, attempts: 1 });
  expect(send.lines.join()).toContain('an attempt of an outbound message was not noted');
  expect(send.lines.join()).not.toContain('canary');
});

test('a header may be a secret, which a partner that quotes it puts into no record', async () => {
  partner.answer = (req, res) => res.writeHead(403).end(`no to ${req.headers.authorization}, ${quoted(req)}`);
  const quoted = (req: IncomingMessage) => Buffer.from(`${req.headers.authorization}`).toString('base64');
  const send = partner.sender({
    headers: { Authorization: { env: 'AUTHORIZATION' }, 'X-Other': { env: 'UNSET', optional: true } },
  });
  await failureOf(send(), 'canary-0123456789');
  expect(partner.received[0]?.headers.authorization).toBe('Bearer canary-0123456789');
  expect(partner.received[0]?.headers).not.toHaveProperty('x-other');
  const [{ answer = '' } = {}] = await attempts();
  expect(answer).toMatch(/^no to \*\*\*, .{0,4}\*\*\*/);
});

test('configured headers are sent, once each whatever their spelling', async () => {
  await partner.sender({
    headers: { 'User-Agent': 'ours/1', 'X-Team': 'red', 'x-team': 'blue', Authorization: 'Bearer abc' },
  })();
  expect(partner.received[0]?.headers).toMatchObject({
    'user-agent': 'ours/1',
    'x-team': 'blue',
    authorization: 'Bearer abc',
  });
});

test.each([
  [{ 'X-Split': 'a\r\nX-Evil: 1' }, /not a header that HTTP can carry/],
  [{ 'X-Return': 'a\rb' }, /not a header that HTTP can carry/],
  [{ 'X-Nul': 'a\0b' }, /not a header that HTTP can carry/],
  [{ 'Bad Name': 'a' }, /not a header that HTTP can carry/],
  [{ 'X-A: 1\r\nX-B': 'a' }, /not a header that HTTP can carry/],
  [{ Host: 'evil' }, /"Host" can't be set/],
  [{ 'Content-Length': '1' }, /can't be set/],
  [{ 'Content-Type': 'text/plain' }, /can't be set/],
  [{ 'Content-Encoding': 'gzip' }, /can't be set/],
  [{ 'webhook-signature': 'v1,x' }, /can't be set/],
  [{ 'WEBHOOK-ID': 'x' }, /can't be set/],
  [{ 'Transfer-Encoding': 'chunked' }, /can't be set/],
  [{ Connection: 'upgrade' }, /can't be set/],
  [{ 'Proxy-Authorization': 'x' }, /can't be set/],
])('the configured headers %o are refused', async (headers, words) => {
  expect(await failureOf(partner.sender({ headers })(), 'canary')).toMatchObject({
    nonRetryable: true,
    type: 'NotConfigured',
    message: expect.stringMatching(words),
  });
  expect(partner.received).toHaveLength(0);
});

test('an endpoint that is not there is final, and says what to do', async () => {
  for (const endpoint of ['nobody', 'constructor'])
    expect(await failureOf(partner.sender()({ endpoint }), 'canary')).toMatchObject({
      nonRetryable: true,
      type: 'NotConfigured',
      message: `endpoint "${endpoint}" is not configured: add endpoints.${endpoint} to hookyard.config.ts`,
    });
});

test('a secret that is unset is final, and says what to do', async () => {
  expect(await failureOf(partner.sender({ secrets: ['UNSET'] })(), 'canary')).toMatchObject({
    nonRetryable: true,
    type: 'NotConfigured',
    message: expect.stringContaining('none of endpoints.partner.secrets is set'),
  });
  // One of two is enough.
  await partner.sender({ secrets: ['UNSET', 'NEW'] })();
  expect(partner.received).toHaveLength(1);
});

test.each(['BAD', 'SHORT'] as const)(
  'a secret that is not one of Standard Webhooks is final, and says what to do: %s',
  async (secret) => {
    const send = partner.sender({ secrets: ['NEW', secret] });
    expect(await failureOf(send(), 'canary')).toMatchObject({
      nonRetryable: true,
      type: 'NotConfigured',
      message: expect.stringContaining('endpoints.partner.secrets holds one that is not a Standard Webhooks secret'),
    });
    expect(partner.received).toEqual([]);
    expect(JSON.stringify([await attempts(), send.lines])).not.toContain('canary');
  },
);
