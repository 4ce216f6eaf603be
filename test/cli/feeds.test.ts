import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { API_TOKEN, openPlace, type Place } from '../support/harness/place.js';

let place: Place;
let server: LocalServer;
beforeAll(async () => {
  place = await openPlace();
  server = await startServer(({ headers, path, query }) => {
    if (path === '/api/automations') return { status: 200, body: { automations: [{ name: 'ci' }, { name: 'known' }] } };
    if (path === '/api/runs/list')
      return { status: 200, body: { runs: query.get('automation') === 'gone' ? [{ run: 'gone/github/1' }] : [] } };
    if (headers.authorization !== `Bearer ${API_TOKEN}` || path !== '/api/feeds') return { status: 404, body: {} };
    const begin = query.get('automation') === 'known' ? 'https://hooks.example/hooks' : '';
    const asked = [query.get('repository'), query.get('branch')].join(' ');
    const at = (name: string) => `${begin}/${name}?asked=${encodeURIComponent(asked)}`;
    return { status: 200, body: { badge: at('badge'), feed: at('feed'), monitor: at('monitor') } };
  });
});
afterAll(() => server.close());

const feeds = (...args: string[]) => place.hookyard(['feeds', '--url', server.url, ...args]);

test('hookyard feeds prints the addresses of an automation whole, also where the server has no public one, or as JSON', async () => {
  const [words, json] = await Promise.all([
    feeds('ci', '--repository', 'acme/app', '--branch', 'main'),
    feeds('known', '--json'),
  ]);
  expect(words.out.trimEnd().split('\n')).toEqual([
    `badge      ${server.url}/badge?asked=acme%2Fapp%20main`,
    `Atom feed  ${server.url}/feed?asked=acme%2Fapp%20main`,
    `monitors   ${server.url}/monitor?asked=acme%2Fapp%20main`,
  ]);
  expect(JSON.parse(json.out)).toEqual({
    badge: 'https://hooks.example/hooks/badge?asked=%20',
    feed: 'https://hooks.example/hooks/feed?asked=%20',
    monitor: 'https://hooks.example/hooks/monitor?asked=%20',
  });
  expect([words.code, json.code]).toEqual([0, 0]);
});

test('an automation that is not loaded any more has its addresses as long as runs of it are there', async () => {
  const { code, out } = await feeds('gone');
  expect([code, out]).toEqual([0, expect.stringContaining('badge?asked=')]);
});

test('a name that no automation has is told of: its badge would say for ever that there is no run', async () => {
  const { code, out, err } = await feeds('cii');
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('There is no automation "cii"; npx hookyard automations lists those');
});
