import { createRequire } from 'node:module';
import { join } from 'node:path';
import { serve } from '../lib/serve.mjs';
import { startHandReceiver } from './hand-receiver.mjs';
import { step } from './steps.mjs';

/** DBOS in a receiver as everybody writes it, which answers once Postgres has the workflow. */
serve({
  async begin({ packages, secret, port, database }) {
    const { DBOS } = createRequire(join(packages, 'package.json'))('@dbos-inc/dbos-sdk');
    const ci = DBOS.registerWorkflow(
      async (payload) => {
        await DBOS.runStep(() => step({ sha: payload.after, number: 1 }), { name: 'step' });
      },
      { name: 'ci' },
    );
    DBOS.setConfig({ name: 'bench', systemDatabaseUrl: database, applicationVersion: '1', logLevel: 'error' });
    await DBOS.launch();
    const receiver = await startHandReceiver({
      secret,
      port,
      async start(delivery, payload) {
        return (await DBOS.startWorkflow(ci, { workflowID: delivery })(payload)).workflowID;
      },
    });
    return { port: receiver.port };
  },
});
