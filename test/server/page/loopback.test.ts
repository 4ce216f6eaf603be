import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { noteReachedAs } from '../../../src/config/reached-as.js';
import { createLoopback } from '../../../src/server/page/sign-in/loopback.js';
import { keepLog } from '../../support/harness/log.js';
import { type Receiver, type ReceiverOptions, startReceiver } from '../../support/harness/receiver.js';
import { testConfig } from '../../support/harness/receiver-config.js';
import { ask } from './ask.js';

let receiver: Receiver;
const opened: Receiver[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const start = async (config: ReceiverOptions['config'] = {}) => {
  receiver = await startReceiver({ config });
  opened.push(receiver);
};
const status = async () => (await ask(receiver, '/deliveries')).status;
const told = () => receiver.kept.lines().filter(({ msg }) => String(msg).includes('asks for a sign-in'));

/** Sends a request as it is written, and waits for the end of its answer. */
async function send(text: string): Promise<void> {
  const socket = connect(receiver.port, '127.0.0.1');
  socket.end(text);
  for await (const _ of socket) void _;
}

test.each([
  ['a webhook for another name', { host: 'hooks.example' }, 'hooks.example'],
  ['a webhook that a proxy has passed on', { 'x-forwarded-for': '192.0.2.1' }, 'x-forwarded-for'],
  ['a webhook through a content network', { 'fastly-client-ip': '192.0.2.1' }, 'fastly-client-ip'],
])('%s ends that the page is open on this machine, and the log says why, once', async (_, headers, why) => {
  await start();
  expect(await status()).toBe(200);
  for (let time = 0; time < 2; time++) await ask(receiver, '/webhooks/github', { method: 'POST', headers });
  expect(await status()).toBe(303);
  expect(told()).toEqual([expect.objectContaining({ because: expect.stringContaining(why) })]);
  expect(String(told()[0]?.msg)).toMatch(/server\.publicUrl.*server\.signIn\.loopback/);
});

test.each(['/healthz', '/api/overview', '/', '/nothing/here', '/approvals/x'])(
  'a proxy is seen at %s too',
  async (path) => {
    await start();
    await ask(receiver, path, { headers: { forwarded: 'for=192.0.2.1' } });
    expect(await status()).toBe(303);
  },
);

test('a request by HTTP/1.0 ends it', async () => {
  await start();
  await send('GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n');
  expect(await status()).toBe(303);
});

test('what comes from this machine and says nothing else leaves it open', async () => {
  await start();
  for (const path of ['/webhooks/github', '/healthz', '/api/overview']) await ask(receiver, path, { method: 'POST' });
  await ask(receiver, '/healthz', { headers: { 'x-request-id': 'a' } });
  expect(await status()).toBe(200);
  expect(told()).toEqual([]);
});

test('an address that webhooks were given ends it while the server runs', async () => {
  await start();
  expect(await status()).toBe(200);
  noteReachedAs(receiver.data, 'https://hooks.example/webhooks/github');
  expect(await status()).toBe(303);
  expect(told()).toEqual([expect.objectContaining({ because: expect.stringContaining('https://hooks.example') })]);
});

test('who has said that it is open keeps it so, but for what was passed on', async () => {
  await start({ signIn: { loopback: 'open' } });
  noteReachedAs(receiver.data, 'https://hooks.example/webhooks/github');
  expect((await ask(receiver, '/deliveries', { headers: { host: 'hooks.example' } })).status).toBe(303);
  expect(await status()).toBe(200);
  expect(told()).toEqual([]);
});

test('an address that webhooks were given before the server began ends it too', () => {
  const { log, lines } = keepLog();
  const { server } = testConfig();
  const loopback = createLoopback({ server, reachedAs: () => 'https://hooks.example', log });
  expect(loopback.isWatching).toBe(false);
  expect(lines()).toHaveLength(1);
});

test('a server that others reach by its settings, or through a proxy here, looks at no request', () => {
  const { log } = keepLog();
  const watches = (options: Parameters<typeof testConfig>[0]) =>
    createLoopback({ server: testConfig(options).server, reachedAs: () => undefined, log }).isWatching;
  expect(watches({ publicUrl: 'https://hooks.example' })).toBe(false);
  expect(watches({ trustedProxies: 1 })).toBe(false);
  expect(watches({ trustedProxies: ['loopback'] })).toBe(false);
  expect(watches({ signIn: { loopback: 'required' } })).toBe(false);
  expect(watches({ signIn: { loopback: 'open' } })).toBe(false);
  expect(watches({})).toBe(true);
});
