import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { createReadiness } from '../../src/server/health.js';
import { createWriteHealth } from '../../src/server/write-health.js';
import { type Store, StoreUnavailableError } from '../../src/store/store.js';
import { keepLog } from '../support/harness/log.js';

/** A store whose write is tried until it is told how that went; what is read waits behind it, as in SQLite's thread. */
function aStore() {
  let told: (error?: Error) => void = () => undefined;
  const write = new Promise<void>((resolve, reject) => {
    told = (error) => (error ? reject(error) : resolve());
  });
  write.catch(() => undefined);
  let writes = 0;
  const upsert = () => {
    writes += 1;
    return write;
  };
  const records = { get: async () => undefined, upsert } as unknown as Store['records'];
  const behind = write.catch(() => undefined);
  const inbox = {
    nextDue: () => behind.then(() => undefined),
    backlog: () => behind.then(() => ({ pending: 0, failed: 0 })),
  } as unknown as Store['inbox'];
  return { inbox, records, told: (error?: Error) => told(error), writes: () => writes };
}

const client = {
  workflowService: { getSystemInfo: async () => ({}) },
  withDeadline: (_: number, call: () => Promise<unknown>) => call(),
} as unknown as Client;

test('a write that is tried for long leaves a receiver ready, and is tried once; one that fails does not', async () => {
  const store = aStore();
  const { records } = store;
  const never = new Promise<never>(() => undefined);
  const writes = createWriteHealth({ records, damaged: never, onWrite: () => undefined, log: keepLog().log });
  const ready = () => createReadiness({ inbox: store.inbox, writes, client })();
  expect([await ready(), await ready()]).toMatchObject([{ status: 200 }, { status: 200 }]);
  expect(store.writes()).toBe(1);
  store.told(new StoreUnavailableError('no room'));
  expect(await ready()).toMatchObject({ status: 503, body: { store: 'away' } });
});
