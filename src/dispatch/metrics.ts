import { Counter, Histogram, Registry } from 'prom-client';
import type { DispatchMetrics } from './attempt.js';

/** In seconds: a start may wait for Temporal. */
const START_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120, 600, 3_600];

/** The dispatcher's Prometheus metrics. */
export interface ExposedDispatchMetrics extends DispatchMetrics {
  /** Returns the text that a scrape gets. */
  expose(): Promise<string>;
}

/** Creates the metrics of a dispatcher. */
export function createDispatchMetrics(): ExposedDispatchMetrics {
  const registry = new Registry();
  const registers = [registry];
  const starts = new Histogram({
    name: 'hookyard_start_latency_seconds',
    help: 'From the receipt of a delivery, or from the wish to have it again, until Temporal has taken its run.',
    buckets: START_BUCKETS,
    registers,
  });
  const failures = new Counter({
    name: 'hookyard_start_failures_total',
    help: 'Attempts to start a run that did not succeed, by the kind of failure.',
    labelNames: ['kind'],
    registers,
  });
  return {
    expose: () => registry.metrics(),
    started: (ms) => starts.observe(Math.max(0, ms) / 1_000),
    notStarted: (kind) => failures.inc({ kind }),
  };
}
