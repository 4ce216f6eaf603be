import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { aDelivery } from './a-delivery.js';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookyard-has-'));
  store = await openSqliteStore({ path: join(folder, 'store.db') });
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
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
