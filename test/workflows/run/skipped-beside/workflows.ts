import { automation, pullRequest } from 'hookyard/workflow';

/** Builds what changes the sources in any case, and the rest unless it is marked to be skipped. */
export const build = automation(
  { on: [pullRequest({ paths: ['src/**'], skippable: false }), pullRequest()], checks: ['build'] },
  async () => undefined,
);
