import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StuckRun } from '../../src/server/api/contract.js';
import type { HookyardProcess } from '../support/harness/process.js';
import { push, sendPush } from '../support/harness/send-push.js';
import { openSite, type Site } from '../support/harness/site.js';
import { testClient } from '../support/temporal.js';

let site: Site;
let client: Awaited<ReturnType<typeof testClient>>;
let hookyard: HookyardProcess;

/** Each takes the process down that works on it, again and again. */
const CULPRITS = `
import { proxyActivities } from '@temporalio/workflow';
import { automation, push } from 'hookyard/workflow';
import type * as steps from '../steps.js';

const { quit } = proxyActivities<typeof steps>({ startToCloseTimeout: '3 seconds' });

export const loops = automation({ on: push({ branches: ['loops'] }) }, async () => {
  for (;;) {}
});
export const quits = automation({ on: push({ branches: ['quits'] }) }, async () => {
  await quit();
});
`;
const STEPS = `
export async function quit(): Promise<void> {
  process.exit(3);
}
`;

beforeEach(async () => {
  site = await openSite({ more: "activities: './steps.ts'" });
  await site.write('steps.ts', STEPS);
  await site.write('automations/culprits.ts', CULPRITS);
  client = await testClient();
});
afterEach(async () => {
  await site.close();
  await client.close();
});

const deliver = async (branch: string, id: string) => {
  const delivery = { secret: site.secret, source: site.source, branch, id, body: push(branch, id) };
  const { status, body } = await sendPush(hookyard.url, delivery);
  expect(status).toBe(202);
  return body.runs?.[0] ?? '';
};
const statusOf = (run: string) => () =>
  client.workflow
    .getHandle(run)
    .describe()
    .then(
      ({ status }) => status.name,
      () => 'not started',
    );

test.each([
  ['workflow code', 'loops', 'start'],
  ['quit', 'quits', 'start'],
  ['quit', 'quits', 'worker'],
] as const)(
  'a run whose %s takes its worker down (%s) is set aside when it was twice the only work of one, and all others go on, under hookyard %s',
  async (at, branch, command) => {
    hookyard = await site.start(command === 'start' ? 'start' : 'server');
    const working = command === 'start' ? hookyard : await site.start('worker');
    const culprit = await deliver(branch, 'c'.repeat(40));
    await expect.poll(statusOf(culprit), { timeout: 210_000, interval: 500 }).toBe('TERMINATED');
    const other = await deliver('touch', 'd'.repeat(40));
    await expect.poll(statusOf(other), { timeout: 120_000 }).toBe('COMPLETED');
    const listed = await site.hookyard(['runs', '--stuck', '--json', '--url', hookyard.url]);
    expect(listed.code, listed.err).toBe(1);
    const [stuck, ...more] = listed.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as StuckRun);
    expect(more).toEqual([]);
    expect(stuck).toMatchObject({ run: culprit, automation: branch });
    expect(stuck?.because).toContain(at);
    expect((await site.hookyard(['explain', 'c'.repeat(40), '--url', hookyard.url])).out).toContain(
      'set aside by Hookyard',
    );
    expect(working.output()).toContain('a run was set aside (terminated)');
    expect(await working.kill('SIGTERM')).toBe(0);
  },
  450_000,
);
