import { automation, push, triggerBuild } from 'hookyard/workflow';

/** Waits for a build elsewhere that only ever calls back. */
export const waiting = automation({ on: push() }, async () => {
  await triggerBuild.http('calls-back', { params: { what: 'everything' } });
});
