import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.js';
import { startOptions } from '../../src/dispatch/start-options.js';
import { packageRoot } from '../../src/paths.js';
import { openWorkshop, type Workshop } from '../support/harness/worker.js';
import { testClient } from '../support/temporal.js';
import { pushEvent } from '../triggers/sample-events.js';

const here = (path: string) => join(packageRoot, 'test/worker', path);
/** `PENDING_ACTIVITY_STATE_STARTED` of Temporal's API. */
const STARTED = 2;

let workshop: Workshop;
let client: Awaited<ReturnType<typeof testClient>>;
beforeEach(async () => {
  client = await testClient();
  workshop = await openWorkshop(
    () => ({ sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } }, activities: here('held-steps.ts') }),
    { HOOK: 'secret' },
    here('held'),
  );
});
afterEach(() => client.close());

test('a worker that is stopped soon after an edit waits for an activity that began before the edit', async () => {
  const workflowId = `held/github/${randomUUID()}`;
  const dispatch = { kind: 'start', id: workflowId, workflowId, automation: 'held', event: pushEvent() } as const;
  const run = await client.workflow.start(
    'held',
    startOptions({ ...dispatch, attempt: 1, since: 0 }, workshop.taskQueue),
  );
  const state = async () => (await run.describe()).raw.pendingActivities?.[0]?.state;
  await expect.poll(state, { timeout: 20_000 }).toBe(STARTED);
  await workshop.worker.reload(await loadCatalog(here('held')));
  // The connection is closed too, and says so if a worker holds it still.
  await workshop.close();
  const { events } = await run.fetchHistory();
  const ended = (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes);
  expect(ended).toHaveLength(1);
  await run.terminate();
});
