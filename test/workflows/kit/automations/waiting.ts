import { automation, matrix, outcome, push, triggerBuild } from 'hookyard/workflow';

/** Waits for a build elsewhere that only ever calls back. */
export const waiting = automation({ on: push() }, async () => {
  await triggerBuild.http('calls-back', { params: { what: 'everything' } });
});

/** A cell that tries its build once more where it has not passed. */
export const triesAgain = automation({ on: push() }, async () => {
  const { passed } = await matrix({ cell: [1] }, async () => {
    const build = () => triggerBuild.http('calls-back', { params: { what: 'again' } });
    if (!(await build()).passed) await build();
  });
  outcome(passed ? 'passed' : 'failed', 'as the matrix says');
});
