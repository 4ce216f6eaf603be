import { expect, test } from 'vitest';
import { createDispatchMetrics } from '../../src/dispatch/metrics.js';

test('starts are counted with how long they took, and failures by their kind', async () => {
  const metrics = createDispatchMetrics();
  metrics.started(40);
  metrics.started(-1);
  metrics.notStarted('engine');
  const text = await metrics.expose();
  expect(text).toContain('hookyard_start_latency_seconds_count 2');
  expect(text).toContain('hookyard_start_latency_seconds_sum 0.04');
  expect(text).toContain('hookyard_start_failures_total{kind="engine"} 1');
});
