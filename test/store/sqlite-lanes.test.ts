import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { tempFolder } from '../support/temp-folder.js';
import { inLane } from './a-claim.js';
import { describeLanes } from './lanes-conformance.js';
import { testAgainstModel } from './lanes-properties.js';

const open = async () => {
  const folder = await tempFolder('lanes');
  const store = await openSqliteStore({ path: join(folder, 'store.db') });
  return { store, remove: () => rm(folder, { recursive: true, force: true }) };
};

describeLanes('SQLite', open);

testAgainstModel('SQLite', { open, numRuns: 100 });

test('SQLite asks about who holds a lane though the clock was ahead when Temporal was asked last', async () => {
  const folder = await tempFolder('lanes');
  const path = join(folder, 'store.db');
  const store = await openSqliteStore({ path });
  try {
    for (const key of ['a', 'b']) await store.inbox.accept(inLane(key));
    await store.inbox.settle([{ id: 'a', outcome: 'done' }]);
    const asked = async () =>
      (await store.lanes.toAskAbout({ limit: 5, before: Date.now() - 3_000 })).map(({ workflowId }) => workflowId);
    expect([await asked(), await asked()]).toEqual([['a'], []]);
    const outsider = new Database(path, { timeout: 5_000 });
    outsider.exec('UPDATE lane_entries SET asked_at = asked_at + 3600000, changed_at = changed_at + 3600000');
    outsider.close();
    expect([await asked(), await asked()]).toEqual([['a'], []]);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});
