import { automation, pullRequest, runJob } from 'hookyard/workflow';

/** Builds the newest commit of a pull request; one that has a file `slow` takes its time. */
export const built = automation(
  { on: pullRequest(), concurrency: { group: 'pull-request', onBusy: 'cancel-running' } },
  async (event) => {
    await runJob(event, { name: 'unit', steps: ['echo "process $$"; test ! -e slow || sleep 300'] });
  },
);
