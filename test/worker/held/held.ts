import { proxyActivities } from '@temporalio/workflow';
import { automation, push } from 'hookyard/workflow';
import type * as own from '../held-steps.js';

const { untilToldToStop } = proxyActivities<typeof own>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

/** Goes on for as long as its worker does. */
export const held = automation({ on: push({ branches: ['main'] }) }, async () => {
  await untilToldToStop();
});
