import { sleep } from '@temporalio/workflow';
import { automation, matrix, push, triggerBuild } from 'hookyard/workflow';

/** A cell whose build did not pass at first, and did when it was tried again; another whose build passed. */
export const retried = automation({ on: push({ branches: ['retried'] }) }, async () => {
  const { passed } = await matrix({ build: ['twice', 'once'] }, async ({ build }) => {
    if (!(await triggerBuild.http(build)).passed) await triggerBuild.http(build);
  });
  if (!passed) await sleep('30 days');
});
