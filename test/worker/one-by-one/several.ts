import { executeChild, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { automation, localActivities, push } from 'hookyard/workflow';
import type * as own from '../own-steps.js';

const { pass } = proxyActivities<typeof own>({ startToCloseTimeout: '1 minute' });
const { last } = proxyActivities<typeof own>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } });
const { stumble } = localActivities<typeof own>();

/** Two steps at once, and one of the worker's own. */
export const several = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  await Promise.all([pass(event.commit.sha), pass(event.commit.sha)]);
  await stumble(event.commit.sha);
});

export const lasts = automation({ on: push({ branches: ['lasts'] }) }, async (event) => {
  await last(event.commit.sha);
});

export async function bare(): Promise<void> {}

/** Starts a child, and gives it nothing. */
export const starts = automation({ on: push({ branches: ['starts'] }) }, async () => {
  await executeChild(bare, { workflowId: `${workflowInfo().workflowId}/bare` });
});
