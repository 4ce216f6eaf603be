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
const PIECE = Buffer.alloc(MB, 'x');

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

/** Connects, and sends nothing yet. */
async function open(): Promise<Sender> {
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
  return { socket, status: () => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0) || undefined };
}

/** Sends the head of a delivery whose signature looks like one, and as many pieces of its body. */
function begin({ socket }: Sender, contentLength: number, body: readonly Buffer[] = []): void {
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
  for (const piece of body) socket.write(piece);
}

const openAll = (count: number) => Promise.all(Array.from({ length: count }, open));
/** Pieces of 1 MB: one copy in this process for all of them. */
const pieces = (count: number) => Array<Buffer>(count).fill(PIECE);

const send = () =>
  sendPush(server.url, { secret: site.secret, source: site.source, branch: 'touch', body: push('touch') });

test('a thousand connections with 25 MB each: few are held, the others are told to come again, small ones get through', async () => {
  expect((await send()).status).toBe(202);
  const before = await memory();
  const senders = await openAll(CONNECTIONS);
  // All but the end, as somebody does who wants to hold the memory. Right after its head: a body that is some seconds
  // late is refused as too slow.
  for (const sender of senders) begin(sender, 25 * MB, pieces(24));
  const turnedAway = () => senders.filter(({ status }) => status() === 503).length;
  const gone = () => senders.filter(({ socket }) => socket.destroyed).length;
  // What is held is given back after half a minute, which a busy machine may need to turn all others away.
  let held = 0;
  const seenToGo = async () => {
    held = Math.max(held, (await memory()).now);
    return Math.max(turnedAway(), gone());
  };
  await expect.poll(seenToGo, { timeout: 120_000 }).toBeGreaterThan(CONNECTIONS - 30);
  expect(turnedAway()).toBeGreaterThan(0);
  // While the rest hold what they got.
  expect((await send()).status).toBe(202);
  const { most } = await memory();
  // Something was held indeed, and at no moment was it more than may be, and what connections take.
  expect(held - before.now).toBeGreaterThan(BODIES_IN_FLIGHT / 4);
  expect(most - before.now).toBeLessThan(BODIES_IN_FLIGHT + CONNECTIONS_BYTES);
  for (const { socket } of senders) socket.destroy();
  // Whatever was held has been given back: as many as may be held are read to their end, and only then refused.
  const readOut = async () => {
    const again = await openAll(LARGE_IN_FLIGHT);
    try {
      for (const sender of again) begin(sender, 25 * MB, pieces(25));
      // Longer than a body may take: by then each is answered, in whatever way.
      await expect.poll(() => again.filter(({ status }) => status() === undefined).length, { timeout: 45_000 }).toBe(0);
      return again.map(({ status }) => status());
    } finally {
      // What is not read to its end must not be in the way of the next try.
      for (const { socket } of again) socket.destroy();
    }
  };
  await expect.poll(readOut, { timeout: 90_000, interval: 1_000 }).toEqual(Array(LARGE_IN_FLIGHT).fill(401));
  expect((await send()).status).toBe(202);
}, 400_000);

test('a thousand connections that send a byte now and then are cut, and cost next to nothing meanwhile', async () => {
  expect((await send()).status).toBe(202);
  const before = await memory();
  const senders = await openAll(CONNECTIONS);
  for (const sender of senders) begin(sender, MB);
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
