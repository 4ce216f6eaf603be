import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Answer } from '../failure.js';
import { runBatch } from './batch.js';
import { type Connection, connect } from './connection.js';
import { migrate } from './migrate.js';
import { createOperations } from './operations/operations.js';
import { type FromThread, type Request, type ThreadOptions, type ToThread, toFailure } from './protocol.js';

/** One transaction holds at most this much; what is over waits for the next. */
const BATCH = { requests: 512, bytes: 32 * 1024 * 1024 };

if (parentPort) serve(parentPort, workerData as ThreadOptions);

/** The thread that all SQL of a process runs on. What arrives while the disk is synced is the next transaction. */
function serve(port: MessagePort, options: ThreadOptions): void {
  const post = (message: FromThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  let connection: Connection;
  try {
    connection = connect(options);
    migrate(connection, (step) => post({ kind: 'migrates', ...step }));
  } catch (error) {
    post({ kind: 'refused', failure: toFailure(error) });
    port.close();
    return;
  }
  const context = { connection, operations: createOperations(connection) };
  const answer = (answers: Answer[]) => post({ kind: 'answers', answers }, answers.flatMap(buffersOf));
  port.on('message', (first: ToThread) => {
    const { requests, closing } = gather(port, first);
    for (const batch of batchesOf(requests)) runBatch(context, batch, answer);
    if (closing) close(connection, port);
  });
  post({ kind: 'ready' });
}

/** Takes everything that is waiting. The caller bounds how much that can be. */
function gather(port: MessagePort, first: ToThread): { requests: Request[]; closing: boolean } {
  const requests: Request[] = [];
  for (let next: ToThread | undefined = first; next; next = receiveMessageOnPort(port)?.message) {
    if (next.kind === 'close') return { requests, closing: true };
    requests.push(...next.requests);
  }
  return { requests, closing: false };
}

/** In order, each of a transaction's size. */
function batchesOf(requests: readonly Request[]): Request[][] {
  const batches: Request[][] = [];
  let batch: Request[] | undefined;
  let bytes = 0;
  for (const request of requests) {
    bytes += request.bytes;
    if (!batch || batch.length >= BATCH.requests || bytes > BATCH.bytes) {
      batch = [];
      batches.push(batch);
      bytes = request.bytes;
    }
    batch.push(request);
  }
  return batches;
}

/** Bodies change threads without being copied. */
function buffersOf(answer: Answer): ArrayBuffer[] {
  return answer.ok && answer.value instanceof ArrayBuffer ? [answer.value] : [];
}

function close(connection: Connection, port: MessagePort): void {
  try {
    // Leaves one file behind instead of three. Another process that has it open may be in the way: no harm.
    connection.rows('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    connection.close();
    port.close();
  }
}
