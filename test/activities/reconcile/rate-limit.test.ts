import { CancelledFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { createRateLimit } from '../../../src/activities/reconcile/rate-limit.js';
import { activity } from '../../support/harness/activity.js';

test('turns come one after the other, and a turn that is not due ends with the activity', async () => {
  const rateLimit = createRateLimit();
  const running = activity();
  let turns = 0;
  const work = running.run(async () => {
    await rateLimit.acquire('fast', 6_000_000);
    turns += 1;
    await rateLimit.acquire('fast', 6_000_000);
    turns += 1;
    rateLimit.charge('fast', 1, 10);
    running.cancel();
    await rateLimit.acquire('fast', 1);
    turns += 1;
  }, undefined);
  await expect(work).rejects.toBeInstanceOf(CancelledFailure);
  expect(turns).toBe(2);
});
