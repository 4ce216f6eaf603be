import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OperationName } from '../../src/store/backend.js';
import type { Answer } from '../../src/store/failure.js';
import { runBatch } from '../../src/store/sqlite/batch.js';
import { type Connection, connect } from '../../src/store/sqlite/connection.js';
import { migrate } from '../../src/store/sqlite/migrate.js';
import { createOperations } from '../../src/store/sqlite/operations/operations.js';
import type { Request } from '../../src/store/sqlite/protocol.js';
import { tempFolder } from '../support/temp-folder.js';

/** `PRAGMA synchronous`: https://sqlite.org/pragma.html#pragma_synchronous */
const NORMAL = 1;
const FULL = 2;

let folder: string;
let connection: Connection;

beforeEach(async () => {
  folder = await tempFolder('sync');
  connection = connect({ path: join(folder, 'store.db'), lockMs: 1_000 });
  migrate(connection);
});
afterEach(async () => {
  connection.close();
});

const signal: [OperationName, unknown] = ['keepSignal', { id: 's1', workflowId: 'w', signal: 'done', payload: '1' }];
const claim: [OperationName, unknown] = ['claim', { limit: 1, leaseMs: 1_000 }];
const settle: [OperationName, unknown] = ['settle', [{ id: 's1', outcome: 'done' }]];

/** Runs them as one batch; how the disk was synced for it. */
function syncedFor(...calls: [OperationName, unknown][]): unknown {
  const requests: Request[] = calls.map(([operation, input], id) => ({ id, operation, input, bytes: 0 }));
  const answers: Answer[] = [];
  runBatch({ connection, operations: createOperations(connection) }, requests, (some) => answers.push(...some));
  expect(answers.map(({ ok }) => ok)).toEqual(calls.map(() => true));
  return connection.rows<{ synchronous: number }>('PRAGMA synchronous')[0]?.synchronous;
}

it('what was acknowledged is synced, alone and beside what need not be', () => {
  expect(syncedFor(signal)).toBe(FULL);
  expect(syncedFor(claim, ['keepSignal', { id: 's2', workflowId: 'w', signal: 'done', payload: '1' }])).toBe(FULL);
});

it('claims and settlements alone are not, and the next delivery is again', () => {
  expect(syncedFor(claim)).toBe(NORMAL);
  expect(syncedFor(settle)).toBe(NORMAL);
  expect(syncedFor(signal)).toBe(FULL);
});
