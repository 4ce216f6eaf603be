import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { countWorkers } from '../../../src/server/api/count-workers.js';
import { temporalAddress, testClient, unique } from '../../support/temporal.js';

test('workers that ask for work are counted, each once, and there is none before one comes', async () => {
  const taskQueue = unique('count');
  const client = await testClient();
  const connection = await NativeConnection.connect({ address: temporalAddress() });
  try {
    // It has two seconds to answer, each time that it is asked.
    const soon = { timeout: 20_000, interval: 100 };
    await expect.poll(() => countWorkers({ client, taskQueue }), soon).toBe(0);
    const workflowsPath = fileURLToPath(new URL('../../support/harness/workflows.ts', import.meta.url));
    const worker = await Worker.create({ connection, workflowsPath, taskQueue });
    const working = worker.run();
    await expect.poll(() => countWorkers({ client, taskQueue }), soon).toBe(1);
    worker.shutdown();
    await working;
  } finally {
    await connection.close();
    await client.close();
  }
});
