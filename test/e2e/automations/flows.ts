import { automation, push, runJob } from 'hookyard/workflow';

/** The least that can run: counts that every delivery has its run. */
export const touch = automation({ on: push({ branches: ['touch'] }) }, async () => {});

/** A build that tells which attempt it is and takes its time in the first. */
export const build = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  await runJob(event, {
    name: 'build',
    steps: [
      {
        name: 'work',
        run: 'echo "attempt $HOOKYARD_ATTEMPT"; test "$HOOKYARD_ATTEMPT" != 1 || sleep 120; cat word.txt',
      },
    ],
  });
});
