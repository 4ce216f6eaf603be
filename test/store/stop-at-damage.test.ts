import { expect, test } from 'vitest';
import type { Backend, OperationName } from '../../src/store/backend.js';
import type { Connection } from '../../src/store/sqlite/connection.js';
import { createOperations } from '../../src/store/sqlite/operations/operations.js';
import { stopAtDamage } from '../../src/store/stop-at-damage.js';
import { StoreDamagedError, StoreUnavailableError } from '../../src/store/store.js';

const kinds = Object.entries(createOperations({} as Connection)) as [OperationName, { kind: string }][];

/** A database that does everything, until it says that it is damaged. */
function watched() {
  const failing: { error?: Error } = {};
  const done: OperationName[] = [];
  const backend = {
    async call(operation: OperationName) {
      if (failing.error) throw failing.error;
      done.push(operation);
    },
    close: async () => undefined,
  } as unknown as Backend;
  const { call, ...rest } = stopAtDamage(backend, 'do this');
  return { ...rest, call: (operation: OperationName) => call(operation, undefined as never), failing, done };
}

test.each(kinds.map(([operation]) => operation))('after damage that %s meets, no operation writes', async (first) => {
  const { call, failing, done, damaged } = watched();
  failing.error = new StoreDamagedError('The database is damaged: a page');
  await expect(call(first)).rejects.toThrow(StoreDamagedError);
  expect(await damaged).toEqual({ because: 'The database is damaged: a page', whatToDo: 'do this' });
  delete failing.error;
  for (const [operation, { kind }] of kinds) {
    const outcome = await call(operation).then(
      () => 'read',
      (error) => error.constructor,
    );
    expect([operation, outcome]).toEqual([operation, kind === 'read' ? 'read' : StoreDamagedError]);
  }
  expect(done).toEqual(kinds.filter(([, { kind }]) => kind === 'read').map(([operation]) => operation));
});

test('damage that a check has found counts as damage that an answer told', async () => {
  const { call, damaged, foundDamaged } = watched();
  await call('acceptDelivery');
  foundDamaged('row 3 missing from index');
  await expect(call('acceptDelivery')).rejects.toThrow('The database is damaged: row 3 missing from index');
  expect((await damaged).because).toContain('row 3');
});

test('a database that is only away is written to again', async () => {
  const { call, failing } = watched();
  failing.error = new StoreUnavailableError('full');
  await expect(call('acceptDelivery')).rejects.toThrow('full');
  delete failing.error;
  await call('acceptDelivery');
});
