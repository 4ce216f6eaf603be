import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readUpTo } from '../../src/http/read-up-to.js';

/** Sends as many bytes as its path says, and never ends the response. */
const server = createServer((req, res) => void res.writeHead(200).write('x'.repeat(Number(req.url?.slice(1)))));
beforeAll(async () => void (await once(server.listen(0, '127.0.0.1'), 'listening')));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('a response that has as many bytes as are read is not waited for any longer', async () => {
  const { body } = await request(`http://127.0.0.1:${(server.address() as AddressInfo).port}/100`);
  expect(await readUpTo(100, body)).toEqual({ text: 'x'.repeat(100), complete: false });
});
