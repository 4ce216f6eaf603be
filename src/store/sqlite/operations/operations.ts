import type { InputOf, OperationName, OutputOf } from '../../backend.js';
import type { Connection } from '../connection.js';
import { acceptDelivery } from './accept.js';
import { addAttempt, listAttempts, pruneAttempts } from './attempts.js';
import { findDelivery, knownKeys, listDeliveries, readBody } from './deliveries.js';
import { backlog, claim, keepSignal, nextDue, settle } from './dispatches.js';
import { appendLines, listJobs, pruneLines, readLines } from './logs.js';
import { pruneDeliveries } from './prune.js';
import { getRecord, listRecords, upsertRecord } from './records.js';
import { startAgain } from './start-again.js';

/** The operations by name. */
export type SqliteOperations = {
  readonly [K in OperationName]: { readonly kind: 'read' | 'write'; run(input: InputOf<K>): OutputOf<K> };
};

/** Everything the thread can be asked for. A write runs inside a transaction that others share; a read runs by itself. */
export function createOperations(connection: Connection): SqliteOperations {
  const read = <I, O>(run: (connection: Connection, input: I) => O) => ({
    kind: 'read' as const,
    run: (input: I) => run(connection, input),
  });
  const write = <I, O>(run: (connection: Connection, input: I) => O) => ({
    kind: 'write' as const,
    run: (input: I) => run(connection, input),
  });
  return {
    acceptDelivery: write(acceptDelivery),
    startAgain: write(startAgain),
    keepSignal: write(keepSignal),
    claim: write(claim),
    settle: write(settle),
    nextDue: read(nextDue),
    backlog: read(backlog),
    findDelivery: read(findDelivery),
    readBody: read(readBody),
    knownKeys: read(knownKeys),
    listDeliveries: read(listDeliveries),
    pruneDeliveries: write(pruneDeliveries),
    appendLines: write(appendLines),
    readLines: read(readLines),
    listJobs: read(listJobs),
    pruneLines: write(pruneLines),
    upsertRecord: write(upsertRecord),
    getRecord: read(getRecord),
    listRecords: read(listRecords),
    addAttempt: write(addAttempt),
    listAttempts: read(listAttempts),
    pruneAttempts: write(pruneAttempts),
  };
}
