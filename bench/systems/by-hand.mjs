import { createServer } from 'node:http';
import { Webhooks } from '@octokit/webhooks';
import { Client, Connection, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import express from 'express';
import { PATH } from '../lib/path.mjs';
import { serve } from '../lib/serve.mjs';
import { startHandWorker } from './hand-worker.mjs';

/** c. What everybody writes: verified by Octokit, and the workflow is started before the answer. */
let server;
let connection;
let stopWorker;

serve({
  async begin({ secret, temporal, taskQueue, workflow = 'ci', withWorker = false }) {
    const webhooks = new Webhooks({ secret });
    connection = await Connection.connect({ address: temporal });
    const client = new Client({ connection });
    if (withWorker) stopWorker = await startHandWorker({ temporal, taskQueue });
    const app = express();
    app.post(PATH, express.raw({ type: '*/*', limit: '25mb' }), async (req, res) => {
      const body = req.body.toString('utf8');
      if (!(await webhooks.verify(body, req.get('x-hub-signature-256') ?? ''))) {
        res.status(401).json({ error: 'bad signature' });
        return;
      }
      const workflowId = `${workflow}-${req.get('x-github-delivery')}`;
      try {
        await client.workflow.start(workflow, { taskQueue, workflowId, args: [JSON.parse(body)] });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      res.status(202).json({ workflowId });
    });
    server = createServer(app);
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: server.address().port };
  },
  async end() {
    await new Promise((resolve) => server.close(resolve));
    await stopWorker?.();
    await connection.close();
  },
});
