import { automation, localActivities, push } from 'hookyard/workflow';

const { step } = localActivities<{ step(input: { sha: string; number: number }): Promise<void> }>();

/** As in `one`, in a lane that lets one run at a time. */
export const steps = automation(
  { on: push({ branches: ['main'] }), concurrency: { group: 'branch' } },
  async (event) => {
    await step({ sha: event.commit.sha, number: 1 });
  },
);
