import type { RecordStore } from '../../store/store.js';

/**
 * Stores a record in place of whatever is there. The version is a count: a time that a wrong clock wrote would keep out
 * all later writes. Of two writes at once, one is kept.
 */
export async function putRecord(
  records: RecordStore,
  { collection, key, data }: { collection: string; key: string; data: unknown },
): Promise<void> {
  const stored = await records.get(collection, key);
  const version = typeof stored?.version === 'number' ? stored.version + 1 : 1;
  await records.upsert({ collection, key, version, data });
}
