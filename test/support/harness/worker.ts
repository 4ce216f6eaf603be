import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { type Catalog, loadCatalog } from '../../../src/catalog/load.js';
import type { Config } from '../../../src/config/config.js';
import type { ConfigInput } from '../../../src/config/index.js';
import { packageRoot } from '../../../src/paths.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { installRuntime } from '../../../src/worker/runtime.js';
import { type RunningWorker, startWorker } from '../../../src/worker/worker.js';
import { temporalAddress, unique } from '../temporal.js';
import { configOf } from './activity.js';
import { makeRepository } from './repository.js';

export interface Workshop {
  readonly config: Config;
  readonly store: Store;
  readonly catalog: Catalog;
  readonly taskQueue: string;
  /** The commit that the repository `acme/app` has on `main`. */
  readonly sha: string;
  readonly lines: string[];
  readonly worker: RunningWorker;
  /** The worker's. */
  readonly connection: NativeConnection;
  close(): Promise<void>;
}

/** A real worker on the real Temporal server, with a repository to build and whatever else the configuration says. */
export async function openWorkshop(
  input: (folder: string) => ConfigInput,
  values: Record<string, string>,
  automations = join(packageRoot, 'test/workflows/kit/automations'),
): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-runs-'));
  const sha = await makeRepository(folder);
  const taskQueue = unique('runs');
  const read = configOf(input(folder), values);
  const config: Config = { ...read, data: folder, temporal: { taskQueue, uiUrl: 'http://ui.example' } };
  const lines: string[] = [];
  const log = pino({ level: 'debug', base: null }, { write: (line: string) => void lines.push(line) });
  installRuntime(log);
  const store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
  const connection = await NativeConnection.connect({ address: temporalAddress() });
  const catalog = await loadCatalog(automations);
  const worker = await startWorker({ connection, namespace: 'default', config, store, log }, catalog);
  return {
    config,
    store,
    catalog,
    taskQueue,
    sha,
    lines,
    worker,
    connection,
    async close() {
      await worker.stop();
      await connection.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
