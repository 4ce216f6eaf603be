import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SCHEDULE } from '../../src/activities/outbound/schedule.js';
import { createSendWebhook } from '../../src/activities/send-webhook.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { activity, configOf, depsOf, failureOf } from '../remote/setting.js';

const NEW = `whsec_${Buffer.from('canary new secret of 32 bytes ..').toString('base64')}`;
const OLD = `whsec_${Buffer.from('canary old secret of 32 bytes ..').toString('base64')}`;
const message = {
  endpoint: 'partner',
  id: 'msg_1',
  type: 'push.built',
  timestamp: '2026-11-24T08:00:00.000Z',
  data: { ok: true },
};

let folder: string;
let store: Store;
let server: Server;
let url: string;
let answer: (req: IncomingMessage, res: ServerResponse) => void;
const received: { headers: IncomingMessage['headers']; body: string }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookyard-outbound-'));
  store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
  received.length = 0;
  answer = (_, res) => res.writeHead(204).end();
  server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    received.push({ headers: req.headers, body });
    answer(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function sender(
  endpoint: { url?: string; headers?: Record<string, string>; allowPrivate?: boolean } = {},
  secrets: string[] = ['NEW', 'OLD'],
) {
  const partner = { url, allowPrivate: true, secrets: secrets.map((env) => ({ env })), ...endpoint };
  const config = configOf(
    { sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } }, endpoints: { partner } },
    { HOOK: 'x', NEW, OLD, BAD: 'whsec_%%%' },
  );
  const deps = depsOf(config);
  const send = createSendWebhook({ ...deps, store });
  return (change: Partial<typeof message> = {}, attempt = 1) =>
    activity({ attempt }).run(send, { ...message, ...change });
}
const attempts = () => store.attempts.list({ endpoint: 'partner', limit: 10 });

test('a message is signed with every secret, has one id and body on every attempt, and each attempt is kept', async () => {
  const send = sender();
  answer = (_, res) => res.writeHead(503).end('busy');
  const failure = await failureOf(send(), 'canary');
  expect(failure.nonRetryable).toBe(false);
  answer = (_, res) => res.writeHead(200).end('thanks');
  expect(await send({}, 2)).toEqual({ status: 200, attempts: 2 });
  const [first, second] = received;
  expect(first?.headers['webhook-id']).toBe('msg_1');
  expect(second?.headers['webhook-id']).toBe('msg_1');
  expect(first?.body).toBe(second?.body);
  expect(JSON.parse(second?.body ?? '')).toEqual({
    type: 'push.built',
    timestamp: message.timestamp,
    data: { ok: true },
  });
  for (const secret of [NEW, OLD])
    expect(new Webhook(secret).verify(second?.body ?? '', second?.headers as Record<string, string>)).toBeTruthy();
  expect(await attempts()).toMatchObject([
    { attempt: 2, status: 200, answer: 'thanks', messageId: 'msg_1' },
    { attempt: 1, status: 503, answer: 'busy' },
  ]);
  expect(JSON.stringify(await attempts())).not.toContain('canary');
});

