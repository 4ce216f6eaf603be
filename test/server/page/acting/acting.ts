import { sleep } from '@temporalio/workflow';
import { approval, automation, push, runJob } from 'hookyard/workflow';

/** Goes on until somebody ends it. */
export const stays = automation({ on: push({ branches: ['stays'] }) }, async () => {
  await sleep('1 day');
});

/** Its second step passes only where it has failed before. */
export const breaks = automation({ on: push({ branches: ['breaks'] }) }, async (event) => {
  const again = 'test -e seen || { touch seen; echo "src/a.ts:1:2: error: not yet"; exit 1; }';
  await runJob(event, { name: 'build', steps: ['echo made', { name: 'once more', run: again }] });
});

export const asks = automation({ on: push({ branches: ['asks'] }) }, async () => {
  await approval({ name: 'production' });
});

/** One after the other, and none of them ends. */
export const queues = automation(
  { on: push({ branches: ['queues'] }), concurrency: { group: 'production', onBusy: 'queue' } },
  async () => {
    await sleep('1 day');
  },
);
