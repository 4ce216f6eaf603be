import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Partner, startPartner } from '../activities/outbound/partner.js';
import { failureOf } from '../support/harness/activity.js';

/** What an endpoint's URL may lead to, through the whole activity. How the guard tells addresses: guarded-agent.test.ts. */

let partner: Partner;
let port: string;
beforeAll(async () => {
  partner = await startPartner();
  port = new URL(partner.url).port;
});
beforeEach(() => partner.reset());
afterAll(() => partner.close());

test.each([
  '127.0.0.1',
  '0x7f.1',
  '2130706433',
  '127.1',
  '①②⑦.0.0.1',
  'localhost',
  '[::1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '169.254.169.254',
  '10.0.0.1',
])(
  'an endpoint that leads somewhere private is refused for good, with the option to set and a note of it, written as %s',
  async (host) => {
    const send = partner.sender({ url: `http://${host}:${port}/canary`, allowPrivate: false });
    const failure = await failureOf(send(), 'canary');
    expect(failure).toMatchObject({
      nonRetryable: true,
      type: 'PrivateAddress',
      message: expect.stringContaining('set endpoints.partner.allowPrivate if it is meant'),
    });
    expect(partner.received).toEqual([]);
    expect(await partner.store.attempts.list({ endpoint: 'partner', limit: 10 })).toMatchObject([
      { attempt: 1, error: failure.message },
    ]);
  },
);

test('allowPrivate lets it through', async () => {
  for (const host of ['127.0.0.1', 'localhost'])
    expect(await partner.sender({ url: `http://${host}:${port}/`, allowPrivate: true })()).toMatchObject({
      status: 204,
    });
  expect(partner.received).toHaveLength(2);
});

test('one endpoint’s permission is not another’s, though they share a server', async () => {
  await partner.sender({ allowPrivate: true })();
  expect(await failureOf(partner.sender({ allowPrivate: false })(), 'canary')).toMatchObject({
    type: 'PrivateAddress',
  });
});

test('a redirect to a private address leads nowhere, since none is followed', async () => {
  let connections = 0;
  const inside = createServer((_, res) => res.end('secret'));
  inside.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
  try {
    const location = `http://127.0.0.1:${(inside.address() as AddressInfo).port}/`;
    partner.answer = (_, res) => res.writeHead(302, { location }).end();
    expect(await failureOf(partner.sender()(), 'canary')).toMatchObject({ nonRetryable: false });
  } finally {
    await new Promise((resolve) => inside.close(resolve));
  }
  expect(connections).toBe(0);
});

describe('with a proxy in the environment', () => {
  const asked: string[] = [];
  const proxy = createServer((req, res) => {
    asked.push(req.url ?? '');
    res.end();
  });
  proxy.on('connect', (req, socket) => {
    asked.push(req.url ?? '');
    socket.destroy();
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY']) vi.stubEnv(name, url);
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('no_proxy', '');
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await new Promise((resolve) => proxy.close(resolve));
  });

  test('a proxy in the environment is not used, because it would connect behind the check', async () => {
    expect(await partner.sender()()).toMatchObject({ status: 204 });
    expect(await failureOf(partner.sender({ allowPrivate: false })(), 'canary')).toMatchObject({
      type: 'PrivateAddress',
    });
    expect(asked).toEqual([]);
  });
});
