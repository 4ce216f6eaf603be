import { Gauge, Registry } from 'prom-client';
import { z } from 'zod';
import { valueWithin } from '../async/deadline.js';
import { sharedAnswer } from '../async/shared-answer.js';
import { ARTIFACTS } from '../runs/artifact-records.js';
import { CACHES } from '../runs/cache-records.js';
import type { RecordStore } from '../store/store.js';

/** Counting reads all entries. */
const FRESH_MS = 60_000;
/** What a scrape waits for. */
const WAIT_MS = 2_000;
const PAGE = 500;

const KEPT = [
  { collection: CACHES, name: 'hookyard_cache_bytes', help: 'What jobs have cached, as packed.' },
  { collection: ARTIFACTS, name: 'hookyard_artifact_bytes', help: 'What jobs have kept beside their runs, as packed.' },
] as const;

/** Of a row that tells of what is kept. */
const keptSchema = z.object({ source: z.string(), bytes: z.number() });

/** Returns what exposes how much of each source jobs have cached and kept, in Prometheus' text format: counted at most once a minute. */
export function createKeptMetric(records: Pick<RecordStore, 'list'>): () => Promise<string> {
  const registry = new Registry();
  const gauges = KEPT.map(({ collection, ...named }) => {
    const gauge = new Gauge({ ...named, labelNames: ['source'] as const, registers: [registry] });
    const ask = sharedAnswer(() => countBySource(records, collection).catch(() => undefined), FRESH_MS);
    return { gauge, ask };
  });
  return async () => {
    for (const { gauge, ask } of gauges) {
      const counted = await valueWithin(WAIT_MS, ask());
      if (counted) gauge.reset();
      for (const [source, sum] of counted ?? []) gauge.set({ source }, sum);
    }
    return registry.metrics();
  };
}

async function countBySource(
  records: Pick<RecordStore, 'list'>,
  collection: string,
): Promise<ReadonlyMap<string, number>> {
  const sums = new Map<string, number>();
  for (let after: string | undefined; ; ) {
    const rows = await records.list(collection, { limit: PAGE, after });
    for (const { data } of rows) {
      const kept = keptSchema.safeParse(data).data;
      if (kept) sums.set(kept.source, (sums.get(kept.source) ?? 0) + kept.bytes);
    }
    after = rows.at(-1)?.key;
    if (rows.length < PAGE) return sums;
  }
}
