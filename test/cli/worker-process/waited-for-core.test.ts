import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { waitedForCoreMs } from '../../../src/cli/worker-process/waited-for-core.js';

const isTold = existsSync('/proc/self/schedstat');

test.skipIf(!isTold)('a process has waited for a core for no longer than it is there', () => {
  const waited = waitedForCoreMs(process.pid);
  expect(waited).toBeGreaterThanOrEqual(0);
  expect(waited).toBeLessThan(process.uptime() * 1_000);
});

test('how long a process has waited is not known where there is none', () => {
  // Higher than any system gives.
  expect(waitedForCoreMs(2 ** 30)).toBeUndefined();
});
