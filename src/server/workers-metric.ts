import { Gauge, Registry } from 'prom-client';
import { valueWithin } from '../async/deadline.js';
import { sharedAnswer } from '../async/shared-answer.js';

const FRESH_MS = 10_000;
/** What a scrape waits for. */
const WAIT_MS = 2_000;

/**
 * Returns what exposes how many workers ask Temporal for work, in Prometheus' text format. `count` tells it; while it rejects, the
 * number is not known.
 */
export function createWorkersMetric(count: () => Promise<number>): () => Promise<string> {
  const registry = new Registry();
  const workers = new Gauge({
    name: 'hookyard_workers',
    help: 'Workers that ask Temporal for work; without any, no run goes on.',
    registers: [registry],
  });
  const ask = sharedAnswer(count, FRESH_MS);
  return async () => {
    workers.set((await valueWithin(WAIT_MS, ask())) ?? Number.NaN);
    return registry.metrics();
  };
}
