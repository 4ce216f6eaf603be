import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiVersion } from '../../../src/providers/github/api/api-version.js';
import { createBoundedFetch } from '../../../src/providers/github/api/bounded-fetch.js';

let api: Server;
let other: Server;
const stolen: string[] = [];

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const listening = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));

beforeAll(async () => {
  other = createServer((req, res) => {
    stolen.push(`${req.method} ${req.url} ${req.headers.authorization}`);
    res.end('{}');
  });
  await listening(other);
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  api = createServer((req, res) => {
    const to = (status: number, location: string) => res.writeHead(status, { location }).end();
    if (req.url === '/bomb') return res.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    if (req.url === '/packed') return res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}'));
    if (req.url === '/away') return to(307, `${urlOf(other)}/steal`);
    if (req.url === '/renamed') return to(req.method === 'GET' ? 301 : 307, '/repositories/1');
    if (req.url === '/seen-other') return to(302, '/repositories/1');
    if (req.url === '/circle') return to(301, '/circle');
    return res.end(JSON.stringify({ method: req.method, url: req.url }));
  });
  await listening(api);
});
afterAll(() => {
  for (const server of [api, other]) server.close().closeAllConnections();
});

const send = (path: string, method = 'GET') =>
  createBoundedFetch(createApiVersion())(`${urlOf(api)}${path}`, {
    method,
    headers: { authorization: 'token canary' },
    ...(method === 'POST' && { body: '{}' }),
  });

test('a response that unpacks to more than the bound is given up', async () => {
  await expect(send('/bomb')).rejects.toThrow('larger than 16 MB');
  expect(await (await send('/packed')).json()).toEqual({ a: 1 });
});

test.each(['GET', 'POST'])('%s follows a new name at the same host', async (method) => {
  expect(await (await send('/renamed', method)).json()).toEqual({ method, url: '/repositories/1' });
});

test('a redirect to another host, of another method, or in a circle is not followed', async () => {
  expect((await send('/away', 'POST')).status).toBe(307);
  expect((await send('/away')).status).toBe(307);
  expect((await send('/seen-other', 'POST')).status).toBe(302);
  expect((await send('/circle')).status).toBe(301);
  expect(stolen).toEqual([]);
});
