import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startUiProxy, type UiProxy } from '../../src/temporal/ui-proxy.js';
import { freeAddress } from '../support/harness/free-address.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';

let ui: LocalServer;
let proxy: UiProxy;
let port: number;

beforeEach(async () => {
  ui = await startServer(({ path }) => (path === '/slow' ? 'hang' : { status: 200, body: 'the UI' }));
  ({ port } = await freeAddress());
  proxy = await startUiProxy({ port, ui: { host: '127.0.0.1', port: Number(new URL(ui.url).port) } });
});
afterEach(async () => {
  await proxy.stop();
  await ui.close();
});

function statusOf(method: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path: '/api/v1/namespaces/default/workflows/x', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

test('the pages of the UI may do all, under each name of loopback', async () => {
  for (const name of ['localhost', '127.0.0.1', '[::1]']) {
    const host = `${name}:${port}`;
    expect(await statusOf('GET', { host })).toBe(200);
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect([method, await statusOf(method, { host, origin: `http://${host}` })]).toEqual([method, 200]);
  }
});

test.each([
  ['https://evil.example'],
  ['null'],
  ['http://localhost:1'],
  ['https://localhost'],
  ['http://localhost.evil.example'],
  [''],
])('a page of the origin "%s" changes and reads nothing', async (origin) => {
  for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'])
    expect([method, await statusOf(method, { host: `localhost:${port}`, origin })]).toEqual([method, 403]);
  expect(ui.received).toEqual([]);
});

test('a request that its browser has given up is given up at the UI too', async () => {
  const asked = request({ host: '127.0.0.1', port, path: '/slow' }).on('error', () => undefined);
  asked.end();
  await expect.poll(() => ui.received.length).toBe(1);
  expect(await ui.connections()).toBe(1);
  asked.destroy();
  await expect.poll(ui.connections).toBe(0);
});
