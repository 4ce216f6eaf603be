import { Client, Connection, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { serve } from '../lib/serve.mjs';
import { startHandReceiver } from './hand-receiver.mjs';
import { startHandWorker } from './hand-worker.mjs';

/** c. What everybody writes: verified by Octokit, and the workflow is started before the answer. */
let receiver;
let connection;
let stopWorker;

serve({
  async begin({ secret, temporal, taskQueue, workflow = 'ci', withWorker = false }) {
    connection = await Connection.connect({ address: temporal });
    const client = new Client({ connection });
    if (withWorker) stopWorker = await startHandWorker({ temporal, taskQueue });
    receiver = await startHandReceiver({
      secret,
      async start(delivery, payload) {
        const workflowId = `${workflow}-${delivery}`;
        try {
          await client.workflow.start(workflow, { taskQueue, workflowId, args: [payload] });
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        }
        return workflowId;
      },
    });
    return { port: receiver.port };
  },
  async end() {
    await receiver.close();
    await stopWorker?.();
    await connection.close();
  },
});
