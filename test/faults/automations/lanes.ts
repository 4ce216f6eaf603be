import { condition, defineSignal, proxyActivities, setHandler, startChild, workflowInfo } from '@temporalio/workflow';
import { automation, push } from 'hookyard/workflow';
import type * as activities from '../activities.js';

const { note, hold } = proxyActivities<typeof activities>({ startToCloseTimeout: '5 seconds' });
const byBranch = { group: 'branch' } as const;

/** One run of a branch at a time. */
export const queued = automation({ on: push({ branches: ['queued-*'] }), concurrency: byBranch }, async () => {
  await note('only');
});

/** Two runs of a branch at a time. */
export const paired = automation(
  { on: push({ branches: ['paired-*'] }), concurrency: { ...byBranch, limit: 2 } },
  async () => {
    await note('only');
  },
);

/** One at a time, and of those that come meanwhile the newest. */
export const newest = automation(
  { on: push({ branches: ['newest-*'] }), concurrency: { ...byBranch, onBusy: 'keep-newest' } },
  async () => {
    await note('only');
  },
);

/** One at a time, each of which takes long enough for something to happen to it. */
export const paced = automation({ on: push({ branches: ['paced-*'] }), concurrency: byBranch }, async () => {
  await note('only');
  await hold(200);
});

/** Keeps its slot until it is told to go on. */
export const held = automation({ on: push({ branches: ['held-*'] }), concurrency: byBranch }, untilTold);

/** As `held`, with the newest alone behind it. */
export const heldNewest = automation(
  { on: push({ branches: ['first-*'] }), concurrency: { ...byBranch, onBusy: 'keep-newest' } },
  untilTold,
);

async function untilTold(): Promise<void> {
  let isTold = false;
  setHandler(defineSignal('go-on'), () => {
    isTold = true;
  });
  await condition(() => isTold, '10 minutes');
}

/** Starts a run that Temporal ends after a while, when none of its code runs. */
export const startsHeld = automation({ on: push({ branches: ['starts-*'] }) }, async (event) => {
  await startChild('held', {
    args: [{ ...event, branch: event.branch.replace('starts-', 'held-') }],
    workflowId: `${workflowInfo().workflowId}/held`,
    workflowExecutionTimeout: '6 seconds',
    parentClosePolicy: 'ABANDON',
  });
});
