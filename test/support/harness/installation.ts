import { join } from 'node:path';
import { type Catalog, loadCatalog } from '../../../src/catalog/load.js';
import type { Config } from '../../../src/config/config.js';
import type { ConfigInput } from '../../../src/config/index.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { Store } from '../../../src/store/store.js';
import { tempFolder } from '../temp-folder.js';
import { unique } from '../temporal.js';
import { configOf, type Values } from './config.js';
import { freeAddress } from './free-address.js';
import { type KeptLog, keepLog } from './log.js';
import { API_TOKEN } from './place.js';

/** What a worker and a receiver of one Hookyard share: {@link runWorker} and {@link runReceiver} start them on it. */
export interface Installation {
  readonly folder: string;
  readonly config: Config;
  readonly store: Store;
  readonly catalog: Catalog;
  readonly taskQueue: string;
  readonly kept: KeptLog;
  /** Where its receiver listens, once it runs. */
  readonly address: { readonly url: string; readonly port: number };
  close(): Promise<void>;
}

export interface InstallationOptions {
  /** A word for the folder and the task queue. */
  readonly name: string;
  readonly config: (at: { readonly folder: string; readonly receiver: string }) => ConfigInput;
  /** Secrets by the name of their variable. */
  readonly values: Values;
  /** A folder of workflow modules. */
  readonly automations: string;
}

/** Opens a store in a folder of its own and loads the automations. Nothing runs yet. */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const { name, values, automations } = options;
  const folder = await tempFolder(name);
  const address = await freeAddress();
  const read = configOf(options.config({ folder, receiver: address.url }), {
    HOOKYARD_API_TOKEN: API_TOKEN,
    ...values,
  });
  const taskQueue = unique(name);
  const store = await openSqliteStore({ path: join(folder, 'hookyard.db') });
  return {
    folder,
    config: { ...read, data: folder, temporal: { taskQueue, uiUrl: 'http://ui.example' } },
    store,
    catalog: await loadCatalog(automations),
    taskQueue,
    kept: keepLog(),
    address,
    close: () => store.close(),
  };
}
