import { proxyActivities } from '@temporalio/workflow';
import { automation, push } from 'hookyard/workflow';

const { step } = proxyActivities<{ step(input: { sha: string; number: number }): Promise<void> }>({
  startToCloseTimeout: '1 minute',
});

/** What the bench measures from end to end: one step that only says when it began. */
export const steps = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  await step({ sha: event.commit.sha, number: 1 });
});
