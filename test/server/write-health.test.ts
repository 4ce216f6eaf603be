import { copyFile, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWriteHealth } from '../../src/server/write-health.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { type Store, StoreDamagedError, StoreUnavailableError, type WriteListener } from '../../src/store/store.js';
import { aDelivery } from '../store/a-delivery.js';
import { keepLog } from '../support/harness/log.js';
import { tempFolder } from '../support/temp-folder.js';

let path: string;
const stores: Store[] = [];

beforeEach(async () => {
  path = join(await tempFolder('write-health'), 'store.db');
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

async function openStore(fileBytes?: number): Promise<Store> {
  const store = await openSqliteStore({ path, ...(fileBytes !== undefined && { limits: { fileBytes } }) });
  stores.push(store);
  return store;
}

test('a full disk is not ready, though its store answers questions, until a write is stored again', async () => {
  const store = await openStore(1024 * 1024);
  const kept = keepLog();
  const writes = createWriteHealth({ ...store, log: kept.log });
  const fill = async () => {
    // Each takes less than what the store tries by itself, so that there is no room for that once one is refused.
    for (let n = 0; n < 200; n += 1)
      await store.inbox.accept(aDelivery(`k${n}`, { bodyHash: `${n}`, body: Buffer.alloc(20_000, 'x') }));
  };
  expect(await writes.state()).toBe('answers');
  await expect(fill()).rejects.toThrow(StoreUnavailableError);
  expect(await store.inbox.nextDue()).toBeDefined();
  expect(await writes.state()).toBe('away');
  const claimed = await store.inbox.claim({ limit: 200, leaseMs: 1_000 });
  await store.inbox.settle(claimed.map(({ id }) => ({ id, outcome: 'done' })));
  await store.inbox.prune({ before: Date.now() + 1, limit: 200 });
  expect(await writes.state()).toBe('answers');
  expect(kept.lines().map(({ msg }) => msg)).toEqual([
    'the store is unavailable: no delivery can be stored',
    'the store is available again: deliveries are stored',
  ]);
});

test('a full disk is not ready either where the clock was put back since a write was tried', async () => {
  const store = await openStore(1024 * 1024);
  const tried = { collection: 'hookyard.readiness', key: 'write', version: Date.now() + 3_600_000 };
  await store.records.upsert({ ...tried, data: 'x' });
  const writes = createWriteHealth({ ...store, log: keepLog().log });
  const fill = async () => {
    for (let n = 0; n < 200; n += 1)
      await store.inbox.accept(aDelivery(`k${n}`, { bodyHash: `${n}`, body: Buffer.alloc(20_000, 'x') }));
  };
  await expect(fill()).rejects.toThrow(StoreUnavailableError);
  expect(await writes.state()).toBe('away');
});

test('a damaged database takes nothing more, and says so once', async () => {
  const first = await openStore();
  for (let n = 0; n < 20; n += 1)
    await first.inbox.accept(aDelivery(`k${n}`, { bodyHash: `${n}`, body: Buffer.alloc(10_000, 'x') }));
  await first.close();
  stores.splice(0);
  const store = await openStore();
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  // All but the first pages, which have the schema.
  await file.write(Buffer.alloc(size - 4_096, 0xab), 0, size - 4_096, 4_096);
  await file.close();
  const kept = keepLog();
  const writes = createWriteHealth({ ...store, log: kept.log });
  await expect(store.inbox.accept(aDelivery('new'))).rejects.toThrow(StoreDamagedError);
  await expect(store.inbox.accept(aDelivery('newer'))).rejects.toThrow(StoreDamagedError);
  expect(await writes.state()).toBe('damaged');
  expect(kept.lines().filter(({ msg }) => msg.startsWith('the database is damaged'))).toHaveLength(1);
});

test('a disk that is full is told though no delivery comes, once a write is tried', async () => {
  const store = await openStore(1024 * 1024);
  const writes = createWriteHealth({ ...store, log: keepLog().log });
  expect(await writes.state()).toBe('answers');
  const job = { workflowId: 'w', job: 'j' };
  const line = { at: 1, stream: 'stdout', step: 's', attempt: 1, text: 'x'.repeat(20_000) } as const;
  const fill = async () => {
    for (let n = 0; n < 200; n += 1) await store.logs.append(job, [line]);
  };
  await expect(fill()).rejects.toThrow(StoreUnavailableError);
  expect(await writes.state()).toBe('away');
});

test('a database that answers questions and refuses all writes, for whatever reason, is not ready', async () => {
  const store = await openStore();
  const kept = keepLog();
  const wraparound = new Error('The database refused: database is not accepting commands (54000).');
  let refusal: Error | undefined;
  const upsert: Store['records']['upsert'] = async () => {
    if (refusal) throw refusal;
    return 'written';
  };
  let written: WriteListener = () => undefined;
  const onWrite = (listener: WriteListener) => {
    written = listener;
  };
  const writes = createWriteHealth({ ...store, records: { ...store.records, upsert }, onWrite, log: kept.log });
  expect(await writes.state()).toBe('answers');
  written({ isDelivery: true, error: new Error('The database refused: this delivery alone (22021).') });
  expect(await writes.state()).toBe('answers');
  refusal = wraparound;
  written({ isDelivery: true, error: wraparound });
  expect(await writes.state()).toBe('away');
  refusal = undefined;
  expect(await writes.state()).toBe('answers');
  expect(kept.lines().map(({ msg }) => msg)).toEqual([
    'the store is unavailable: no delivery can be stored',
    'the store is available again: deliveries are stored',
  ]);
});

test('a database whose file is removed, or replaced by another, takes nothing more, and says so', async () => {
  const store = await openStore();
  await store.inbox.accept(aDelivery('first'));
  const kept = keepLog();
  const writes = createWriteHealth({ ...store, log: kept.log });
  expect(await writes.state()).toBe('answers');
  await rename(path, `${path}.moved`);
  await copyFile(`${path}.moved`, path);
  await expect.poll(() => writes.state(), { timeout: 20_000 }).toBe('damaged');
  await expect(store.inbox.accept(aDelivery('lost'))).rejects.toThrow(StoreDamagedError);
  expect(kept.lines().map(({ msg }) => msg)).toEqual([expect.stringContaining(`bring ${path} back`)]);
  expect(kept.lines()[0]).toMatchObject({ because: expect.stringContaining('removed or replaced') });
});
