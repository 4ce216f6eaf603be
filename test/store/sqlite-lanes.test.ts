import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { tempFolder } from '../support/temp-folder.js';
import { describeLanes } from './lanes-conformance.js';
import { testAgainstModel } from './lanes-properties.js';

const open = async () => {
  const folder = await tempFolder('lanes');
  const store = await openSqliteStore({ path: join(folder, 'store.db') });
  return { store, remove: () => rm(folder, { recursive: true, force: true }) };
};

describeLanes('SQLite', open);

testAgainstModel('SQLite', { open, numRuns: 100 });
