import { automation, localActivities, push, sync } from 'hookyard/workflow';
import type * as own from '../own-steps.js';

const { stumble } = localActivities<typeof own>();
const { giveUp } = localActivities<typeof own>({ retry: { maximumAttempts: 2, initialInterval: 10 } });

/** A step of its own that fails at first, and a record: nothing that the server has to hand out. */
export const quick = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  const attempts = await stumble(event.commit.sha);
  await sync.upsert('attempts', event.commit.sha, { attempts }, { version: event.receivedAt });
});

/** A step that never succeeds. */
export const hopeless = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  await giveUp(event.commit.sha);
});
