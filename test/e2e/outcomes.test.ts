import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ListedRun, RerunAnswer, ShownDelivery } from '../../src/server/api/contract.js';
import { push, sendLoad, sendPush } from '../support/harness/send-push.js';
import { openSite, type Site } from '../support/harness/site.js';
import { testClient } from '../support/temporal.js';

const AUTOMATIONS = `
import { condition } from '@temporalio/workflow';
import { automation, push, runJob } from 'hookyard/workflow';
export const fine = automation({ on: push({ branches: ['fine'] }) }, async () => undefined);
export const checks = automation({ on: push({ branches: ['red'] }) }, async (event) => {
  await runJob(event, { name: 'checks', steps: ['echo all is well so far', 'echo "3 tests failed"; exit 1'] });
});
export const stays = automation({ on: push({ branches: ['stays'] }) }, async () => {
  await condition(() => false);
});
`;
const COUNT = 200;

let site: Site;
let client: Awaited<ReturnType<typeof testClient>>;
beforeEach(async () => {
  site = await openSite();
  await site.write('automations/outcomes.ts', AUTOMATIONS);
  client = await testClient();
});
afterEach(async () => {
  await site.close();
  await client.close();
});

test('one red build is found among 200 runs, here and in Temporal, cancelled and run again from the command line', async () => {
  const sha = await site.makeRepository();
  const { url } = await site.start('start');
  const { secret, source } = site;
  const send = async (branch: string, body = push(branch)) => {
    const { body: answer } = await sendPush(url, { secret, source, branch, body });
    return { run: answer.runs?.[0] ?? '', delivery: answer.delivery ?? '' };
  };
  const listed = async (...args: string[]) => {
    const { out } = await site.hookyard(['runs', '--limit', '500', '--json', ...args]);
    return out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as ListedRun]));
  };
  await sendLoad({ url: () => url, secret, source, branch: 'fine', count: COUNT / 2, connections: 8 });
  const red = await send('red', push('red', sha));
  await sendLoad({ url: () => url, secret, source, branch: 'fine', count: COUNT / 2 - 1, connections: 8 });
  const stays = await send('stays');

  const patiently = { timeout: 120_000, interval: 1_000 };
  await expect.poll(async () => (await listed('--outcome', 'passed')).length, patiently).toBe(COUNT - 1);
  await expect
    .poll(() => listed('--outcome', 'failed'), patiently)
    .toMatchObject([
      {
        run: red.run,
        automation: 'checks',
        status: 'failed',
        outcome: 'failed',
        branch: 'red',
        delivery: red.delivery,
      },
    ]);
  const query = `TaskQueue = '${site.env.HOOKYARD_TASK_QUEUE}' AND ExecutionStatus = 'Failed'`;
  expect((await client.workflow.count(query)).count).toBe(1);
  const explained = await site.hookyard(['explain', red.delivery]);
  expect(explained.out).toMatch(/started; failed$/m);
  expect(explained.out).toContain('    3 tests failed');

  await expect.poll(() => listed('--branch', 'stays'), patiently).toMatchObject([{ status: 'running' }]);
  const cancelled = await site.hookyard(['cancel', '--automation', 'stays', '--yes', '--json']);
  expect(JSON.parse(cancelled.out)).toEqual({ cancelled: [stays.run] });
  await expect
    .poll(() => listed('--outcome', 'cancelled'), patiently)
    .toMatchObject([{ run: stays.run, status: 'cancelled' }]);
  const { dispatches } = await site.api<ShownDelivery>(url, `deliveries/${stays.delivery}`);
  expect(dispatches[0]?.run).toMatchObject({
    status: 'cancelled',
    error: expect.stringMatching(/^cancelled by .+ through hookyard cancel$/),
  });
  const again = await site.hookyard(['cancel', stays.delivery]);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('has ended already: cancelled')]);

  const rerun = JSON.parse((await site.hookyard(['rerun', 'latest', 'checks', '--json'])).out) as RerunAnswer;
  expect(rerun).toEqual({ run: `${red.run}/replay-1`, rerunOf: red.run, delivery: red.delivery });
  await expect.poll(async () => (await listed('--outcome', 'failed')).length, patiently).toBe(2);
}, 300_000);
