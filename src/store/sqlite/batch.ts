import type { Answer } from '../failure.js';
import type { Connection } from './connection.js';
import type { SqliteOperations } from './operations/operations.js';
import { type Request, toFailure } from './protocol.js';

/**
 * Answers what has been waiting: first the reads, then all writes in one transaction, with one sync of the disk; with
 * none if all of them are mere notes.
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
  const writes = requests.filter(({ operation }) => operations[operation].kind !== 'read');
  if (reads.length > 0) answer(reads.map((request) => attempt(request, perform)));
  const mustStay = ({ operation, input }: Request) => {
    const known: { kind: string; mustStay?: (input: never) => boolean } = operations[operation];
    return known.kind === 'write' || known.mustStay?.(input as never) === true;
  };
  const sync = writes.some(mustStay);
  if (writes.length > 0) answer(commitTogether(connection, { writes, sync }, perform));
}

function attempt(request: Request, perform: (request: Request) => unknown): Answer {
  try {
    return { id: request.id, ok: true, value: perform(request) };
  } catch (error) {
    return { id: request.id, ok: false, failure: toFailure(error) };
  }
}

/**
 * Commits writes that all go well, as nearly all do, in one transaction. If one of them fails, the transaction is taken
 * back and done again with a savepoint for each: that one then takes only its own changes back. If the file is what
 * fails, all of them are refused.
 */
function commitTogether(
  connection: Connection,
  { writes, sync }: { writes: readonly Request[]; sync: boolean },
  perform: (request: Request) => unknown,
): Answer[] {
  const transaction = (each: (request: Request) => Answer): Answer[] => {
    connection.run('BEGIN IMMEDIATE');
    const answers = writes.map(each);
    connection.run('COMMIT');
    return answers;
  };
  try {
    connection.syncCommits(sync);
    try {
      return transaction((request) => ({ id: request.id, ok: true, value: perform(request) }));
    } catch (error) {
      if (['unavailable', 'damaged'].includes(toFailure(error).kind)) throw error;
      if (connection.inTransaction) connection.run('ROLLBACK');
      return transaction((request) => attemptAlone(connection, request, perform));
    }
  } catch (error) {
    if (connection.inTransaction) connection.run('ROLLBACK');
    const { kind, message } = toFailure(error);
    const failure = { kind: kind === 'damaged' ? kind : 'unavailable', message } as const;
    return writes.map(({ id }) => ({ id, ok: false, failure }));
  }
}

/** Throws what makes the whole transaction fail. */
function attemptAlone(connection: Connection, request: Request, perform: (request: Request) => unknown): Answer {
  connection.run('SAVEPOINT request');
  const answer = attempt(request, perform);
  if (!answer.ok) {
    // A full disk makes SQLite take the whole transaction back by itself.
    if (answer.failure.kind === 'unavailable' || !connection.inTransaction) throw new Error(answer.failure.message);
    connection.run('ROLLBACK TO request');
  }
  connection.run('RELEASE request');
  return answer;
}
