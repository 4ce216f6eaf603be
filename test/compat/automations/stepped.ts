import { automation, push, runJob } from 'hookyard/workflow';

/** Steps that fail and are run again, or are gone on after, and those that tell of what they did. */
export const stepped = automation({ on: push() }, async (event) => {
  const { outputs } = await runJob(event, {
    name: 'build',
    steps: [
      {
        name: 'flaky',
        run: 'test -e tried && exit 0; touch tried; exit 75',
        retries: { on: ['exit:75'], limit: 2 },
      },
      { name: 'lint', run: 'exit 1', continueOnError: true },
      { name: 'pack', run: 'echo "version=1.2" >> "$HOOKYARD_OUTPUT"; echo "**packed**" >> "$HOOKYARD_SUMMARY"' },
      { name: 'mourn', run: 'echo mourns', if: 'failure' },
      { name: 'clean', run: 'echo cleans', if: 'always' },
    ],
  });
  await runJob(event, { name: 'publish', steps: [{ name: 'publish', run: 'true', env: outputs }] });
});

/** A job that does not pass. */
export const brokenSteps = automation({ on: push() }, async (event) => {
  await runJob(event, {
    name: 'build',
    steps: ['exit 3', 'echo tests', { name: 'mourn', run: 'echo mourns', if: 'failure' }],
  });
});

/** A job that has no end by itself. */
export const endlessSteps = automation({ on: push() }, async (event) => {
  await runJob(event, {
    name: 'build',
    steps: ['echo begun; sleep 300', { name: 'clean', run: 'echo cleans', if: 'always' }],
  });
});

/** A job whose first worker is lost. */
export const resumedSteps = automation({ on: push() }, async (event) => {
  const steps = ['echo first', 'echo "attempt $HOOKYARD_ATTEMPT"; test "$HOOKYARD_ATTEMPT" = 2 || sleep 300'];
  await runJob(event, { name: 'build', steps });
});
