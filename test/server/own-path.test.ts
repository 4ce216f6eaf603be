import { afterEach, expect, test } from 'vitest';
import { createOwnPath } from '../../src/server/http/own-path.js';
import { deliver, sign } from '../support/harness/delivery.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { API_TOKEN } from '../support/harness/receiver-config.js';

let receiver: Receiver | undefined;
afterEach(() => receiver?.close());

test.each([
  ['/webhooks/github', '/webhooks/github'],
  ['//webhooks/github', '/webhooks/github'],
  ['/webhooks//github?a=//b', '/webhooks/github?a=//b'],
  ['/hooks/webhooks/github', '/webhooks/github'],
  ['//hooks//webhooks/github', '/webhooks/github'],
  ['/hooks/api/deliveries?limit=1', '/api/deliveries?limit=1'],
  ['/hooks/callbacks/a.b', '/callbacks/a.b'],
  ['/hooks/readyz', '/readyz'],
  ['/hooks/.well-known/openid-configuration', '/.well-known/openid-configuration'],
  ['http://hooks.example/hooks/webhooks/github', '/webhooks/github'],
  ['http://hooks.example', ''],
  ['/hooks/artifacts?id=a&name=b', '/artifacts?id=a&name=b'],
  ['/hooks/logs/live?run=a&job=b', '/logs/live?run=a&job=b'],
  ['/hooks/logs/text?run=a', '/logs/text?run=a'],
  ['/hooks/index.json', '/index.json'],
  ['/hooks/badges/ci.svg?branch=main', '/badges/ci.svg?branch=main'],
  ['/hooks/automations/ci/feed.atom', '/automations/ci/feed.atom'],
  ['/hooks/cc.xml', '/cc.xml'],
  ['/hooks/deliveries.json', '/deliveries.json'],
  ['/hooks', '/hooks'],
  ['/hooksmore/webhooks/github', '/hooksmore/webhooks/github'],
  ['/hooks/hooks/webhooks/github', '/hooks/hooks/webhooks/github'],
  ['/other/webhooks/github', '/other/webhooks/github'],
  ['/webhooks/github/../../api', '/webhooks/github/../../api'],
])('behind a proxy, %s is the receiver’s %s', (url, own) => {
  expect(createOwnPath('https://hooks.example/hooks')(url)).toBe(own);
});

test('a base path that is called like one of the receiver’s own takes nothing off those', () => {
  const own = createOwnPath('https://hooks.example/api');
  expect(own('/api/deliveries')).toBe('/api/deliveries');
  expect(own('/api/webhooks/github')).toBe('/webhooks/github');
});

test('deliveries and the API are answered with the path of the public address, and without it', async () => {
  receiver = await startReceiver({ config: { publicUrl: 'https://hooks.example/hooks' } });
  for (const base of ['', '/hooks', '/', '//hooks/']) {
    const body = JSON.stringify({ base });
    const headers = { 'x-hub-signature-256': sign(body) };
    expect(await deliver(`${receiver.url}${base}`, { event: 'push', body, headers }), base).toMatchObject({
      status: 202,
    });
    const answer = await fetch(`${receiver.url}${base}/api/deliveries`, {
      headers: { authorization: `Bearer ${API_TOKEN}` },
    });
    expect(answer.status, base).toBe(200);
  }
});
