import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Secret } from '../../src/secrets/secret.js';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { row } from '../support/harness/rows.js';
import { testDatabase } from '../support/postgres.js';
import { tempFolder } from '../support/temp-folder.js';

const HOUR = 3_600_000;
const LEASE = { limit: 5, leaseMs: 30_000 };

let folder: string;
const cleanUp: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = await tempFolder('clock');
});
afterEach(async () => {
  for (let undo = cleanUp.pop(); undo; undo = cleanUp.pop()) await undo();
});

async function withOneStart(store: Store): Promise<string> {
  cleanUp.push(() => store.close());
  const delivery = row(['ci/github/one']);
  await store.inbox.accept(delivery);
  return 'ci/github/one';
}

test('a start that was stored while the clock was an hour ahead is due once the clock is right', async () => {
  const path = join(folder, 'store.db');
  const store = await openSqliteStore({ path });
  const id = await withOneStart(store);
  const outsider = new Database(path, { timeout: 5_000 });
  outsider.prepare('UPDATE dispatches SET due_at = ?').run([Date.now() + HOUR]);
  outsider.close();
  expect(await store.inbox.claim(LEASE)).toMatchObject([{ workflowId: id }]);
  // A lease by the right clock stays one.
  expect(await store.inbox.claim(LEASE)).toEqual([]);
});

test('a server whose clock is a day ahead does not put off for a day what another could start', async () => {
  const database = await testDatabase();
  cleanUp.push(() => database.drop());
  const store = await openPostgresStore({ url: new Secret(database.url), migrate: 'apply' });
  await withOneStart(store);
  const [claimed] = await store.inbox.claim(LEASE);
  await store.inbox.settle([{ id: claimed?.id ?? '', outcome: 'retry', dueAt: Date.now() + 24 * HOUR, error: 'away' }]);
  expect(await store.inbox.nextDue()).toBeLessThan(Date.now() + HOUR);
});
