import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.js';
import { startOptions } from '../../src/dispatch/start-options.js';
import { packageRoot } from '../../src/paths.js';
import { connectEager } from '../../src/temporal/connect.js';
import { type Installation, openInstallation } from '../support/harness/installation.js';
import { runWorker, type TestWorker } from '../support/harness/worker.js';
import { pushEvent } from '../triggers/sample-events.js';

const here = (path: string) => join(packageRoot, 'test/worker', path);

let installation: Installation;
let worker: TestWorker;
let client: Client;

beforeAll(async () => {
  installation = await openInstallation({
    name: 'eager',
    automations: here('local'),
    config: () => ({
      sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } },
      activities: here('own-steps.ts'),
    }),
    values: { HOOK: 'secret' },
  });
  worker = await runWorker(installation);
  client = connectEager({ namespace: 'default' }, worker.connection);
});
afterAll(async () => {
  await worker?.close();
  await installation?.close();
});

/** As the dispatcher starts it, by the client that `hookyard start` gives it. */
function begin(automation: string, taskQueue = installation.taskQueue) {
  const workflowId = `${automation}/eager/${randomUUID()}`;
  const dispatch = { kind: 'start', id: workflowId, workflowId, automation, event: pushEvent(), attempt: 1 } as const;
  return client.workflow.start(automation, startOptions({ ...dispatch, since: 0 }, taskQueue));
}

/** What of the history came from the server's queues, and what the worker did by itself. */
async function eventsOf(run: WorkflowHandle) {
  const { events } = await run.fetchHistory();
  const list = events ?? [];
  return {
    regular: list.filter((event) => event.activityTaskScheduledEventAttributes).length,
    local: list.filter((event) => event.markerRecordedEventAttributes?.markerName === 'core_local_activity').length,
    workflowTasks: list.filter((event) => event.workflowTaskScheduledEventAttributes).length,
  };
}

test('a run that the worker in this process is handed with the start does its short steps in one workflow task', async () => {
  const run = await begin('quick');
  expect(run.eagerlyStarted).toBe(true);
  expect(await run.result()).toMatchObject({ outcome: 'passed' });
  expect(await eventsOf(run)).toEqual({ regular: 0, local: 2, workflowTasks: 1 });
});

test('a local step is tried again in the worker, and what it comes to is there once', async () => {
  const run = await begin('quick');
  await run.result();
  const record = await installation.store.records.get('attempts', pushEvent().commit.sha);
  expect(record?.data).toEqual({ attempts: 2 });
});

test('a local step that never succeeds fails the run after the tries that its author allows', async () => {
  const run = await begin('hopeless');
  await expect(run.result()).rejects.toMatchObject({ cause: { message: expect.stringContaining('never') } });
});

test('where the worker serves another task queue the run is started all the same, and waits', async () => {
  const run = await begin('quick', `${installation.taskQueue}-nobody`);
  expect(run.eagerlyStarted).toBe(false);
  expect(await run.describe()).toMatchObject({ status: { name: 'RUNNING' } });
  await run.terminate();
});

test('after an edit eager starts reach the worker with the new code', async () => {
  await worker.reload(await loadCatalog(here('reloaded')));
  const runs = await Promise.all(Array.from({ length: 5 }, () => begin('quick')));
  await Promise.all(runs.map((run) => run.result()));
  expect(runs.map((run) => run.eagerlyStarted)).toContain(true);
  for (const run of runs) expect(await eventsOf(run)).toMatchObject({ local: 1 });
});
