import { proxyActivities } from '@temporalio/workflow';
import { automation, push } from 'hookyard/workflow';

const { step } = proxyActivities<{ step(input: { sha: string; number: number }): Promise<void> }>({
  startToCloseTimeout: '1 minute',
});

/** What the bench measures from end to end: five steps that only say when they began. */
export const steps = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  for (let number = 1; number <= 5; number++) await step({ sha: event.commit.sha, number });
});
