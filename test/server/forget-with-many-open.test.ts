import { join } from 'node:path';
import { TypedSearchAttributes } from '@temporalio/common';
import { afterEach, expect, test } from 'vitest';
import { mapAtOnce } from '../../src/async/at-once.js';
import { toPairs } from '../../src/runs/search-attributes.js';
import { forget } from '../../src/server/api/forget.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
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
