import { createBatcher } from '../../async/batch.js';
import { DeadlineError, withDeadline } from '../../async/deadline.js';
import { createAdmission } from '../admission.js';
import type { Backend, DeliveryToKeep, InputOf, Kept, OperationName, OutputOf } from '../backend.js';
import { StoreUnavailableError } from '../store.js';
import { acceptBatch } from './accept-batch.js';
import type { Database } from './database.js';
import type { PostgresLimits } from './limits.js';
import { createOperations, type PostgresOperations } from './operations/operations.js';

/**
 * One transaction keeps at most this many deliveries. Each takes two of the locks of which a server has some thousands
 * (`max_locks_per_transaction` × `max_connections`) for everybody.
 */
const BATCH = { requests: 100, bytes: 16 * 1024 * 1024 };

/** Returns a backend that bounds how much this process asks of the database, and how long it waits. */
export function createBackend(database: Database, limits: PostgresLimits): Backend {
  const admission = createAdmission(limits);
  const accept = createBatcher<DeliveryToKeep, Kept>({
    max: BATCH,
    late: { ms: limits.answerMs, error: () => new StoreUnavailableError('The store was too busy for too long.') },
    run: (deliveries) => acceptBatch(database, deliveries),
  });
  const operations: PostgresOperations = {
    ...createOperations(database),
    acceptDelivery: (delivery) => accept(delivery, sizeOf(delivery)),
  };
  let closing: Promise<void> | undefined;

  return {
    call<K extends OperationName>(operation: K, input: InputOf<K>, cargo = { bytes: 0 }): Promise<OutputOf<K>> {
      return admission.admit<OutputOf<K>>(cargo.bytes, () => operations[operation](input));
    },
    close() {
      closing ??= admission.close(limits.closeMs).then(() => end(database, limits.closeMs));
      return closing;
    },
  };
}

function sizeOf({ body, headers, events, verdicts }: DeliveryToKeep): number {
  return body.byteLength + headers.length + events.length + verdicts.length;
}

/** Closes the connections. A statement that is still under way has a deadline, and its connection ends with it. */
async function end(database: Database, ms: number): Promise<void> {
  await withDeadline({ ms }, () => database.close()).catch((error: unknown) => {
    if (!(error instanceof DeadlineError)) throw error;
  });
}
