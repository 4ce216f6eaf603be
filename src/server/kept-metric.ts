import { Gauge, Registry } from 'prom-client';
import { valueWithin } from '../async/deadline.js';
import { sharedAnswer } from '../async/shared-answer.js';
import { CACHES, cacheEntrySchema } from '../runs/cache-records.js';
import type { RecordStore } from '../store/store.js';

/** Counting reads all entries. */
const FRESH_MS = 60_000;
/** What a scrape waits for. */
const WAIT_MS = 2_000;
const PAGE = 500;

/** Returns what exposes how much of each source jobs have cached, in Prometheus' text format: counted at most once a minute. */
export function createKeptMetric(records: Pick<RecordStore, 'list'>): () => Promise<string> {
  const registry = new Registry();
  const bytes = new Gauge({
    ...{ name: 'hookyard_cache_bytes', help: 'What jobs have cached, as packed.' },
    ...{ labelNames: ['source'] as const, registers: [registry] },
  });
  const ask = sharedAnswer(() => countBySource(records).catch(() => undefined), FRESH_MS);
  return async () => {
    const counted = await valueWithin(WAIT_MS, ask());
    if (counted) bytes.reset();
    for (const [source, sum] of counted ?? []) bytes.set({ source }, sum);
    return registry.metrics();
  };
}

async function countBySource(records: Pick<RecordStore, 'list'>): Promise<ReadonlyMap<string, number>> {
  const sums = new Map<string, number>();
  for (let after: string | undefined; ; ) {
    const rows = await records.list(CACHES, { limit: PAGE, after });
    for (const { data } of rows) {
      const entry = cacheEntrySchema.safeParse(data).data;
      if (entry) sums.set(entry.source, (sums.get(entry.source) ?? 0) + entry.bytes);
    }
    after = rows.at(-1)?.key;
    if (rows.length < PAGE) return sums;
  }
}
