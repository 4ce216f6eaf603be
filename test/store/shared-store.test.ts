import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { expect, test } from 'vitest';
import type { Backend } from '../../src/store/backend.js';
import { answerCall, createSharedBackend, type SharedCall } from '../../src/store/shared-store.js';
import { openSqliteBackend } from '../../src/store/sqlite/open.js';
import { RecordVersionError, StoreUnavailableError } from '../../src/store/store.js';
import { storeOver } from '../../src/store/store-over.js';
import { tempFolder } from '../support/temp-folder.js';
import { describeStore } from './conformance.js';

/** What a message is after it has gone to another process, as `serialization: 'advanced'` sends it. */
const sent = <T>(message: T): T => deserialize(serialize(message)) as T;

/** Returns a store that is used as another process uses it. */
function shared(backend: Backend) {
  const mine = createSharedBackend((call) => {
    void answerCall(backend, sent(call)).then((answer) => mine.answered(sent(answer)));
  });
  return mine;
}

describeStore('SQLite of another process', async () => {
  const folder = await tempFolder('shared-store');
  const backend = await openSqliteBackend({ path: join(folder, 'store.db') });
  return {
    store: storeOver(shared(backend)),
    async remove() {
      await backend.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

test('what waits for another process, and what is asked of it later, is refused as unavailable once that is gone', async () => {
  const calls: SharedCall[] = [];
  const backend = createSharedBackend((call) => calls.push(call));
  const waiting = backend.call('nextDue', undefined);
  backend.lost();
  await expect(waiting).rejects.toThrow(StoreUnavailableError);
  await expect(backend.call('nextDue', undefined)).rejects.toThrow(StoreUnavailableError);
  expect(calls).toMatchObject([{ operation: 'nextDue' }]);
  await backend.close();
});

test.each([
  new StoreUnavailableError('the disk is full'),
  new RecordVersionError('a number and a string'),
  new Error('nobody thought of it'),
])('another process gets the error %s as it is', async (error) => {
  const backend = shared({ call: () => Promise.reject(error), close: async () => undefined });
  await expect(backend.call('backlog', undefined)).rejects.toThrow(error);
  await expect(backend.call('backlog', undefined)).rejects.toBeInstanceOf(error.constructor);
  await backend.close();
});
