import { join } from 'node:path';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCatalog } from '../../../src/catalog/load.js';
import { basic } from '../../../src/http/auth-headers.js';
import { packageRoot } from '../../../src/paths.js';
import { runState } from '../../../src/server/api/run-state.js';
import { bundleWorkflows } from '../../../src/worker/bundle.js';
import { type GitServer, openGitServer } from '../../activities/job/git-server.js';
import { closers } from '../../support/harness/closers.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { makeRepository } from '../../support/harness/repository.js';
import { runWorker } from '../../support/harness/worker.js';
import { tempFolder } from '../../support/temp-folder.js';
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
}, 120_000);

/** Takes out of a history what a patch has added to it, and numbers the events anew: as the version before wrote it. */
function withoutPatch(history: History, patch: string): History {
  const { events } = JSON.parse(historyToJSON(history)) as { events: { markerRecordedEventAttributes?: Marked }[] };
  const isAdded = (event: object) =>
    'upsertWorkflowSearchAttributesEventAttributes' in event || 'workflowPropertiesModifiedEventAttributes' in event;
  const first = events.findIndex(({ markerRecordedEventAttributes: marked }) =>
    Object.values(marked?.details ?? {}).some(({ payloads }) =>
      payloads.some(({ data }) => Buffer.from(data, 'base64').includes(patch)),
    ),
  );
  expect(first).toBeGreaterThan(0);
  const after = events.findIndex((event, index) => index > first && !isAdded(event));
  const kept = [...events.slice(0, first), ...events.slice(after)];
  const moved = JSON.stringify({ events: kept }).replace(/("\w*[eE]ventId":)"(\d+)"/g, (_, name, id) =>
    Number(id) > first ? `${name}"${Number(id) - (after - first)}"` : `${name}"${id}"`,
  );
  return historyFromJSON(JSON.parse(moved));
}

interface Marked {
  readonly details: Readonly<Record<string, { readonly payloads: readonly { readonly data: string }[] }>>;
}

test('a run whose wait ended under the version before, which did not take back that it waits, goes on', async () => {
  const run = await startAway();
  await expect.poll(async () => (await run.describe()).memo?.waitsForAway, { timeout: 25_000 }).toBeTruthy();
  await run.cancel();
  await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  const history = await run.fetchHistory();
  const catalog = await loadCatalog(join(packageRoot, 'test/workflows/kit/automations'));
  const workflowBundle = await bundleWorkflows(catalog, await tempFolder('replay'));
  const replay = (of: History) => Worker.runReplayHistory({ workflowBundle }, of, run.workflowId);
  await expect(replay(history)).resolves.toBeUndefined();
  await expect(replay(withoutPatch(history, 'take-back-that-a-run-waits'))).resolves.toBeUndefined();
}, 150_000);

test('a job waits for a Git server that is away, says so, and goes on when it is back', async () => {
  const run = await startAway();
  const details = async () =>
    (await run.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
  await expect
    .poll(details, { timeout: 25_000 })
    .toMatch(/^- ⏳ Job red: waits, until \d{4}-.* at the latest: git can't fetch from .*503/);
  expect(await runState({ client, uiUrl: undefined, store: installation.store }, run.workflowId)).toEqual({
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
}, 120_000);
