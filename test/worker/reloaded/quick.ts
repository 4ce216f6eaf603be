import { automation, push, sync } from 'hookyard/workflow';

/** The same automation after an edit. */
export const quick = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  await sync.upsert('edited', event.commit.sha, { edited: true }, { version: event.receivedAt });
});
