import { automation, pullRequest, push, runJob } from 'hookyard/workflow';

/**
 * Builds every push to main and every pull request of the repository's own branches; reports the commit status. A new commit of
 * a pull request ends the build of the one before; of several pushes to a branch the newest is built next, and
 * none takes over an hour.
 */
export const ci = automation(
  {
    on: [push({ branches: ['main'] }), pullRequest()],
    concurrency: [
      { group: 'pull-request', onBusy: 'cancel-running' },
      { group: 'branch', onBusy: 'keep-newest' },
    ],
    timeout: '1 hour',
  },
  async (event) => {
    await runJob(event, { name: 'ci', steps: ['npm ci', 'npm test'] });
  },
);
