import { proxyActivities } from '@temporalio/workflow';
import { automation, push } from 'hookyard/workflow';

const { step } = proxyActivities<{ step(input: { sha: string; number: number }): Promise<void> }>({
  startToCloseTimeout: '1 minute',
});

/** One step that only says when it began, as a regular activity: what the hand-written workflow has too. */
export const steps = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  await step({ sha: event.commit.sha, number: 1 });
});
