import { sleep } from '@temporalio/workflow';
import { automation, completed, protect, push, report, review, runJob, sync } from 'hookyard/workflow';

export const queued = automation(
  { on: push({ branches: ['queue-*'] }), concurrency: { group: 'branch' } },
  async (event) => {
    if (event.commit.message === 'slow') await sleep('2 seconds');
  },
);

export const newest = automation(
  { on: push({ branches: ['newest-*'] }), concurrency: { group: 'branch', onBusy: 'keep-newest' } },
  () => sleep('2 seconds'),
);

export const cancelling = automation(
  { on: push({ branches: ['cancel-*'] }), concurrency: { group: 'branch', onBusy: 'cancel-running' } },
  async (event) => {
    if (event.commit.message === 'slow') await sleep('1 minute');
  },
);

export const protecting = automation(
  { on: push({ branches: ['protect-*'] }), concurrency: { group: 'branch', onBusy: 'cancel-running' } },
  async (event) => {
    if (event.commit.message !== 'slow') return;
    await protect('roll-out', () => sleep('2 seconds'));
    await sleep('1 minute');
  },
);

export const rejecting = automation(
  { on: push({ branches: ['reject-*'] }), concurrency: { group: 'branch', onBusy: 'reject' } },
  () => sleep('3 seconds'),
);

export const afterwards = automation({ on: completed('first'), concurrency: { group: 'branch' } }, () =>
  sleep('500 ms'),
);

export const first = automation({ on: push({ branches: ['chain-*'] }) }, async () => undefined);

/** Has to find out which files were changed before it may take a slot. */
export const asking = automation(
  { on: push({ branches: ['asks-*'], paths: ['src/**'] }), concurrency: { group: 'branch' } },
  async () => undefined,
);

export const second = automation({ on: push({ branches: ['kept-*'] }) }, async () => undefined);

export const keptNewest = automation(
  { on: completed('second'), concurrency: { group: 'branch', onBusy: 'keep-newest' } },
  async () => undefined,
);

export const dozing = automation({ on: push({ branches: ['asleep-*'] }) }, async () => {
  await sleep('30 days');
});

export const ruddy = automation({ on: push() }, async (event) => {
  await runJob(event, { name: 'unit', steps: ['echo before', 'exit 3'] });
  await runJob(event, { name: 'style', steps: ['exit 4'] });
});

export const afterRuddy = automation({ on: completed('ruddy', { outcomes: ['failed'] }) }, async (event) => {
  await sync.upsert('after', event.run, { outcome: event.outcome }, { version: 1 });
});

export const slips = automation({ on: push() }, async () => {
  (undefined as unknown as { name: string }).name.trim();
});

const note = (what: string, version: number | string, data: unknown) => sync.upsert('notes', what, data, { version });

export const afterReview = automation({ on: review({ actions: ['approved', 'commented'] }) }, async (event) => {
  await note(`review ${event.deliveryId}`, 1, { by: event.reviewer });
});

export const forgets = automation({ on: push({ branches: ['forgets/*'] }) }, async (event) => {
  await report.status(event, { state: 'pending', description: 'has begun', context: 'begun' });
  if (event.branch === 'forgets/fails') throw new Error('the author did not think of this');
  if (event.branch === 'forgets/waits') await sleep('1 hour');
});
