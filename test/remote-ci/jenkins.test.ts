import { afterEach, expect, test } from 'vitest';
import { openRemoteCi } from '../../src/remote-ci/index.js';
import { Secret } from '../../src/secrets/secret.js';
import { type Answer, type LocalServer, type Received, startServer } from '../support/harness/http-server.js';

const CORRELATION = 'ci/github/1/hookyard-build-1';
const TO_PAGE = { status: 302, headers: { location: '/queue/' } };
const NOT_FOUND = { status: 404, body: {} };

let server: LocalServer | undefined;
afterEach(() => server?.close());

async function setUp(answer: (request: Received) => Answer) {
  server = await startServer(answer);
  const { received, url } = server;
  const settings = { url, job: 'app', user: 'robot', token: new Secret('token'), allowPrivate: true };
  const ci = openRemoteCi({ kind: 'jenkins', ...settings, correlation: 'HOOKYARD_BUILD' }, { name: 'it' });
  const posts = () => received.filter(({ method }) => method === 'POST').map(({ path, query }) => `${path}?${query}`);
  return { ci, posts };
}

test('an item that is in the queue under another number by now is taken out by that', async () => {
  const parameters = [{ name: 'HOOKYARD_BUILD', value: CORRELATION }];
  const items = [{ id: 77, actions: [{ parameters }] }];
  const { ci, posts } = await setUp(({ method, path }) => {
    if (path === '/queue/api/json') return { status: 200, body: { items } };
    if (path === '/job/app/api/json') return { status: 200, body: {} };
    // The number that the trigger was answered with is forgotten.
    if (method !== 'POST' || path !== '/queue/cancelItem') return NOT_FOUND;
    items.splice(0);
    return TO_PAGE;
  });
  await ci.cancel({ id: 'queue:39', correlation: CORRELATION });
  expect(posts()).toEqual(['/queue/cancelItem?id=77']);
});

test.each([
  ['a redirect', TO_PAGE],
  ['404', NOT_FOUND],
])(
  'an item that becomes a build while it is taken out, which is answered by %s, is stopped as a build',
  async (_, answer) => {
    let executable: object | null = null;
    const { ci, posts } = await setUp(({ path }) => {
      if (path === '/queue/item/39/api/json') return { status: 200, body: { id: 39, executable } };
      if (path === '/job/app/api/json') return { status: 200, body: {} };
      if (path === '/job/app/35/stop') return TO_PAGE;
      if (path !== '/queue/cancelItem') return NOT_FOUND;
      executable = { number: 35 };
      return answer;
    });
    await ci.cancel({ id: 'queue:39', correlation: CORRELATION });
    expect(posts()).toEqual(['/queue/cancelItem?id=39', '/job/app/35/stop?']);
  },
);

test('an item that stays in the queue, whatever is answered, is not taken for cancelled', async () => {
  const { ci } = await setUp(({ path }) => {
    if (path === '/queue/item/39/api/json') return { status: 200, body: { id: 39 } };
    return path === '/queue/cancelItem' ? TO_PAGE : NOT_FOUND;
  });
  await expect(ci.cancel({ id: 'queue:39', correlation: CORRELATION })).rejects.toMatchObject({ kind: 'unusable' });
});
