import { automation, push, sync } from 'hookyard/workflow';

export const traced = automation({ on: push() }, async (event) => {
  await sync.upsert('commits', event.branch, { sha: event.commit.sha }, { version: event.receivedAt });
});
