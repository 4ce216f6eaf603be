import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { createPace } from '../../src/dispatch/concurrency-limit.js';
import { watchWorkers } from '../../src/dispatch/pollers.js';
import { temporalAddress, testClient, unique } from '../support/temporal.js';

const workflowsPath = fileURLToPath(new URL('../support/harness/workflows.ts', import.meta.url));
const answers = (pace: ReturnType<typeof createPace>, ms: number, count: number) => {
  for (let i = 0; i < count; i++) pace.answered(ms);
};

test('more go out at once while Temporal answers as quickly as ever, within a bound', () => {
  const pace = createPace();
  const first = pace.limit();
  answers(pace, 20, 20);
  expect(pace.limit()).toBeGreaterThan(first);
  answers(pace, 20, 2_000);
  expect(pace.limit()).toBe(32);
});

test('fewer go out as soon as answers take much longer, and one always may', () => {
  const pace = createPace();
  answers(pace, 20, 100);
  answers(pace, 200, 60);
  expect(pace.limit()).toBe(1);
});

test('what was quick once is forgotten: an engine that is slower for good is not held back for ever', () => {
  const pace = createPace();
  answers(pace, 10, 50);
  answers(pace, 80, 3_000);
  expect(pace.limit()).toBeGreaterThan(10);
});

test('workers are seen to be there, and not to be there', async () => {
  const client = await testClient();
  const connection = await NativeConnection.connect({ address: temporalAddress() });
  try {
    const taskQueue = unique('watched');
    const alone = watchWorkers({ client, taskQueue });
    // Until it is known, somebody may be working.
    expect(alone.present()).toBe(true);
    await expect.poll(() => alone.present()).toBe(false);
    await alone.settled();
    const worker = await Worker.create({ connection, taskQueue, workflowsPath });
    await worker.runUntil(async () => {
      await expect
        .poll(
          async () => {
            const watch = watchWorkers({ client, taskQueue });
            watch.present();
            await watch.settled();
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
  const connection = Connection.lazy({ address: '127.0.0.1:1' });
  const watch = watchWorkers({ client: new Client({ connection }), taskQueue: 'any' });
  expect(watch.present()).toBe(true);
  await watch.settled();
  expect(watch.present()).toBe(true);
  await connection.close();
});
