import { afterEach, expect, test } from 'vitest';
import { openRemoteCi } from '../../src/remote-ci/index.js';
import { Secret } from '../../src/secrets/secret.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

test('a build that is still being made can not be cancelled yet, which passes', async () => {
  let state = 'creating';
  server = await startServer(({ method }) =>
    method === 'PUT' && state === 'creating'
      ? { status: 422, body: { message: 'Build is not in a state that can be canceled' } }
      : { status: 200, body: { number: 40, state } },
  );
  const settings = { url: server.url, token: new Secret('token'), allowPrivate: true, correlation: 'hookyard-build' };
  const ci = openRemoteCi({ kind: 'buildkite', ...settings, organization: 'acme', pipeline: 'shop' }, { name: 'it' });
  const build = { id: '40', correlation: 'a' };
  await expect(ci.cancel(build)).rejects.toMatchObject({ kind: 'unusable', message: expect.stringContaining('422') });
  state = 'scheduled';
  await ci.cancel(build);
});
