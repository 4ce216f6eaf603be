import { automation, push, runJob, sync } from 'hookyard/workflow';

/** The example `ci`. */
export const ci = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  await runJob(event, { name: 'ci', steps: ['npm ci', 'npm test'] });
});

/** One short activity and nothing else. */
export const one = automation({ on: push() }, async (event) => {
  await sync.upsert('commits', event.branch, { sha: event.commit.sha }, { version: event.receivedAt });
});

/** Nothing but a job that takes a while: what waiting costs. */
export const long = automation({ on: push() }, async (event) => {
  await runJob(event, { name: 'long', steps: ['sleep 30'] });
});
