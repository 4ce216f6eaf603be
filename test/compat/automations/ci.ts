import { automation, pullRequest, push, runJob } from 'hookyard/workflow';

/** Builds every push to main and every pull request of the repository's own branches; reports the commit status. */
export const ci = automation({ on: [push({ branches: ['main'] }), pullRequest()] }, async (event) => {
  await runJob(event, { name: 'ci', steps: ['npm ci', 'npm test'] });
});
