import { expect, test } from 'vitest';
import { listed } from '../../../src/server/api/list-runs.js';
import { runWithItsRuns } from '../../../src/server/api/run-state.js';
import { client, hub, installation, PATIENTLY, pull, resultOf, runOf, say, started, useGated } from '../gated.js';

useGated();

const show = (run: string) => runWithItsRuns({ client, uiUrl: undefined, store: installation.store }, run);

test('a run tells which runs followed it, and those which followed them', async () => {
  const run = runOf(await pull({ title: 'Begins a chain' }), 'beginsChain');
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  await expect
    .poll(
      async () => (await show(run))?.ledTo?.map(({ automation, status, outcome }) => [automation, status, outcome]),
      {
        timeout: 30_000,
      },
    )
    .toEqual([
      ['goesOn', 'completed', 'passed'],
      ['endsChain', 'completed', 'passed'],
    ]);
  const [second, third] = (await show(run))?.ledTo ?? [];
  expect([second?.by, third?.by]).toEqual([run, second?.run]);
  for (const [one, by] of [
    [run, undefined],
    [second?.run, run],
    [third?.run, second?.run],
  ])
    expect(listed({ client, uiUrl: undefined }, await client.workflow.getHandle(one ?? '').describe()).startedBy).toBe(
      by,
    );
});

test('an activity that fails is named with its attempts and its last error, until it has succeeded', async () => {
  hub.away = true;
  const run = runOf(await say('/deploy'), 'deploy');
  await started(run);
  await expect
    .poll(async () => (await show(run))?.retried, PATIENTLY)
    .toMatchObject([
      { activity: 'checkPermission', attempts: expect.any(Number), error: expect.stringContaining('503') },
    ]);
  hub.away = false;
  await expect.poll(async () => (await show(run))?.retried, { timeout: 40_000 }).toBeUndefined();
});
