import type { RecordStore } from '../../store/store.js';

/**
 * Keeps what replaces whatever is there. The version only counts up: were it a time, one that a wrong clock wrote would
 * keep out all that came after. Of two who write at once, one is kept.
 */
export async function overwrite(
  records: RecordStore,
  { collection, key, data }: { collection: string; key: string; data: unknown },
): Promise<void> {
  const stored = await records.get(collection, key);
  const version = typeof stored?.version === 'number' ? stored.version + 1 : 1;
  await records.upsert({ collection, key, version, data });
}
