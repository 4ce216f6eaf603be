import { automation, localActivities, push } from 'hookyard/workflow';

const { step } = localActivities<{ step(input: { sha: string; number: number }): Promise<void> }>();

/** What the bench measures from end to end: five steps that only say when they began, short enough to be local ones. */
export const steps = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  for (let number = 1; number <= 5; number++) await step({ sha: event.commit.sha, number });
});
