import { automation, push, runJob } from 'hookyard/workflow';

/** Keeps a job slot, and a core, busy. What the generator sends is of another branch. */
export const burn = automation({ on: push({ branches: ['burn'] }) }, async (event) => {
  await runJob(event, { name: 'burn', steps: ['while :; do :; done'], timeout: '10 minutes' });
});
