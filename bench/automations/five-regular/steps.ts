import { proxyActivities } from '@temporalio/workflow';
import { automation, push } from 'hookyard/workflow';

const { step } = proxyActivities<{ step(input: { sha: string; number: number }): Promise<void> }>({
  startToCloseTimeout: '1 minute',
});

/** Five steps that only say when they began, as regular activities: what the hand-written workflow has too. */
export const steps = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  for (let number = 1; number <= 5; number++) await step({ sha: event.commit.sha, number });
});
