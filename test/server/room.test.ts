import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrustedProxies } from '../../src/config/trusted-proxies.js';
import { basic } from '../../src/http/auth-headers.js';
import { deliver, headersOf } from '../support/harness/delivery.js';
import { uniquePush } from '../support/harness/payloads.js';
import { head, sendRaw } from '../support/harness/raw.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { SECRET } from '../support/harness/receiver-config.js';

const sources = {
  github: {},
  token: { options: { kind: 'token' } },
  basic: { options: { kind: 'basic', username: 'ada' } },
  azure: { options: { kind: 'azure-devops', username: 'ada', url: 'https://dev.azure.com/acme' } },
  gitlab: { options: { kind: 'gitlab', url: 'https://gitlab.example' } },
  slack: { options: { kind: 'slack' } },
  stripe: { options: { kind: 'stripe' } },
  standard: { options: { kind: 'standard-webhooks' }, secrets: [`whsec_${Buffer.alloc(32, 7).toString('base64')}`] },
};

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver({ config: { sources }, limits: { bodiesInFlight: 1024 * 1024 } });
});
afterAll(() => receiver.close());

test('bodies that are half sent keep no signed delivery out, though all come from one address', async () => {
  const half = head('/webhooks/github', [...Object.entries(headersOf({ body: 'x' })), ['content-length', '100000']]);
  const sockets: Socket[] = [];
  try {
    for (let i = 0; i < 40; i += 1) {
      const socket = connect(receiver.port, '127.0.0.1').on('error', () => undefined);
      socket.write(half);
      await new Promise<void>((resolve) => socket.write(Buffer.alloc(60_000, 'x'), () => resolve()));
      sockets.push(socket.resume());
    }
    const turnedAway = () => receiver.kept.lines('delivery').filter(({ status }) => status === 503);
    await expect.poll(() => turnedAway().length).toBeGreaterThan(0);
    for (let i = 0; i < 30; i += 1) {
      const { status } = await deliver(receiver.url, { body: uniquePush({ filler: 'x'.repeat(15_000) }) });
      expect(status).toBe(202);
    }
    // Nor do they fill the log.
    expect(turnedAway().length).toBeLessThanOrEqual(20);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test.each<[string, TrustedProxies, boolean]>([
  ['makes room who holds most, by what a trusted proxy says', ['loopback'], true],
  ['counts nothing that others say of whom a request comes from', [], false],
])('a receiver that is short of room %s', async (_, trustedProxies, isKept) => {
  const proxied = await startReceiver({ config: { sources, trustedProxies }, limits: { bodiesInFlight: 1024 * 1024 } });
  const sockets: Socket[] = [];
  const sendHalf = async (address: string): Promise<Socket> => {
    const headers: [string, string][] = [
      ['content-length', '200000'],
      ['x-forwarded-for', address],
    ];
    const socket = connect(proxied.port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    socket.write(head('/webhooks/github', [...Object.entries(headersOf({ body: 'x' })), ...headers]));
    await new Promise<void>((resolve) => socket.write(Buffer.alloc(150_000, 'x'), () => resolve()));
    return socket.resume();
  };
  try {
    const oldest = await sendHalf('198.51.100.1');
    for (let i = 0; i < 4; i += 1) await sendHalf('203.0.113.9');
    // By then, none of them moves.
    await wait(2_500);
    for (let i = 0; i < 2; i += 1) await sendHalf('192.0.2.2');
    const refused = () => sockets.filter(({ bytesRead }) => bytesRead > 0);
    await expect.poll(() => refused().length).toBeGreaterThan(0);
    expect(refused().includes(oldest)).toBe(!isKept);
  } finally {
    for (const socket of sockets) socket.destroy();
    await proxied.close();
  }
});

const stale = String(Math.floor(Date.now() / 1_000) - 3_600);
const refused: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['token', { authorization: 'Bearer another-secret' }],
  ['basic', { authorization: basic('ada', 'another-secret') }],
  ['azure', { authorization: basic('ada', 'another-secret') }],
  ['gitlab', { 'x-gitlab-token': 'another-secret', 'x-gitlab-event': 'Push Hook' }],
  ['slack', { 'x-slack-signature': `v0=${'0'.repeat(64)}`, 'x-slack-request-timestamp': stale }],
  ['stripe', { 'stripe-signature': `t=${stale},v1=${'0'.repeat(64)}` }],
  ['standard', { 'webhook-id': 'msg_1', 'webhook-timestamp': stale, 'webhook-signature': `v1,${'A'.repeat(43)}=` }],
];

test.each(refused)('what the headers of %s are enough to refuse is not read', async (source, headers) => {
  const entries = Object.entries(headers);
  const begin = (length: number) => head(`/webhooks/${source}`, [...entries, ['content-length', String(length)]]);
  const [unread, whole] = await Promise.all([
    sendRaw(receiver.port, [begin(1_000)]),
    sendRaw(receiver.port, [begin(2), '{}']),
  ]);
  const bodyOf = (answer: string) => answer.split('\r\n\r\n')[1];
  expect(unread).toMatch(/^HTTP\/1\.1 401/);
  expect(whole).toMatch(/^HTTP\/1\.1 401/);
  expect(bodyOf(unread)).toBe(bodyOf(whole));
});

test.each([
  ['token', { authorization: `Bearer ${SECRET}` }],
  ['basic', { authorization: basic('ada', SECRET) }],
] as const)('what the headers of %s verify has room whatever else is half sent', async (source, headers) => {
  const { status } = await deliver(receiver.url, { source, body: '{"type":"made"}', headers });
  expect(status).toBe(202);
});
