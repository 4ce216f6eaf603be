import { ownData } from '../../dist/cli/processes/data-folder-owner.js';
import { startDispatching } from '../../dist/cli/processes/dispatching.js';
import { createLifecycle } from '../../dist/cli/processes/lifecycle.js';
import { startReceiver } from '../../dist/cli/processes/receiver.js';
import { openStore } from '../../dist/cli/processes/store.js';
import { loadConfig } from '../../dist/config/load.js';
import { createLog } from '../../dist/log.js';
import { connectClient } from '../../dist/temporal/connect.js';
import { serve } from '../lib/serve.mjs';
import { automationsFor } from './automations.mjs';

/** The receiver as `hookyard server` puts it together; the dispatcher finds nothing until it is asked to dispatch. */
let dispatching = false;
let printed = 0;
let wake = () => undefined;
let store;
let lifecycle;

serve({
  async begin({ data, secret, automations: count = 1, temporal = '127.0.0.1:1', taskQueue = 'bench', databaseUrl }) {
    const env = {
      GITHUB_WEBHOOK_SECRET: secret,
      HOOKYARD_DATA: data,
      HOOKYARD_TASK_QUEUE: taskQueue,
      HOOKYARD_PORT: '0',
      ...(databaseUrl && { DATABASE_URL: databaseUrl }),
    };
    const config = await loadConfig({ env, cwd: data });
    const log = createLog({ level: 'info', pretty: false });
    lifecycle = createLifecycle(log);
    store = await openStore({ config, log, lifecycle }, { migrate: 'apply' });
    const client = connectClient({ namespace: 'default', options: { address: temporal } });
    lifecycle.onStop('the connection', () => client.connection.close());
    const automations = automationsFor(count);
    const owned = await ownData(data, 'server');
    lifecycle.onStop('the data folder', () => owned.release());
    const holding = { ...store, inbox: held(store.inbox) };
    const metrics = { add: () => undefined };
    const toDispatcher = startDispatching({ config, store: holding, client, log, lifecycle, metrics });
    const url = await startReceiver({
      config,
      store: holding,
      client,
      wake: toDispatcher,
      automations: () => automations,
      log,
      lifecycle,
      owned,
      metrics,
      anyPort: false,
    });
    return { port: Number(new URL(url).port) };
  },
  dispatch() {
    dispatching = true;
    wake();
  },
  backlog: () => store.inbox.backlog(),
  /** Writes lines of a job's log again and again, until the end. */
  async print({ workflowId, job, everyMs, lines }) {
    const print = async () => {
      const at = Date.now();
      const text = `${'compiling a module of some name '.repeat(3)}${at}`;
      const some = Array.from({ length: lines }, () => ({ at, stream: 'stdout', step: 'test', attempt: 1, text }));
      await store.logs.append({ workflowId, job }, some);
      printed += lines;
    };
    await print();
    const timer = setInterval(print, everyMs);
    lifecycle.onStop('the log', async () => clearInterval(timer));
  },
  /** The number of the last line that was written. */
  printed: () => printed,
  async end() {
    await lifecycle.stop();
  },
});

/** An inbox that has nothing to start until dispatching is on. */
function held(inbox) {
  const until = new Promise((resolve) => {
    wake = resolve;
  });
  return {
    ...inbox,
    claim: (options) => (dispatching ? inbox.claim(options) : Promise.race([until, pause()]).then(() => [])),
    nextDue: async () => (dispatching ? inbox.nextDue() : undefined),
  };
}

/** Longer than a round; not for ever, so that the dispatcher can be stopped. */
function pause() {
  return new Promise((resolve) => {
    setTimeout(resolve, 2_000);
  });
}
