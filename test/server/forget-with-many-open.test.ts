import { join } from 'node:path';
import { TypedSearchAttributes } from '@temporalio/common';
import { afterEach, expect, test, vi } from 'vitest';
import { mapAtOnce } from '../../src/async/at-once.js';
import { toPairs } from '../../src/runs/search-attributes.js';
import { forget } from '../../src/server/api/forget.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { aDelivery } from '../store/a-delivery.js';
import { closers } from '../support/harness/closers.js';
import { tempFolder } from '../support/temp-folder.js';
import { testClient, unique } from '../support/temporal.js';

const { add, close } = closers();
afterEach(close);

/** More than Temporal lists at once. */
const OTHERS = 1_000;

test('a delivery whose run has not ended is left, however many others have not', async () => {
  const taskQueue = unique('forget-many');
  const client = add(await testClient());
  const store = add(await openSqliteStore({ path: join(await tempFolder('forget-many'), 'store.db') }));
  const start = async (delivery: string) => {
    const typedSearchAttributes = new TypedSearchAttributes(
      toPairs({ HookyardRepository: 'acme/app', HookyardSource: 'hub', HookyardDelivery: delivery }),
    );
    await client.workflow.start('any', { workflowId: unique(delivery), taskQueue, typedSearchAttributes });
  };
  const kept = aDelivery('k1');
  await store.inbox.accept(kept);
  await start(kept.id);
  await mapAtOnce(
    Array.from({ length: OTHERS }, (_, n) => `other-${n}`),
    50,
    start,
  );
  const open = () => client.workflow.count(`TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`);
  await expect.poll(async () => (await open()).count, { timeout: 60_000 }).toBe(OTHERS + 1);
  const answer = await forget({ client, taskQueue, store }, { source: kept.source });
  expect(answer?.counts).toMatchObject({ deliveries: 0, waiting: 1 });
  expect(await store.inbox.body(kept.id)).toBeDefined();
}, 150_000);

test('where runs have written much, an answer comes in between, and the next call goes on from there', async () => {
  const taskQueue = unique('forget-slowly');
  const client = add(await testClient());
  const store = add(await openSqliteStore({ path: join(await tempFolder('forget-slowly'), 'store.db') }));
  const keys = ['k1', 'k2', 'k3', 'k4'];
  for (const [n, key] of keys.entries())
    await store.inbox.accept(aDelivery(key, { receivedAt: Date.now() - 1_000 * n, body: Buffer.from(key) }));
  let ahead = 0;
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
  const run: Store['forgetting']['run'] = (...args) => {
    ahead += 2_000;
    return store.forgetting.run(...args);
  };
  const { inbox, lanes, records } = store;
  const slow = { inbox, lanes, records, forgetting: { ...store.forgetting, run } };
  const asked = { source: 'hub' };
  try {
    const first = await forget({ client, taskQueue, store: slow }, asked);
    expect(first).toMatchObject({ counts: { deliveries: 2 }, next: { step: 'deliveries' } });
    const second = await forget({ client, taskQueue, store: slow }, { ...asked, from: first?.next });
    expect(second).toMatchObject({ counts: { deliveries: 2 }, next: { step: 'runs' } });
  } finally {
    clock.mockRestore();
  }
});
