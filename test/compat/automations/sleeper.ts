import { sleep } from '@temporalio/workflow';
import { automation, push, sync } from 'hookyard/workflow';

/** Sleeps for a month between two notes. */
export const sleeper = automation({ on: push({ branches: ['asleep'] }) }, async (event) => {
  await sync.upsert('notes', `sleeper ${event.deliveryId}`, { asleep: true }, { version: 1 });
  await sleep('30 days');
  await sync.upsert('notes', `sleeper ${event.deliveryId}`, { asleep: false }, { version: 2 });
});
