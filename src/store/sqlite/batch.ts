import type { Connection } from './connection.js';
import type { SqliteOperations } from './operations/operations.js';
import { type Answer, type Failure, type Request, toFailure } from './protocol.js';

/**
 * Answers what has been waiting: first the reads, then all writes in one transaction, with one sync of the disk.
 *
 * Reads may overtake writes that are still unanswered; whoever has the answer to a write finds it in every later read.
 */
export function runBatch(
  { connection, operations }: { connection: Connection; operations: SqliteOperations },
  requests: readonly Request[],
  answer: (answers: Answer[]) => void,
): void {
  const perform = ({ operation, input }: Request) => (operations[operation].run as (input: unknown) => unknown)(input);
  const reads = requests.filter(({ operation }) => operations[operation].kind === 'read');
  const writes = requests.filter(({ operation }) => operations[operation].kind === 'write');
  if (reads.length > 0) answer(reads.map((request) => attempt(request, perform)));
  if (writes.length > 0) answer(commitTogether(connection, writes, perform));
}

function attempt(request: Request, perform: (request: Request) => unknown): Answer {
  try {
    return { id: request.id, ok: true, value: perform(request) };
  } catch (error) {
    return { id: request.id, ok: false, failure: toFailure(error) };
  }
}

/** A write that fails by itself takes only its own changes back; if the file is what fails, all of them are refused. */
function commitTogether(
  connection: Connection,
  writes: readonly Request[],
  perform: (request: Request) => unknown,
): Answer[] {
  const refuseAll = (failure: Failure): Answer[] => {
    if (connection.inTransaction) connection.run('ROLLBACK');
    const { message } = failure;
    return writes.map(({ id }) => ({ id, ok: false, failure: { kind: 'unavailable', message } }));
  };
  try {
    connection.run('BEGIN IMMEDIATE');
    const answers: Answer[] = [];
    for (const request of writes) {
      connection.run('SAVEPOINT request');
      const answer = attempt(request, perform);
      // A full disk makes SQLite take the whole transaction back by itself.
      const fileFailed = !answer.ok && (answer.failure.kind === 'unavailable' || !connection.inTransaction);
      if (fileFailed) return refuseAll(answer.failure);
      if (!answer.ok) connection.run('ROLLBACK TO request');
      connection.run('RELEASE request');
      answers.push(answer);
    }
    connection.run('COMMIT');
    return answers;
  } catch (error) {
    return refuseAll(toFailure(error));
  }
}