describe('what the endpoint answers decides', () => {
  test.each([408, 425, 429, 500, 502, 503])('%i is tried again, within the schedule', async (status) => {
    answer = (_, res) => res.writeHead(status).end();
    const failure = await failureOf(sender()(), 'canary');
    expect(failure).toMatchObject({ nonRetryable: false });
    expect(Number(failure.nextRetryDelay)).toBeGreaterThanOrEqual(1_000);
    expect(Number(failure.nextRetryDelay)).toBeLessThanOrEqual(SCHEDULE[0] ?? 0);
  });

  test.each([400, 401, 404, 410, 422])('%i is final', async (status) => {
    answer = (_, res) => res.writeHead(status).end();
    expect(await failureOf(sender()(), 'canary')).toMatchObject({
      nonRetryable: true,
      type: 'Refused',
      message: expect.stringContaining(String(status)),
    });
  });

  test('Retry-After is the least that is waited, in seconds or as a date', async () => {
    answer = (_, res) => res.writeHead(429, { 'retry-after': '120' }).end();
    expect(Number((await failureOf(sender()(), 'canary')).nextRetryDelay)).toBeGreaterThanOrEqual(120_000);
    answer = (_, res) => res.writeHead(503, { 'retry-after': new Date(Date.now() + 300_000).toUTCString() }).end();
    expect(Number((await failureOf(sender()(), 'canary')).nextRetryDelay)).toBeGreaterThan(250_000);
    answer = (_, res) => res.writeHead(503, { 'retry-after': '99999999' }).end();
    expect(Number((await failureOf(sender()(), 'canary')).nextRetryDelay)).toBeLessThanOrEqual(3_600_000);
  });

  test('a redirect is a failure and is not followed', async () => {
    answer = (req, res) =>
      req.url === '/elsewhere' ? res.end() : res.writeHead(307, { location: '/elsewhere' }).end();
    expect(await failureOf(sender()(), 'canary')).toMatchObject({
      nonRetryable: false,
      message: expect.stringContaining('redirects are not followed'),
    });
    expect(received).toHaveLength(1);
  });

  test('an endless answer is cut after 16 kB', async () => {
    let closed = false;
    answer = (_, res) => {
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
    expect(await sender()()).toMatchObject({ status: 200 });
    expect((await attempts())[0]?.answer).toHaveLength(16 * 1024);
    await expect.poll(() => closed).toBe(true);
  });
});

test('no answer at all is tried again', async () => {
  answer = (req) => req.socket.destroy();
  expect(await failureOf(sender()(), 'canary')).toMatchObject({ nonRetryable: false });
  expect(await failureOf(sender({ url: 'http://127.0.0.1:1' })(), 'canary')).toMatchObject({
    nonRetryable: false,
    message: expect.stringContaining('ECONNREFUSED'),
  });
  expect((await attempts()).map(({ error }) => error)).toEqual([
    expect.stringContaining('ECONNREFUSED'),
    expect.any(String),
  ]);
});

test('a private address is refused for good, and the message names the option', async () => {
  const failure = await failureOf(sender({ allowPrivate: false })(), 'canary');
  expect(failure).toMatchObject({
    nonRetryable: true,
    type: 'PrivateAddress',
    message: expect.stringContaining('endpoints.partner.allowPrivate'),
  });
  expect(received).toHaveLength(0);
});

test('a redirect to a private address leads nowhere, since none is followed', async () => {
  answer = (_, res) => res.writeHead(302, { location: 'http://169.254.169.254/' }).end();
  expect(await failureOf(sender()(), 'canary')).toMatchObject({ nonRetryable: false });
});

test.each([
  [{ 'X-Split': 'a\r\nX-Evil: 1' }, /no header that HTTP can carry/],
  [{ 'X-Nul': 'a\0b' }, /no header that HTTP can carry/],
  [{ 'Bad Name': 'a' }, /no header that HTTP can carry/],
  [{ Host: 'evil' }, /"Host" can't be set/],
  [{ 'Content-Length': '1' }, /can't be set/],
  [{ 'webhook-signature': 'v1,x' }, /can't be set/],
  [{ 'Transfer-Encoding': 'chunked' }, /can't be set/],
])('configured headers %o are refused', async (headers, words) => {
  expect(await failureOf(sender({ headers })(), 'canary')).toMatchObject({
    nonRetryable: true,
    type: 'NotConfigured',
    message: expect.stringMatching(words),
  });
  expect(received).toHaveLength(0);
});

test('what is not configured says what to add', async () => {
  expect(await failureOf(sender()({ endpoint: 'nobody' }), 'canary')).toMatchObject({
    type: 'NotConfigured',
    message: 'endpoint "nobody" is not configured: add endpoints.nobody to hookyard.config.ts',
  });
  expect(await failureOf(sender({}, ['UNSET'])(), 'canary')).toMatchObject({ type: 'NotConfigured' });
});

test('a message over 1 MB is refused', async () => {
  expect(await failureOf(sender()({ data: { text: 'x'.repeat(1_100_000) } as never }), 'canary')).toMatchObject({
    type: 'Refused',
  });
});
