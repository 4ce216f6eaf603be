import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { type Catalog, loadCatalog } from '../../../src/catalog/load.js';
import type { Config } from '../../../src/config/config.js';
import type { ConfigInput } from '../../../src/config/index.js';
import { createDispatcher } from '../../../src/dispatch/dispatcher.js';
import { createIngest } from '../../../src/intake/ingest.js';
import { packageRoot } from '../../../src/paths.js';
import { knownSources } from '../../../src/providers/known-sources.js';
import { createApp } from '../../../src/server/app.js';
import { type Listening, listen } from '../../../src/server/listen.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { DeliveryRecord, Store } from '../../../src/store/store.js';
import { installRuntime } from '../../../src/worker/runtime.js';
import { type RunningWorker, startWorker } from '../../../src/worker/worker.js';
import type { ReconcileInput, ReconcileResult } from '../../../src/workflows/built-in/reconcile.js';
import { temporalAddress, testClient, unique } from '../temporal.js';
import { configOf } from './activity.js';

export interface Setting {
  readonly config: Config;
  readonly store: Store;
  readonly catalog: Catalog;
  readonly client: Awaited<ReturnType<typeof testClient>>;
  readonly lines: string[];
  /** Where the receiver listens, while it is up. */
  readonly url: string;
  /** Stops the receiver: whatever is sent to it finds nobody. */
  receiverDown(): Promise<void>;
  /** Starts it again, at the same address. */
  receiverUp(): Promise<void>;
  /** Looks for missed deliveries once, and answers what came of it. */
  reconcile(
    input: Pick<ReconcileInput, 'source' | 'since'>,
  ): Promise<ReconcileResult & { readonly continued: boolean }>;
  /** What the inbox has of a source, oldest first. */
  deliveries(source: string): Promise<DeliveryRecord[]>;
  /** Workflow ids of the runs that a source's deliveries started, when `count` of them have completed. */
  runs(source: string, count: number): Promise<string[]>;
  close(): Promise<void>;
}

export interface SettingOptions {
  /** `receiver`: the receiver's address, which is known before it listens. */
  readonly config: (receiver: string) => ConfigInput;
  readonly values: Record<string, string>;
  /** Without, somebody else runs one. */
  readonly worker?: boolean;
}

/** A real receiver, dispatcher and worker on the real Temporal server. */
export async function openSetting({ config: input, values, worker: own = true }: SettingOptions): Promise<Setting> {
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-reconcile-'));
  const taskQueue = unique('reconcile');
  const reserved = await listen(() => undefined, { host: '127.0.0.1', port: 0 });
  const { url, port } = reserved;
  await reserved.close(0);
  const read = configOf(input(url), { HOOKYARD_API_TOKEN: 'an-api-token-for-tests', ...values });
  const config: Config = { ...read, data: folder, temporal: { taskQueue, uiUrl: undefined } };
  const lines: string[] = [];
  const log = pino({ level: 'debug', base: null }, { write: (line: string) => void lines.push(line) });
  installRuntime(log);
  const store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
  const client = await testClient();
  const catalog = await loadCatalog(join(packageRoot, 'test/activities/reconcile/automations'));
  const automations = () => catalog.automations;
  const ingest = createIngest({ config, sources: knownSources(config.sources), inbox: store.inbox, automations, log });
  const connection = await NativeConnection.connect({ address: temporalAddress() });
  let worker: RunningWorker | undefined;
  if (own) worker = await startWorker({ connection, namespace: 'default', config, store, log, ingest }, catalog);
  const dispatcher = createDispatcher({ inbox: store.inbox, client, taskQueue, log });
  dispatcher.start();
  const app = createApp({
    config,
    sources: knownSources(config.sources),
    store,
    client,
    log,
    automations,
    wake: dispatcher.wake,
  });
  let receiver: Listening | undefined;
  const receiverDown = async () => {
    await receiver?.close(0);
    receiver = undefined;
  };
  const receiverUp = async () => {
    receiver ??= await listen(app, { host: '127.0.0.1', port });
  };
  await receiverUp();

  const deliveries = async (source: string) => (await store.inbox.list({ source, limit: 500 })).reverse();
  const completed = async (source: string) => {
    const ids: string[] = [];
    const query = `HookyardSource = '${source}' AND WorkflowType = 'told' AND ExecutionStatus = 'Completed'`;
    for await (const run of client.workflow.list({ query })) ids.push(run.workflowId);
    return ids.sort();
  };
  return {
    config,
    store,
    catalog,
    client,
    lines,
    url,
    receiverDown,
    receiverUp,
    deliveries,
    async reconcile(look) {
      const handle = await client.workflow.start('hookyardReconcile', {
        taskQueue,
        workflowId: unique(`hookyardReconcile/${look.source}`),
        args: [look],
      });
      const result = (await handle.result()) as ReconcileResult;
      const { runId } = await client.workflow.getHandle(handle.workflowId).describe();
      return { ...result, continued: runId !== handle.firstExecutionRunId };
    },
    async runs(source, count) {
      for (let tries = 0; tries < 200; tries++) {
        const ids = await completed(source);
        if (ids.length >= count) return ids;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return completed(source);
    },
    async close() {
      await receiverDown();
      await dispatcher.stop();
      await worker?.stop();
      await connection.close();
      await client.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
