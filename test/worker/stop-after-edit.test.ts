import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.js';
import { startOptions } from '../../src/dispatch/start-options.js';
import type { Installation } from '../support/harness/installation.js';
import { runWorker, type TestWorker } from '../support/harness/worker.js';
import { testClient } from '../support/temporal.js';
import { pushEvent } from '../triggers/sample-events.js';
import { HELD, openHeld } from './held.js';

/** `PENDING_ACTIVITY_STATE_STARTED` of Temporal's API. */
const STARTED = 2;

let installation: Installation;
let worker: TestWorker;
let client: Awaited<ReturnType<typeof testClient>>;
beforeEach(async () => {
  client = await testClient();
  installation = await openHeld();
  worker = await runWorker(installation);
});
afterEach(async () => {
  await installation.close();
  await client.close();
});

test('a worker that is stopped soon after an edit waits for an activity that began before the edit', async () => {
  const workflowId = `held/github/${randomUUID()}`;
  const dispatch = { kind: 'start', id: workflowId, workflowId, automation: 'held', event: pushEvent() } as const;
  const run = await client.workflow.start(
    'held',
    startOptions({ ...dispatch, attempt: 1, since: 0 }, installation.taskQueue),
  );
  const state = async () => (await run.describe()).raw.pendingActivities?.[0]?.state;
  await expect.poll(state, { timeout: 20_000 }).toBe(STARTED);
  await worker.reload(await loadCatalog(HELD));
  // The connection is closed too, and says so if a worker holds it still.
  await worker.close();
  const { events } = await run.fetchHistory();
  const ended = (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes);
  expect(ended).toHaveLength(1);
  await run.terminate();
});
