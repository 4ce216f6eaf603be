import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { runBatch } from './batch.js';
import { type Connection, connect } from './connection.js';
import { migrate } from './migrate.js';
import { createOperations } from './operations/operations.js';
import {
  type Answer,
  type FromThread,
  type Request,
  type ThreadOptions,
  type ToThread,
  toFailure,
} from './protocol.js';

/** One transaction holds at most this much; what is over waits for the next. */
const BATCH = { requests: 512, bytes: 32 * 1024 * 1024 };

if (parentPort) serve(parentPort, workerData as ThreadOptions);

/** The thread that all SQL of a process runs on. What arrives while the disk is synced is the next transaction. */
function serve(port: MessagePort, options: ThreadOptions): void {
  const post = (message: FromThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  let connection: Connection;
  try {
    connection = connect(options);
    migrate(connection);
  } catch (error) {
    post({ kind: 'refused', failure: toFailure(error) });
    port.close();
    return;
  }
  const context = { connection, operations: createOperations(connection) };
  const answer = (answers: Answer[]) => post({ kind: 'answers', answers }, answers.flatMap(buffersOf));
  port.on('message', (first: ToThread) => {
    for (let next: ToThread | undefined = first; next; ) {
      if (next.kind === 'close') return close(connection, port);
      const { requests, after } = gather(port, next);
      runBatch(context, requests, answer);
      next = after;
    }
  });
  post({ kind: 'ready' });
}

/** Takes what is waiting, up to a transaction's size, and what comes after it if that is known already. */
function gather(port: MessagePort, first: Request): { requests: Request[]; after: ToThread | undefined } {
  const requests = [first];
  let bytes = first.bytes;
  for (;;) {
    const next = receiveMessageOnPort(port)?.message as ToThread | undefined;
    if (next?.kind !== 'request') return { requests, after: next };
    bytes += next.bytes;
    if (requests.length >= BATCH.requests || bytes > BATCH.bytes) return { requests, after: next };
    requests.push(next);
  }
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
