import { proxyActivities } from '@temporalio/workflow';
import { automation, push, runJob, sync } from 'hookyard/workflow';

/** The example `ci`. */
export const ci = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  await runJob(event, { name: 'ci', steps: ['npm ci', 'npm test'] });
});

/** One short call, which the kit makes a local activity of, and nothing else. */
export const one = automation({ on: push() }, async (event) => {
  await sync.upsert('commits', event.branch, { sha: event.commit.sha }, { version: event.receivedAt });
});

interface Steps {
  upsertRecord(record: { collection: string; key: string; data: unknown; version: string }): Promise<unknown>;
}
const { upsertRecord } = proxyActivities<Steps>({ startToCloseTimeout: '1 minute' });

/** The same as a regular activity. */
export const regular = automation({ on: push() }, async (event) => {
  const { branch, commit, receivedAt } = event;
  await upsertRecord({ collection: 'commits', key: branch, data: { sha: commit.sha }, version: receivedAt });
});

/** Nothing but a job that takes a while: what waiting costs. */
export const long = automation({ on: push() }, async (event) => {
  await runJob(event, { name: 'long', steps: ['sleep 30'] });
});
