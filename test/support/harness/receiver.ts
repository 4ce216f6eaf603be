import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { readReachedAs } from '../../../src/config/reached-as.js';
import { knownSources } from '../../../src/providers/known-sources.js';
import { createApp } from '../../../src/server/app.js';
import type { Limits } from '../../../src/server/limits.js';
import { listen } from '../../../src/server/listen.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Inbox, Store } from '../../../src/store/store.js';
import type { Automation } from '../../../src/triggers/automation.js';
import { pullRequest, push, tag } from '../../../src/triggers/index.js';
import { awayClient } from '../temporal.js';
import { type KeptLog, keepLog } from './log.js';
import { testConfig } from './receiver-config.js';

export const automations: readonly Automation[] = [
  { name: 'ci', on: [push({ branches: ['main', 'master'] }), pullRequest()], file: 'automations/ci.ts' },
  { name: 'docs', on: [push({ paths: ['docs/**'] })], file: 'automations/docs.ts' },
  { name: 'release', on: [tag({ tags: ['v*'] })], file: 'automations/release.ts' },
];

export interface Receiver {
  readonly url: string;
  readonly port: number;
  /** Its data folder. */
  readonly data: string;
  readonly store: Store;
  readonly kept: KeptLog;
  /** How often the dispatcher was woken. */
  wakes(): number;
  close(): Promise<void>;
}

export interface ReceiverOptions {
  readonly config?: Parameters<typeof testConfig>[0];
  /** Default: a free one. */
  readonly port?: number;
  readonly automations?: () => readonly Automation[];
  readonly limits?: Partial<Limits>;
  readonly client?: Client;
  readonly now?: () => number;
  /** Calls that go elsewhere than to the store. */
  readonly inbox?: (inbox: Inbox) => Inbox;
}

/** The receiver as it runs: a listening server and a store on disk. Temporal is not there unless a client is given. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-server-'));
  const store = await openSqliteStore({ path: join(folder, 'store.db') }).catch(async (error) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const kept = keepLog();
  const client = options.client ?? awayClient();
  let wakes = 0;
  const config = testConfig(options.config);
  const app = createApp({
    config,
    sources: knownSources(config.sources),
    store: {
      lanes: store.lanes,
      waits: store.waits,
      logs: store.logs,
      records: store.records,
      forgetting: store.forgetting,
      attempts: store.attempts,
      inbox: options.inbox?.(store.inbox) ?? store.inbox,
    },
    automations: options.automations ?? (() => automations),
    client,
    reachedAs: () => readReachedAs(folder),
    log: kept.log,
    wake: () => {
      wakes += 1;
    },
    ...(options.limits && { limits: options.limits }),
    ...(options.now && { now: options.now }),
  });
  const { url, port, close } = await listen(app, { host: '127.0.0.1', port: options.port ?? 0 });
  return {
    url,
    port,
    data: folder,
    store,
    kept,
    wakes: () => wakes,
    async close() {
      await close(1_000);
      await store.close();
      if (!options.client) await client.connection.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
