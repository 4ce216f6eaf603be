import { automation, pullRequest, push } from 'hookyard/workflow';

/** The least that can run: counts that every delivery has its run. */
export const told = automation({ on: [push(), pullRequest()] }, async () => {});
