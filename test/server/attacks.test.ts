import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keptHeaders } from '../../src/intake/kept-headers.js';
import { createBodyBudget } from '../../src/server/http/body-budget.js';
import { createGrowingBuffer } from '../../src/server/http/growing-buffer.js';
import { deliver, sign } from '../support/harness/delivery.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver({});
});
afterAll(() => receiver.close());

test('a JSON body whose text holds a form, sent again as a form under the same signature, is no other event', async () => {
  const forged = encodeURIComponent(JSON.stringify({ ref: 'refs/tags/v9' }));
  const body = JSON.stringify({ action: 'created', comment: { body: `&payload=${forged}&` } });
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-hub-signature-256': sign(body) };
  const { status, body: answer } = await deliver(receiver.url, { event: 'push', body, headers });
  expect(status).toBe(202);
  expect(answer).toMatchObject({ ignored: expect.stringContaining("can't be read"), runs: [] });
  // Nor does it use up the body, or its key, for the true delivery.
  const json = { 'x-hub-signature-256': sign(body) };
  expect((await deliver(receiver.url, { event: 'push', body, headers: json })).body.duplicate).toBeUndefined();
});

test('a body in pieces of one byte takes no more memory than its bytes', () => {
  const body = createGrowingBuffer(1024 * 1024);
  let charged = 0;
  for (let i = 0; i < 100_000; i++) {
    charged += body.growth(Buffer.from('x'));
    body.add(Buffer.from('x'));
  }
  expect(body.content().length).toBe(100_000);
  expect(charged).toBeLessThan(200_001);
});

test('a large body that is refused gives its memory back at once, not when garbage is collected', () => {
  const share = createBodyBudget(100 * 1024 * 1024).open();
  const body = createGrowingBuffer(25 * 1024 * 1024);
  share.holds(body);
  const chunk = Buffer.alloc(64 * 1024, 'x');
  for (let i = 0; i < 40; i += 1) body.add(chunk);
  const content = body.content();
  expect(content.equals(Buffer.alloc(40 * chunk.length, 'x'))).toBe(true);
  share.release();
  expect(content.buffer.byteLength).toBe(0);
});

test('huge bodies leave room for small ones', () => {
  const budget = createBodyBudget(100 * 1024 * 1024);
  const huge = Array.from({ length: 10 }, () => budget.open());
  expect(huge.map((share) => share.take(25 * 1024 * 1024))).toEqual([true, true, true, ...Array(7).fill(false)]);
  const small = budget.open();
  expect(small.take(200 * 1024)).toBe(true);
  expect(small.take(200 * 1024)).toBe(false);
  for (const share of huge) share.release();
  expect(small.take(200 * 1024)).toBe(true);
});

test('a body that trickles in is cut off long before its deadline', async () => {
  const { hostname, port } = new URL(receiver.url);
  const socket = connect(Number(port), hostname);
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
  });
  socket.on('error', () => undefined);
  socket.write(
    `POST /webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Hub-Signature-256: ${sign('x')}\r\nContent-Length: 1000000\r\n\r\n`,
  );
  const trickle = setInterval(() => socket.write('x'), 200);
  expect(await answer).toMatch(/^HTTP\/1\.1 408/);
  clearInterval(trickle);
});

test('the header that a source’s token comes in is not stored, whatever it is called', () => {
  expect(keptHeaders({ 'x-hook-auth': 'canary', 'x-other': 'kept' }, ['x-hook-auth'])).toEqual({
    'x-hook-auth': '[redacted]',
    'x-other': 'kept',
  });
});
