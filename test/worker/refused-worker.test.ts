import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.js';
import type { Config } from '../../src/config/config.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { installRuntime } from '../../src/worker/runtime.js';
import { startWorker } from '../../src/worker/worker.js';
import { configOf } from '../support/harness/config.js';
import { tempFolder } from '../support/temp-folder.js';
import { temporalAddress, unique } from '../support/temporal.js';

const log = pino({ level: 'silent' });
const GOOD = `import { automation, push } from 'hookyard/workflow';
export const own = automation({ on: push() }, async () => {});
`;

let folder: string;
let module: string;
let config: Config;
let store: Store;
let connection: NativeConnection;
beforeEach(async () => {
  folder = await tempFolder('refused');
  await mkdir(join(folder, 'automations'));
  module = join(folder, 'automations/own.ts');
  await writeFile(module, GOOD);
  const read = configOf({ sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } } }, { HOOK: 'secret' });
  config = { ...read, data: folder, temporal: { taskQueue: unique('refused'), uiUrl: undefined } };
  installRuntime(log);
  store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
  connection = await NativeConnection.connect({ address: temporalAddress() });
});
afterEach(async () => {
  await store.close();
});

const start = async (catalog: Awaited<ReturnType<typeof loadCatalog>>) =>
  startWorker({ connection, namespace: 'default', config, store, log }, catalog);

test('automations that the bundler refuses leave no worker on the connection', async () => {
  const catalog = await loadCatalog(join(folder, 'automations'));
  await writeFile(module, `import 'node:fs';\n${GOOD}`);
  await expect(start(catalog)).rejects.toThrow('node:fs');
  // It refuses while a worker holds it.
  await connection.close();
});

test('where the worker of automations is refused, the one of jobs is stopped', async () => {
  const catalog = await loadCatalog(join(folder, 'automations'));
  // One that polls the same queue with the same build: Temporal's SDK takes no second.
  const other = await Worker.create({
    connection,
    taskQueue: config.temporal.taskQueue,
    workerDeploymentOptions: {
      version: { deploymentName: 'hookyard', buildId: `${process.pid}.1` },
      useWorkerVersioning: false,
    },
    activities: { idle: async () => undefined },
  });
  await other.runUntil(() => expect(start(catalog)).rejects.toThrow());
  await connection.close();
});
