import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { openSqliteStore } from '../../store/sqlite/open.js';
import type { Store } from '../../store/store.js';
import type { Lifecycle } from '../lifecycle.js';

/** Opens the store in the data folder. */
export async function openStore({
  config,
  log,
  lifecycle,
}: {
  config: Config;
  log: Logger;
  lifecycle: Lifecycle;
}): Promise<Store> {
  await mkdir(config.data, { recursive: true, mode: 0o700 });
  // One that was there before may be open to everybody, and it holds private code and payloads.
  await chmod(config.data, 0o700).catch((error: Error) =>
    log.warn({ because: error.message, data: config.data }, 'the data folder may be open to others'),
  );
  const store = await openSqliteStore({ path: join(config.data, 'hookyard.db'), log });
  lifecycle.onStop('the store', () => store.close());
  return store;
}
