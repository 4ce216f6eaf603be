import type { Client } from '@temporalio/client';
import { createDispatcher } from '../../../src/dispatch/dispatcher.js';
import { createLaneKeeper } from '../../../src/dispatch/lane-keeper.js';
import { createWaitKeeper } from '../../../src/dispatch/wait-keeper.js';
import { knownSources } from '../../../src/providers/known-sources.js';
import { createApp } from '../../../src/server/app.js';
import { type Listening, listen } from '../../../src/server/listen.js';
import type { Installation } from './installation.js';

export interface RunningReceiver {
  readonly url: string;
  /** Stops the receiver: whatever is sent to it finds nobody. The dispatcher goes on. */
  down(): Promise<void>;
  /** Starts it again, at the same address. */
  up(): Promise<void>;
  /** Lets the dispatcher look into the inbox at once. */
  wake(): void;
  close(): Promise<void>;
}

/** Starts a real receiver and dispatcher of an installation, at its address. */
export async function runReceiver(installation: Installation, client: Client): Promise<RunningReceiver> {
  const { config, store, catalog, taskQueue, kept, address } = installation;
  const { log } = kept;
  const dispatcher = createDispatcher({ inbox: store.inbox, client, taskQueue, log });
  dispatcher.start();
  const keeper = createLaneKeeper({ lanes: store.lanes, client, log, letOn: dispatcher.wake });
  keeper.start();
  const waits = createWaitKeeper({ waits: store.waits, client, log, gave: dispatcher.wake, everyMs: 50 });
  waits.start();
  const sources = knownSources(config.sources);
  const automations = () => catalog.automations;
  const app = createApp({ config, sources, store, client, log, automations, wake: dispatcher.wake });
  let listening: Listening | undefined;
  const down = async () => {
    await listening?.close(0);
    listening = undefined;
  };
  const up = async () => {
    listening ??= await listen(app, { host: '127.0.0.1', port: address.port });
  };
  await up();
  return {
    url: address.url,
    down,
    up,
    wake: dispatcher.wake,
    async close() {
      await down();
      await waits.stop();
      await keeper.stop();
      await dispatcher.stop();
    },
  };
}
