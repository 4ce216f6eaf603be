import { defineConfig } from 'vitest/config';

/** Real servers that are killed, stopped and loaded, for minutes: part of `.ci/run`, and not of every `npm test`. */
const SLOW = [
  'test/faults/short.test.ts',
  'test/faults/backpressure.test.ts',
  'test/e2e/poison.test.ts',
  'test/activities/reconcile/killed-worker.test.ts',
];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: process.env.ALL_TESTS ? [] : SLOW,
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    // Real servers and real processes: slow to start now and then, never slow to finish.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
  },
});
