import { sleep } from '@temporalio/workflow';
import { automation, pullRequest } from 'hookyard/workflow';

/** Builds one pull request at a time; its status is a required check. */
export const build = automation(
  { on: pullRequest(), checks: ['build'], concurrency: { group: 'repository', onBusy: 'reject' } },
  () => sleep('1 hour'),
);
