import { join } from 'node:path';
import { loadConfig } from '../../dist/config/load.js';
import { createLog } from '../../dist/log.js';
import { createApp } from '../../dist/server/app.js';
import { createDispatcher } from '../../dist/server/dispatcher.js';
import { listen } from '../../dist/server/listen.js';
import { openSqliteStore } from '../../dist/store/sqlite/open.js';
import { connectClient } from '../../dist/temporal/connect.js';
import { serve } from '../lib/serve.mjs';
import { automationsFor } from './automations.mjs';

/** The receiver as `hookyard server` puts it together, but for the dispatcher, which is begun when it is asked for. */
let parts;

serve({
  async begin({ data, secret, automations: count = 1, temporal = '127.0.0.1:1', taskQueue = 'bench' }) {
    const env = { GITHUB_WEBHOOK_SECRET: secret, HOOKYARD_DATA: data, HOOKYARD_TASK_QUEUE: taskQueue };
    const config = await loadConfig({ env, cwd: data });
    const log = createLog({ level: 'info', pretty: false });
    const store = await openSqliteStore({ path: join(data, 'hookyard.db'), log });
    const client = connectClient({ namespace: 'default', options: { address: temporal } });
    const dispatcher = createDispatcher({ inbox: store.inbox, client, taskQueue, log });
    const automations = automationsFor(count);
    const app = createApp({ config, store, client, automations: () => automations, log, wake: dispatcher.wake });
    const listening = await listen(app, { host: '127.0.0.1', port: 0 });
    parts = { store, dispatcher, listening, client };
    return { port: listening.port };
  },
  dispatch: async () => parts.dispatcher.start(),
  backlog: () => parts.store.inbox.backlog(),
  async end() {
    await parts.listening.close(1_000);
    await parts.dispatcher.stop();
    await parts.store.close();
    await parts.client.connection.close();
  },
});
