import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { testDatabase } from '../support/postgres.js';
import { tempFolder } from '../support/temp-folder.js';
import { aDelivery } from './a-delivery.js';

const STORES = {
  async SQLite() {
    const folder = await tempFolder('has');
    const store = await openSqliteStore({ path: join(folder, 'store.db') });
    return { store, remove: () => rm(folder, { recursive: true, force: true }) };
  },
  async Postgres() {
    const database = await testDatabase();
    const store = await openPostgresStore({ url: database.url, migrate: 'apply' });
    return { store, remove: database.drop };
  },
};

describe.each(Object.entries(STORES))('%s', (_, open) => {
  let opened: { store: Store; remove(): Promise<void> };
  let store: Store;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });

  afterEach(async () => {
    await store.close();
    await opened.remove();
  });

  test('the inbox tells which keys of a source it knows', async () => {
    await store.inbox.accept(aDelivery('one', { source: 'hub' }));
    await store.inbox.accept(aDelivery('two', { source: 'hub' }));
    await store.inbox.accept(aDelivery('three', { source: 'lab' }));
    const known = await store.inbox.has('hub', ['one', 'three', 'never', 'two', 'one', "o'ne", 'ONE', 'on']);
    expect([...known].sort()).toEqual(['one', 'two']);
  });

  test('nothing is known of no keys, of keys with NUL, or of an unknown source', async () => {
    await store.inbox.accept(aDelivery('one'));
    expect(await store.inbox.has('hub', [])).toEqual(new Set());
    expect(await store.inbox.has('hub', ['one\0'])).toEqual(new Set());
    expect(await store.inbox.has('nobody', ['one'])).toEqual(new Set());
  });

  test('a thousand keys are asked for at once, and no more', async () => {
    await store.inbox.accept(aDelivery('k999'));
    const keys = Array.from({ length: 1_000 }, (_, i) => `k${i}`);
    expect(await store.inbox.has('hub', keys)).toEqual(new Set(['k999']));
    await expect(store.inbox.has('hub', [...keys, 'more'])).rejects.toThrow('1000 keys at most');
  });

  test('a key that was pruned is not known any more', async () => {
    await store.inbox.accept(aDelivery('old', { receivedAt: 1_000, verdicts: [] }));
    expect(await store.inbox.has('hub', ['old'])).toEqual(new Set(['old']));
    await store.inbox.prune({ before: 2_000, limit: 10 });
    expect(await store.inbox.has('hub', ['old'])).toEqual(new Set());
  });
});
