import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { sharedAnswer } from '../async/shared-answer.js';
import type { RecordStore } from './store.js';

/** Where the store keeps it. Stored: the names stay. */
const WHERE = { collection: 'hookyard.installation', key: 'id' } as const;
const idSchema = z.object({ id: z.uuid() });

/** Returns what asks for the id of the installation that a store is of: made once, and the same for all that share the store. */
export function installationOf(records: Pick<RecordStore, 'get' | 'upsert'>): () => Promise<string> {
  const read = async () => idSchema.safeParse((await records.get(WHERE.collection, WHERE.key))?.data).data?.id;
  return sharedAnswer(async () => {
    const known = await read();
    if (known !== undefined) return known;
    // Of two that begin at once, the first names it: a version that is there already is not written again.
    await records.upsert({ ...WHERE, version: 1, data: { id: randomUUID() } });
    const named = await read();
    if (named === undefined) throw new Error(`the store does not keep the installation's id`);
    return named;
  }, Number.POSITIVE_INFINITY);
}
