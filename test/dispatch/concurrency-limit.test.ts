import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { createConcurrencyLimit } from '../../src/dispatch/concurrency-limit.js';
import { watchPollers } from '../../src/dispatch/pollers.js';
import { awayClient, temporalAddress, testClient, unique } from '../support/temporal.js';

const workflowsPath = fileURLToPath(new URL('../support/harness/workflows.ts', import.meta.url));
const answers = (limit: ReturnType<typeof createConcurrencyLimit>, ms: number, count: number) => {
  for (let i = 0; i < count; i++) limit.observe(ms);
};

test('more go out at once while Temporal answers as quickly as ever, within a bound', () => {
  const limit = createConcurrencyLimit();
  const first = limit.limit();
  answers(limit, 20, 20);
  expect(limit.limit()).toBeGreaterThan(first);
  answers(limit, 20, 2_000);
  expect(limit.limit()).toBe(32);
});

test('fewer go out as soon as answers take much longer, and one always may', () => {
  const limit = createConcurrencyLimit();
  answers(limit, 20, 100);
  answers(limit, 200, 60);
  expect(limit.limit()).toBe(1);
});

test('what was quick once is forgotten: an engine that is slower for good is not held back for ever', () => {
  const limit = createConcurrencyLimit();
  answers(limit, 10, 50);
  answers(limit, 80, 3_000);
  expect(limit.limit()).toBeGreaterThan(10);
});

test('workers are seen to be there, and not to be there', async () => {
  const client = await testClient();
  const connection = await NativeConnection.connect({ address: temporalAddress() });
  try {
    const taskQueue = unique('watched');
    const alone = watchPollers({ client, taskQueue });
    // Until it is known, somebody may be working.
    expect(alone.present()).toBe(true);
    await expect.poll(() => alone.present()).toBe(false);
    await alone.idle();
    const worker = await Worker.create({ connection, taskQueue, workflowsPath });
    await worker.runUntil(async () => {
      await expect
        .poll(
          async () => {
            const watch = watchPollers({ client, taskQueue });
            watch.present();
            await watch.idle();
            return watch.present();
          },
          { timeout: 10_000 },
        )
        .toBe(true);
    });
  } finally {
    await connection.close();
    await client.close();
  }
});

test('a Temporal that does not answer is taken for one with workers', async () => {
  const client = awayClient();
  const watch = watchPollers({ client, taskQueue: 'any' });
  expect(watch.present()).toBe(true);
  await watch.idle();
  expect(watch.present()).toBe(true);
  await client.connection.close();
});
