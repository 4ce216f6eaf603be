import { Gauge, Registry } from 'prom-client';
import { valueWithin } from '../async/deadline.js';
import { sharedAnswer } from '../async/shared-answer.js';
import { listStuckRuns, type StuckRunsDeps } from './api/stuck/stuck-runs.js';

/** Looking costs Temporal some hundred calls. */
const FRESH_MS = 60_000;
/** What a scrape waits for; a look that takes longer is shown by the next one. */
const WAIT_MS = 2_000;

/**
 * Returns what exposes how many runs need somebody, in Prometheus' text format. Temporal is asked at most once a minute; while
 * it does not answer, the number is not known.
 */
export function createStuckRunsMetric(deps: StuckRunsDeps): () => Promise<string> {
  const registry = new Registry();
  const stuck = new Gauge({
    name: 'hookyard_stuck_runs',
    help: 'Runs that do not go on by themselves, or were set aside and not replayed; see hookyard runs --stuck.',
    registers: [registry],
  });
  const count = async () => (await listStuckRuns(deps)).runs.length;
  const ask = sharedAnswer(() => count().catch(() => Number.NaN), FRESH_MS);
  let last = Number.NaN;
  return async () => {
    last = (await valueWithin(WAIT_MS, ask())) ?? last;
    stuck.set(last);
    return registry.metrics();
  };
}
