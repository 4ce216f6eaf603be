import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HookyardProcess } from '../support/harness/process.js';
import { push, sendPush } from '../support/harness/send-push.js';
import { openSite, type Site } from '../support/harness/site.js';

const CONNECTIONS = 1_000;
const MB = 1024 * 1024;
/** What the receiver holds of bodies at one time (src/server/limits.ts). */
const BODIES_IN_FLIGHT = 256 * MB;

/** Three quarters of that are for large ones. */
const LARGE_IN_FLIGHT = 7;
/** A thousand connections with a piece of 64 kB each on its way, and what the engine collects late. */
const CONNECTIONS_BYTES = 200 * MB;

let site: Site;
let server: HookyardProcess;
let sockets: Socket[];

beforeEach(async () => {
  // Nothing is started here, and Temporal is not needed.
  site = await openSite({ temporal: '127.0.0.1:1' });
  server = await site.start('server');
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await site.close();
});

/** The server's memory in bytes, as Linux counts it: now, and the most that it ever was. */
async function memory(): Promise<{ now: number; most: number }> {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  const bytesOf = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  return { now: bytesOf('VmRSS'), most: bytesOf('VmHWM') };
}

/** The status that a connection was answered with; undefined while it has not been. */
interface Sender {
  readonly socket: Socket;
  status(): number | undefined;
}

/** Sends the head of a delivery whose signature looks like one. */
async function begin(contentLength: number): Promise<Sender> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk;
  });
  // A server that has answered may reset a connection that still sends.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(
    [
      `POST /webhooks/${site.source} HTTP/1.1`,
      'host: 127.0.0.1',
      'content-type: application/json',
      'x-github-event: push',
      'x-github-delivery: huge',
      `x-hub-signature-256: sha256=${'0'.repeat(64)}`,
      `content-length: ${contentLength}`,
      '',
      '',
    ].join('\r\n'),
  );
  return { socket, status: () => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0) || undefined };
}

const send = () =>
  sendPush(server.url, { secret: site.secret, source: site.source, branch: 'touch', body: push('touch') });

test('a thousand connections with 25 MB each: few are held, the others are told to come again, small ones get through', async () => {
  expect((await send()).status).toBe(202);
  const before = await memory();
  const chunk = Buffer.alloc(MB, 'x');
  const senders = await Promise.all(Array.from({ length: CONNECTIONS }, () => begin(25 * MB)));
  for (const { socket } of senders) {
    // All but the end, as somebody does who wants to hold the memory. One copy in this process for all of them.
    for (let i = 0; i < 24; i += 1) socket.write(chunk);
  }
  const turnedAway = () => senders.filter(({ status }) => status() === 503).length;
  const gone = () => senders.filter(({ socket }) => socket.destroyed).length;
  await expect.poll(() => Math.max(turnedAway(), gone()), { timeout: 60_000 }).toBeGreaterThan(CONNECTIONS - 30);
  expect(turnedAway()).toBeGreaterThan(0);
  // While the rest hold what they got.
  expect((await send()).status).toBe(202);
  const { now, most } = await memory();
  // Something is held indeed, and at no moment was it more than may be, and what connections take.
  expect(now - before.now).toBeGreaterThan(BODIES_IN_FLIGHT / 4);
  expect(most - before.now).toBeLessThan(BODIES_IN_FLIGHT + CONNECTIONS_BYTES);
  for (const { socket } of senders) socket.destroy();
  // Whatever was held has been given back: as many as may be held are read to their end, and only then refused.
  const readOut = async () => {
    const again = await Promise.all(Array.from({ length: LARGE_IN_FLIGHT }, () => begin(25 * MB)));
    for (const { socket } of again) for (let i = 0; i < 25; i += 1) socket.write(chunk);
    await expect.poll(() => again.filter(({ status }) => status() === undefined).length, { timeout: 10_000 }).toBe(0);
    return again.map(({ status }) => status());
  };
  await expect.poll(readOut, { timeout: 30_000, interval: 1_000 }).toEqual(Array(LARGE_IN_FLIGHT).fill(401));
  expect((await send()).status).toBe(202);
}, 120_000);

test('a thousand connections that send a byte now and then are cut, and cost next to nothing meanwhile', async () => {
  expect((await send()).status).toBe(202);
  const before = await memory();
  const senders = await Promise.all(Array.from({ length: CONNECTIONS }, () => begin(MB)));
  const trickle = setInterval(() => {
    for (const { socket } of senders) if (socket.writable) socket.write('x');
  }, 500);
  try {
    expect((await send()).status).toBe(202);
    await expect
      .poll(() => senders.filter(({ status, socket }) => status() === 408 || socket.destroyed).length, {
        timeout: 60_000,
      })
      .toBe(CONNECTIONS);
    expect(senders.filter(({ status }) => status() === 408).length).toBeGreaterThan(CONNECTIONS / 2);
    expect((await memory()).most - before.now).toBeLessThan(CONNECTIONS_BYTES);
  } finally {
    clearInterval(trickle);
  }
  expect((await send()).status).toBe(202);
}, 120_000);
