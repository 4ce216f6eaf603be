import { expect, test } from 'vitest';
import {
  client,
  fork,
  installation,
  own,
  PATIENTLY,
  pull,
  pushNewerCommit,
  resultOf,
  runOf,
  say,
  statuses,
  useGated,
  visible,
} from '../gated.js';

useGated('test/workflows/run/refused-lanes');

const approve = async (run: string) => {
  await visible(run);
  await say('/approve build');
};

/** Returns the state of a run in its lane. */
const placeOf = async (run: string) => {
  const entries = (await installation.store.lanes.list({ limit: 30 })).flatMap((lane) => lane.entries);
  return entries.find(({ workflowId }) => workflowId === run)?.state;
};

test.each<[string, object, (run: string) => Promise<void>]>([
  ['of our own', own, async () => undefined],
  ['of a fork, which somebody has approved', fork, approve],
])('what a lane refuses once its run has begun is told under its checks: a pull request %s', async (_, repo, letIn) => {
  const first = runOf(await pull(), 'build');
  await expect.poll(() => placeOf(first), PATIENTLY).toBe('runs');
  pushNewerCommit();
  const second = runOf(await pull({ action: 'synchronize' }, repo), 'build');
  await letIn(second);
  const because = `${first} runs in the lane`;
  expect(await resultOf(second)).toMatchObject({ outcome: 'skipped', filtered: false, because });
  const [last] = statuses().filter(({ context }) => context === 'hookyard/build');
  expect(last).toMatchObject({ state: 'error', description: because });
  await client.workflow.getHandle(first).terminate();
});
