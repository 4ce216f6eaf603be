import { proxyActivities, sleep } from '@temporalio/workflow';
import { automation, push } from 'hookyard/workflow';
import type * as activities from '../activities.js';

// Short: what a killed worker had in hand is given to another after this time.
const { note } = proxyActivities<typeof activities>({ startToCloseTimeout: '5 seconds' });

/** A run of one step. */
export const single = automation({ on: push({ branches: ['single', 'both'] }) }, async () => {
  await note('only');
});

/** A run that is under way for a while: what is killed meanwhile finds it half done. */
export const double = automation({ on: push({ branches: ['both'] }) }, async () => {
  await note('first');
  await sleep('1 second');
  await note('second');
});
