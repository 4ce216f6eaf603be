import { automation, pullRequest, runJob } from 'hookyard/workflow';

/** Fails until a comment has it run again. Trusted, so that machines without a sandbox try it too. */
export const red = automation({ on: pullRequest() }, async (event) => {
  await runJob(event, {
    name: 'build',
    trust: true,
    steps: [
      'echo "runs first"; echo made > made',
      'cat made 2>/dev/null || echo nothing; case "$HOOKYARD_RUN" in */retest*) if grep -q yes slow; then sleep 300; fi;; *) exit 5;; esac',
    ],
  });
});

export const never = automation({ on: pullRequest() }, async (event) => {
  await runJob(event, { name: 'never', steps: ['true'] });
});
