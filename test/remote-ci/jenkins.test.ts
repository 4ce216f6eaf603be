import { afterEach, expect, test } from 'vitest';
import { openRemoteCi } from '../../src/remote-ci/index.js';
import { Secret } from '../../src/secrets/secret.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';

const CORRELATION = 'ci/github/1/hookyard-build-1';

let server: LocalServer | undefined;
afterEach(() => server?.close());

test('an item that is in the queue under another number by now is taken out by that', async () => {
  const parameters = [{ name: 'HOOKYARD_BUILD', value: CORRELATION }];
  server = await startServer(({ method, path }) => {
    if (path === '/queue/api/json') return { status: 200, body: { items: [{ id: 77, actions: [{ parameters }] }] } };
    if (method === 'POST' && path === '/queue/cancelItem') return { status: 302, headers: { location: '/queue/' } };
    // The number that the trigger was answered with is forgotten.
    return { status: 404, body: {} };
  });
  const ci = openRemoteCi(
    {
      ...{
        kind: 'jenkins',
        url: server.url,
        job: 'app',
        user: 'robot',
        token: new Secret('token'),
        allowPrivate: true,
      },
      ...{ correlation: 'HOOKYARD_BUILD' },
    },
    { name: 'it' },
  );
  await ci.cancel({ id: 'queue:39', correlation: CORRELATION });
  expect(server.received.at(-1)?.query.get('id')).toBe('77');
});
