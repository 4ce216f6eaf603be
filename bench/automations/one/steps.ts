import { automation, localActivities, push } from 'hookyard/workflow';

const { step } = localActivities<{ step(input: { sha: string; number: number }): Promise<void> }>();

/** What the bench measures from end to end: one step that only says when it began, short enough to be a local one. */
export const steps = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  await step({ sha: event.commit.sha, number: 1 });
});
