import { expect, test } from 'vitest';
import { createRecordPruner } from '../../src/activities/prune-records.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { tempFolder } from '../support/temp-folder.js';

test('what was noted of commits and pull requests long ago is forgotten, a page at a time, and no record of others', async () => {
  const store = await openSqliteStore({ path: `${await tempFolder('records')}/store.db` });
  try {
    const { records } = store;
    const collections = ['hookyard.statuses', 'hookyard.approvals', 'hookyard.closed', 'theirs'];
    for (const collection of collections)
      for (let nr = 0; nr < 150; nr++) await records.upsert({ collection, key: `${nr}`, version: 1, data: {} });
    const left = () => Promise.all(collections.map(async (name) => (await records.list(name, { limit: 500 })).length));
    const prune = createRecordPruner(records);
    const limit = 100;
    for (const _ of ['first page', 'second page']) expect(await prune({ before: Date.now() - 60_000, limit })).toBe(0);
    expect(await left()).toEqual([150, 150, 150, 150]);
    const before = Date.now() + 60_000;
    expect(await prune({ before, limit })).toBe(300);
    expect(await left()).toEqual([50, 50, 50, 150]);
    expect(await prune({ before, limit })).toBe(150);
    expect(await left()).toEqual([0, 0, 0, 150]);
  } finally {
    await store.close();
  }
});

test('synced records of a collection that has a time are deleted after it, and those of others stay', async () => {
  const store = await openSqliteStore({ path: `${await tempFolder('synced')}/store.db` });
  try {
    const { records } = store;
    for (const collection of ['orders', 'people']) await records.upsert({ collection, key: '1', version: 1, data: {} });
    const before = Date.now() - 60_000;
    expect(await createRecordPruner(records, { orders: 30 })({ before, limit: 100 })).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await createRecordPruner(records, { orders: 1e-9 })({ before, limit: 100 })).toBe(1);
    expect(await records.get('orders', '1')).toBeUndefined();
    expect(await records.get('people', '1')).toBeDefined();
  } finally {
    await store.close();
  }
});
