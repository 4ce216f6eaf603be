import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { createActivities } from '../../../src/activities/index.js';
import { type FakeGithub, startFakeGithub } from '../../support/fake-github/github.js';
import { activity, depsOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

let github: FakeGithub | undefined;
afterEach(() => github?.close());

test('a status and a build of one source share its client: they ask for one installation token', async () => {
  github = await startFakeGithub({ base: '/api/v3', app: { id: '4711', publicKey, installationToken: 'ghs_token' } });
  const app = { id: 4711, privateKey: { env: 'KEY' } };
  const config = configOf(
    { sources: { ghes: { kind: 'github', secrets: [{ env: 'WEBHOOK' }], url: github.url, api: { app } } } },
    { WEBHOOK: 'w', KEY: privateKey },
  );
  const { reportStatus, triggerGithubRun, awaitGithubRun, cancelGithubRun } = createActivities(depsOf(config));
  const where = { source: 'ghes', repository: 'acme/app' };
  const inRun = activity({ workflowExecution: { workflowId: 'ci/ghes/1', runId: 'r' } });

  const status = { ...where, sha: 'b'.repeat(40), state: 'success', context: 'ci', description: 'ok' } as const;
  await inRun.run(reportStatus, status);
  const build = { ...where, workflow: 'release.yml', ref: 'main', inputs: {}, correlationId: '' };
  const run = await inRun.run(triggerGithubRun, build);
  await inRun.run(cancelGithubRun, run);
  expect(await inRun.run(awaitGithubRun, run)).toMatchObject({ outcome: 'cancelled' });

  expect(github.statuses).toHaveLength(1);
  expect(github.dispatches).toHaveLength(1);
  expect(github.received.filter(({ path }) => path.endsWith('/installation'))).toHaveLength(1);
  expect(github.received.filter(({ path }) => path.endsWith('/access_tokens'))).toHaveLength(1);
});
