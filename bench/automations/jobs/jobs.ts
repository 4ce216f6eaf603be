import { automation, push, runJob } from 'hookyard/workflow';

/** Notes when it runs, in a folder that the repository names. */
const steps = ['date +%s%N > "$(cat bench-folder)/$HOOKYARD_COMMIT.$HOOKYARD_JOB"'];

/** Two jobs of one step, one after the other. */
export const jobs = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  await runJob(event, { name: 'first', steps });
  await runJob(event, { name: 'second', steps });
});
