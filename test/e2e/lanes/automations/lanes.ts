import {
  condition,
  defineSignal,
  executeChild,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { automation, completed, protect, push, sync } from 'hookyard/workflow';

export const queued = automation(
  { on: push({ branches: ['queue-*'] }), concurrency: { group: 'branch' } },
  async (event) => {
    if (event.commit.message === 'slow') await untilTold();
  },
);

export const newest = automation(
  { on: push({ branches: ['newest-*'] }), concurrency: { group: 'branch', onBusy: 'keep-newest' } },
  untilTold,
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
    await protect('roll-out', async () => {
      await sleep('100 ms');
      await untilTold();
      await sleep('100 ms');
    });
    await sleep('1 minute');
  },
);

export const rejecting = automation(
  { on: push({ branches: ['reject-*'] }), concurrency: { group: 'branch', onBusy: 'reject' } },
  untilTold,
);

export const afterwards = automation({ on: completed('first'), concurrency: { group: 'branch' } }, () =>
  sleep('500 ms'),
);

/** Waits for its child, which belongs into the same lane, or leaves it behind. */
export const parent = automation(
  { on: push({ branches: ['parent-*'] }), concurrency: { group: 'branch', scope: 'repository' } },
  async (event) => {
    const child = { args: [event], workflowId: `${workflowInfo().workflowId}/child` } as const;
    if (event.commit.message === 'leaves') await startChild('child', { ...child, parentClosePolicy: 'ABANDON' });
    else await executeChild('child', child);
  },
);

export const child = automation(
  { on: push({ branches: ['none'] }), concurrency: { group: 'branch', scope: 'repository' } },
  () => sleep('1 second'),
);

/** Once it is told of another branch, has a child in that branch's lane. */
export const crossing = automation(
  { on: push({ branches: ['cross-*'] }), concurrency: { group: 'branch', scope: 'repository' } },
  async (event) => {
    let branch: string | undefined;
    setHandler(defineSignal<[string]>('cross'), (other) => {
      branch = other;
    });
    await condition(() => branch !== undefined);
    await executeChild('child', { args: [{ ...event, branch }], workflowId: `${workflowInfo().workflowId}/child` });
  },
);

/** Has a child in its own lane, and then one in another. */
export const visiting = automation(
  { on: push({ branches: ['visit-*'] }), concurrency: { group: 'branch', scope: 'repository' } },
  async (event) => {
    const id = `${workflowInfo().workflowId}/child`;
    await executeChild('child', { args: [event], workflowId: `${id}-here` });
    await executeChild('child', { args: [{ ...event, branch: `${event.branch}-too` }], workflowId: `${id}-elsewhere` });
  },
);

/** Longer than a busy machine takes from one push to the next. */
export const debounced = automation({ on: push({ branches: ['flurry-*'] }), debounce: '6 seconds' }, async (event) => {
  await sync.upsert('flurries', event.branch, (event.superseded ?? []).map(({ sha }) => sha).concat(event.commit.sha), {
    version: 1,
  });
});

export const first = automation({ on: push({ branches: ['chain-*'] }) }, async () => undefined);

/** Keeps its slot for as long as the test needs: one that is busy does in seconds what else takes a moment. */
async function untilTold(): Promise<void> {
  let isTold = false;
  setHandler(defineSignal('go-on'), () => {
    isTold = true;
  });
  await condition(() => isTold);
}
