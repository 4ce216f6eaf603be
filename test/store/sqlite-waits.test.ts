import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { tempFolder } from '../support/temp-folder.js';
import { describeWaits } from './waits-conformance.js';

describeWaits('SQLite', async () => {
  const folder = await tempFolder('waits');
  const store = await openSqliteStore({ path: join(folder, 'store.db') });
  return { store, remove: () => rm(folder, { recursive: true, force: true }) };
});
