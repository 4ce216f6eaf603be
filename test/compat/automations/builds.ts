import { automation, push, triggerBuild } from 'hookyard/workflow';

/** Builds of two kinds at once. */
export const served = automation({ on: push({ branches: ['served'] }) }, async (event) => {
  await Promise.all([triggerBuild.pipeline(event, 'first'), triggerBuild.http('second')]);
});

/** The same with another kind. */
export const dispatched = automation({ on: push({ branches: ['dispatched'] }) }, async (event) => {
  await Promise.all([
    triggerBuild.pipeline(event, 'first'),
    triggerBuild.githubActions(event, { workflow: 'second.yml' }),
  ]);
});
