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

const replay = ({ id }: NewDelivery, automation?: string, once?: string) =>
  replayDelivery({ inbox: store.inbox, wake: () => void woken++ }, { id }, { automation, once });
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

test('what is asked for again with the same key is started once, also where it is asked for at the same time', async () => {
  const delivery = await accepted();
  const run = (count: number) => `ci/github/${delivery.key}/replay-${count}`;
  await settle(`ci/github/${delivery.key}`, 'done');
  const [first, beside] = await Promise.all([replay(delivery, 'ci', 'pressed-1'), replay(delivery, 'ci', 'pressed-1')]);
  expect([first?.runs, beside?.runs]).toEqual([[run(1)], [run(1)]]);
  expect(await replay(delivery, 'ci', 'pressed-1')).toEqual({ delivery: delivery.id, runs: [run(1)], duplicate: true });
  // Of all that it started, what was asked for before is left as it is.
  await settle(`lint/github/${delivery.key}`, 'failed');
  const all = { delivery: delivery.id, runs: [run(1), `lint/github/${delivery.key}/replay-1`] };
  expect(await replay(delivery, undefined, 'pressed-1')).toEqual(all);
  expect(await replay(delivery, undefined, 'pressed-1')).toEqual({ ...all, duplicate: true });
  expect(await replay(delivery, 'ci', 'pressed-2')).toEqual({ delivery: delivery.id, runs: [run(2)] });
  expect(await replay(delivery, 'ci')).toEqual({ delivery: delivery.id, runs: [run(3)] });
  expect(await replay(delivery, 'ci')).toEqual({ delivery: delivery.id, runs: [run(4)] });
});

test('a run that waits in its lane is known by the key that it was asked for with', async () => {
  const delivery = inLane('a');
  await store.inbox.accept(delivery);
  const first = await replay(delivery, undefined, 'pressed-1');
  expect(await store.inbox.findStart(first?.runs[0] ?? '')).toMatchObject({ state: 'waiting' });
  expect(await replay(delivery, undefined, 'pressed-1')).toEqual({ ...first, duplicate: true });
});

test('a run that is started again is not skipped for what has run since', async () => {
  const moved = (from: string, to: string) => ({ skipOutdated: true, happened: { from, to } }) as const;
  const older = inLane('older', moved('main 0', 'main 1'));
  await store.inbox.accept(older);
  await store.inbox.accept(inLane('newer', moved('main 1', 'main 2')));
  const { runs: [again] = [] } = (await replay(older)) ?? {};
  for (const run of ['older', 'newer']) {
    expect(await store.inbox.claim({ limit: 5, leaseMs: 60_000 })).toMatchObject([{ workflowId: run }]);
    await settle(run, 'done');
    await store.lanes.leave([run]);
  }
  expect(await store.inbox.claim({ limit: 5, leaseMs: 60_000 })).toMatchObject([{ workflowId: again }]);
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
