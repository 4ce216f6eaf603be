import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replayDelivery } from '../../src/server/api/replay.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { NewDelivery, Store } from '../../src/store/store.js';
import type { Verdict } from '../../src/triggers/verdict.js';
import { inLane } from '../store/a-claim.js';
import { row } from '../support/harness/rows.js';
import { tempFolder } from '../support/temp-folder.js';

let folder: string;
let store: Store;
let woken: number;
beforeEach(async () => {
  folder = await tempFolder('replay');
  store = await openSqliteStore({ path: join(folder, 'store.db') });
  woken = 0;
});
afterEach(async () => {
  await store.close();
});

/** One that starts `ci`, has `lint` reported as skipped, and leaves `docs` alone. */
async function accepted(): Promise<NewDelivery> {
  const plain = row([]);
  const verdicts: Verdict[] = [
    { automation: 'ci', outcome: 'start', because: 'a push', workflowId: `ci/github/${plain.key}` },
    { automation: 'lint', outcome: 'skip', because: 'a draft', workflowId: `lint/github/${plain.key}` },
    { automation: 'docs', outcome: 'filtered', because: 'no docs' },
  ];
  const delivery = { ...plain, verdicts };
  await store.inbox.accept(delivery);
  return delivery;
}

const replay = ({ id }: NewDelivery, automation?: string) =>
  replayDelivery({ inbox: store.inbox, wake: () => void woken++ }, { id }, automation);
const settle = (run: string, outcome: 'done' | 'failed') =>
  store.inbox.settle([outcome === 'done' ? { id: run, outcome } : { id: run, outcome, error: 'INTERNAL: a fault' }]);
const refusal = { status: 409, message: expect.stringContaining('nothing to start again') };

test('a start that could not be started is started again, and is then neither counted nor listed as failed', async () => {
  const delivery = await accepted();
  const { key } = delivery;
  await settle(`ci/github/${key}`, 'failed');
  await settle(`lint/github/${key}`, 'done');
  expect(await store.inbox.backlog()).toMatchObject({ failed: 1 });
  expect(await replay(delivery)).toEqual({ delivery: delivery.id, runs: [`ci/github/${key}/replay-1`] });
  expect(woken).toBe(1);
  await settle(`ci/github/${key}/replay-1`, 'done');
  expect(await store.inbox.backlog()).toEqual({ pending: 0, failed: 0, failedSignals: 0, waiting: 0 });
  expect(await store.inbox.list({ limit: 10, failed: true })).toEqual([]);
});

test('a run that only reports skipped checks and could not be started is started again, until it is', async () => {
  const delivery = await accepted();
  const { key } = delivery;
  await settle(`ci/github/${key}`, 'done');
  await settle(`lint/github/${key}`, 'failed');
  expect(await replay(delivery, 'lint')).toMatchObject({ runs: [`lint/github/${key}/replay-1`] });
  const [again] = await store.inbox.claim({ limit: 1, leaseMs: 60_000 });
  expect(again).toMatchObject({ workflowId: `lint/github/${key}/replay-1`, how: { skip: 'a draft' } });
  // What could never begin has missed nothing.
  expect(again).not.toHaveProperty('how.again');
  await settle(`lint/github/${key}/replay-1`, 'failed');
  expect(await replay(delivery)).toMatchObject({
    runs: [`ci/github/${key}/replay-1`, `lint/github/${key}/replay-2`],
  });
  await settle(`lint/github/${key}/replay-2`, 'done');
  await expect(replay(delivery, 'lint')).rejects.toMatchObject(refusal);
});

test('a run that is started again knows since when, and so waits for what comes later', async () => {
  const delivery = await accepted();
  await settle(`ci/github/${delivery.key}`, 'done');
  const before = Date.now();
  await replay(delivery, 'ci');
  const claimed = await store.inbox.claim({ limit: 9, leaseMs: 60_000 });
  const again = claimed.find(({ workflowId }) => workflowId.endsWith('/replay-1'));
  const { how } = again?.kind === 'start' ? again : {};
  expect(Date.parse(how?.again ?? '')).toBeGreaterThanOrEqual(before);
});

test('a run that stands for other events stands for them when it is started again', async () => {
  const held = (key: string) => ({ deliveryId: inLane(key).id, receivedAt: '2026-11-24T08:00:00.000Z' });
  const delivery = inLane('b', { held: { waitMs: 1, atMostMs: 1, event: held('b') } });
  await store.inbox.accept(inLane('a', { held: { waitMs: 60_000, atMostMs: 60_000, event: held('a') } }));
  await store.inbox.accept(delivery);
  await expect.poll(() => store.lanes.letDue()).toMatchObject({ hasLetOn: true });
  const how = { lane: 'the lane deploy', superseded: [held('a')] };
  expect(await store.inbox.claim({ limit: 5, leaseMs: 60_000 })).toMatchObject([{ workflowId: 'b', how }]);
  await settle('b', 'done');
  await store.lanes.leave(['b']);
  const { runs: [run] = [] } = (await replay(delivery)) ?? {};
  expect(await store.inbox.claim({ limit: 5, leaseMs: 60_000 })).toMatchObject([{ workflowId: run, how }]);
  // What was superseded stands for itself alone.
  await settle(run ?? '', 'done');
  await store.lanes.leave([run ?? '']);
  await replay(inLane('a'));
  const [alone] = await store.inbox.claim({ limit: 5, leaseMs: 60_000 });
  expect(alone).not.toMatchObject({ how: { superseded: expect.anything() } });
  expect(alone).toMatchObject({ automation: 'ci', how: { lane: 'the lane deploy' } });
});

test('checks that were reported as skipped are not reported so again: a later run may have reported something else', async () => {
  const delivery = await accepted();
  const { key } = delivery;
  await settle(`ci/github/${key}`, 'done');
  await settle(`lint/github/${key}`, 'done');
  expect(await replay(delivery)).toMatchObject({ runs: [`ci/github/${key}/replay-1`] });
});

test.each(['lint', 'docs', 'nobody'])('the automation %s has nothing to start again', async (automation) => {
  const delivery = await accepted();
  await expect(replay(delivery, automation)).rejects.toMatchObject(refusal);
  expect(woken).toBe(0);
  expect(await replayDelivery({ inbox: store.inbox, wake: () => undefined }, { id: 'unknown' })).toBeUndefined();
});
