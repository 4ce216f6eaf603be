import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic } from '../../../src/http/auth-headers.js';
import { packageRoot } from '../../../src/paths.js';
import { runState } from '../../../src/server/api/run-state.js';
import { type GitServer, openGitServer } from '../../activities/job/git-server.js';
import { closers } from '../../support/harness/closers.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { makeRepository } from '../../support/harness/repository.js';
import { runWorker } from '../../support/harness/worker.js';
import { testClient, unique } from '../../support/temporal.js';
import { pushEvent } from '../../triggers/sample-events.js';

const TOKEN = 'a-token-for-git';
const { add, close } = closers();
let server: GitServer;
let installation: Installation;
let client: Awaited<ReturnType<typeof testClient>>;
let sha: string;

beforeAll(async () => {
  client = add(await testClient());
  server = add(await openGitServer(basic('oauth2', TOKEN)));
  installation = add(
    await openInstallation({
      name: 'away',
      automations: join(packageRoot, 'test/workflows/kit/automations'),
      config: () => ({
        sources: {
          github: {
            kind: 'gitlab',
            url: 'http://127.0.0.1:1',
            secrets: [{ env: 'HOOK' }],
            clone: { url: `${server.url}/{fullName}.git`, token: { env: 'TOKEN' } },
          },
        },
        secrets: { token: { env: 'TOKEN' } },
      }),
      values: { HOOK: 'a-webhook-secret-for-tests', TOKEN },
    }),
  );
  sha = await makeRepository(installation.folder);
  server.root = join(installation.folder, 'repositories');
  add(await runWorker(installation));
});
afterAll(close);

/** Starts a job while the Git server is away. */
function startAway() {
  server.failing = Number.POSITIVE_INFINITY;
  const repository = { id: '1', fullName: 'acme/app', url: 'https://github.com/acme/app', private: false };
  return client.workflow.start('red', {
    workflowId: unique('red'),
    taskQueue: installation.taskQueue,
    args: [pushEvent({ repository, commit: { sha } })],
  });
}

test('a run that no longer waits for what is away does not say that it does, however the wait ended', async () => {
  const run = await startAway();
  const waits = async () => (await run.describe()).memo?.waitsForAway;
  await expect.poll(waits, { timeout: 25_000 }).toEqual(expect.any(String));
  await run.cancel();
  await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(await waits()).not.toEqual(expect.any(String));
}, 60_000);

test('a job waits for a Git server that is away, says so, and goes on when it is back', async () => {
  const run = await startAway();
  const details = async () =>
    (await run.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
  await expect
    .poll(details, { timeout: 25_000 })
    .toMatch(/^- ⏳ Job red: waits, until \d{4}-.* at the latest: git can't fetch from .*503/);
  expect(await runState({ client, uiUrl: undefined }, run.workflowId)).toEqual({
    status: 'running',
    waitsForAway: expect.stringContaining("git can't fetch from"),
  });
  server.failing = 0;
  expect(await run.result()).toMatchObject({ outcome: 'failed', steps: [{ what: 'Job red', outcome: 'failed' }] });
  expect(await details()).toMatch(/^- ❌ Job red: "exit 3" failed/);
  const lines = await installation.store.logs.read(
    { workflowId: run.workflowId, job: 'red' },
    { after: 0, limit: 100 },
  );
  expect(lines.map(({ text }) => text)).toContain('before');
}, 60_000);
