import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createDispatcher, type Dispatcher } from '../../../src/dispatch/dispatcher.js';
import { temporalAddress, testClient, unique } from '../temporal.js';
import { closers } from './closers.js';
import { keepLog } from './log.js';
import { type Receiver, type ReceiverOptions, startReceiver } from './receiver.js';

/** A receiver whose runs a worker of these tests carries out: workflows with each of the ends that a run can have. */
export interface ApiStage {
  readonly temporal: Awaited<ReturnType<typeof testClient>>;
  readonly taskQueue: string;
  readonly receiver: Receiver;
  /** Not started. */
  readonly dispatcher: Dispatcher;
  close(): Promise<void>;
}

/** Opens one. `name`: a word for the task queue. What it has opened by then is closed where that fails. */
export async function openApiStage({
  name,
  config,
  automations,
}: Pick<ReceiverOptions, 'automations' | 'config'> & { readonly name: string }): Promise<ApiStage> {
  const taskQueue = unique(name);
  const { add, defer, close } = closers();
  try {
    const temporal = add(await testClient());
    const connection = add(await NativeConnection.connect({ address: temporalAddress() }));
    const workflowsPath = fileURLToPath(new URL('workflows.ts', import.meta.url));
    const worker = await Worker.create({ connection, workflowsPath, taskQueue });
    const working = worker.run();
    defer(() => {
      worker.shutdown();
      return working;
    });
    const receiver = add(
      await startReceiver({ client: temporal, ...(automations && { automations }), config: { taskQueue, ...config } }),
    );
    const { inbox } = receiver.store;
    const dispatcher = createDispatcher({ inbox, client: temporal, taskQueue, log: keepLog().log });
    defer(() => dispatcher.stop());
    return { temporal, taskQueue, receiver, dispatcher, close };
  } catch (error) {
    await close();
    throw error;
  }
}
