import type { DeliveryToKeep, Kept } from '../backend.js';
import { StoreDamagedError, StoreUnavailableError } from '../store.js';
import type { Database } from './database.js';
import { acceptTogether } from './operations/accept.js';

/**
 * Stores deliveries in one transaction, with one sync of the disk. If one of them can't be stored, each gets a
 * transaction of its own, so that the others are stored. If the database fails, all of them are refused.
 */
export async function acceptBatch(
  database: Database,
  deliveries: readonly DeliveryToKeep[],
): Promise<PromiseSettledResult<Kept>[]> {
  try {
    const kept = await database.transaction((queries) => acceptTogether(queries, deliveries));
    return kept.map((value) => ({ status: 'fulfilled', value }));
  } catch (reason) {
    const failedForAll = reason instanceof StoreUnavailableError || reason instanceof StoreDamagedError;
    if (deliveries.length === 1 || failedForAll) {
      return deliveries.map(() => ({ status: 'rejected', reason }));
    }
    const answers: PromiseSettledResult<Kept>[] = [];
    for (const delivery of deliveries) answers.push(...(await acceptBatch(database, [delivery])));
    return answers;
  }
}
