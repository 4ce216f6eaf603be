import { afterEach, expect, test } from 'vitest';
import { openRemoteCi } from '../../src/remote-ci/index.js';
import { Secret } from '../../src/secrets/secret.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';

const ID = '5034460f-c7c4-4c43-9457-000000000040';

let server: LocalServer | undefined;
afterEach(() => server?.close());

test.each([
  [{ vcs: { target_repository_url: 'https://github.com/Acme/app' } }, true],
  [{ vcs: { origin_repository_url: 'https://github.com/acme/e2e' } }, false],
  [{ trigger_parameters: { git: { repo_url: 'https://github.com/acme/app.git' } } }, true],
  [{}, undefined],
])('a project that is named by ids tells by its pipeline whose commits it builds: %j', async (more, expected) => {
  server = await startServer(() => ({ status: 200, body: { id: ID, number: 4, state: 'created', ...more } }));
  const ci = openRemoteCi(
    {
      ...{ kind: 'circleci', url: server.url, token: new Secret('token'), allowPrivate: true, correlation: 'build_id' },
      project: `circleci/${ID}/${ID}`,
    },
    { name: 'it' },
  );
  expect(await ci.isOf?.({ id: ID }, 'acme/app')).toBe(expected);
});

test('a pipeline that the definition makes none of is refused with the reason', async () => {
  const message = 'The pipeline was not created: its trigger is disabled';
  server = await startServer(() => ({ status: 200, body: { message } }));
  const ci = openRemoteCi(
    {
      ...{ kind: 'circleci', url: server.url, token: new Secret('token'), allowPrivate: true, correlation: 'build_id' },
      ...{ project: `circleci/${ID}/${ID}`, definition: ID },
    },
    { name: 'it' },
  );
  const ref = { kind: 'branch', name: 'main' } as const;
  await expect(ci.trigger({ ref, sha: undefined, parameters: {}, correlation: 'a' })).rejects.toMatchObject({
    kind: 'refused',
    message: `made no pipeline: ${message}`,
  });
});

test('an answer that can not be read is none that makes no pipeline', async () => {
  server = await startServer(() => ({ status: 200, body: { id: ID, message: 'created' } }));
  const ci = openRemoteCi(
    {
      ...{ kind: 'circleci', url: server.url, token: new Secret('token'), allowPrivate: true, correlation: 'build_id' },
      ...{ project: `circleci/${ID}/${ID}`, definition: ID },
    },
    { name: 'it' },
  );
  const ref = { kind: 'branch', name: 'main' } as const;
  const made = ci.trigger({ ref, sha: undefined, parameters: {}, correlation: 'a' });
  await expect(made).rejects.toMatchObject({ kind: 'unusable' });
});
