import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import * as activities from './steps.mjs';

const WORKFLOWS = fileURLToPath(new URL('workflows.mjs', import.meta.url));

/** A worker as everybody writes it, with the SDK's defaults. Answers how it is stopped. */
export async function startHandWorker({ temporal, taskQueue }) {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address: temporal });
  const worker = await Worker.create({ connection, taskQueue, workflowsPath: WORKFLOWS, activities });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
}
