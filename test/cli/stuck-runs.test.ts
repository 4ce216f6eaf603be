import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StuckRun } from '../../src/server/api/contract.js';
import type { HookyardProcess } from '../support/harness/process.js';
import { push, sendPush } from '../support/harness/send-push.js';
import { openSite, type Site } from '../support/harness/site.js';
import { testClient } from '../support/temporal.js';

let site: Site;
let client: Awaited<ReturnType<typeof testClient>>;
let hookyard: HookyardProcess;

/** What its run has done by the time that the code changes. */
const edited = (does: string) => `
import { sleep } from '@temporalio/workflow';
import { automation, push, sync } from 'hookyard/workflow';
export const edited = automation({ on: push({ branches: ['edited'] }) }, async () => {
  ${does};
});
`;
const DELETED = `
import { sleep } from '@temporalio/workflow';
import { automation, push } from 'hookyard/workflow';
export const deleted = automation({ on: push({ branches: ['deleted'] }) }, async () => {
  await sleep('1 hour');
});
`;
const OTHERS = `
import { proxyActivities } from '@temporalio/workflow';
import { automation, push } from 'hookyard/workflow';
import type * as steps from '../steps.js';

const { fail } = proxyActivities<typeof steps>({
  startToCloseTimeout: '3 seconds',
  retry: { initialInterval: '20 ms', backoffCoefficient: 1, maximumInterval: '1 minute' },
});

export const forgets = automation({ on: push({ branches: ['forgets'] }) }, async () => {
  void Promise.reject(new Error('nobody handles this'));
  await fail();
});
export const tries = automation({ on: push({ branches: ['tries'] }) }, async () => {
  await fail();
});
`;
const STEPS = `
export async function fail(): Promise<void> {
  throw new Error('the service says no');
}
`;

beforeEach(async () => {
  site = await openSite({ more: "activities: './steps.ts'" });
  await site.write('steps.ts', STEPS);
  await site.write('automations/edited.ts', edited("await sleep('1 hour')"));
  await site.write('automations/deleted.ts', DELETED);
  await site.write('automations/others.ts', OTHERS);
  client = await testClient();
  hookyard = await site.start('start');
});
afterEach(async () => {
  await site.close();
  await client.close();
});

/** What is said of each, by its branch: why, and what helps. */
const SAID: Readonly<Record<string, { because: string; helps: string }>> = {
  edited: { because: 'its code has changed', helps: 'bring the code back that it began with' },
  deleted: { because: 'no module exports deleted any more', helps: 'bring deleted back' },
  forgets: { because: 'nobody handles this', helps: 'await or catch it in forgets' },
  tries: { because: 'the activity fail has been tried', helps: 'correct what it fails of' },
};

test('runs that cannot go on are named with the reason and what helps: in the list, by explain, in the log, in the metrics', async () => {
  const ids = new Map<string, string>();
  for (const [number, branch] of Object.keys(SAID).entries()) {
    const id = String(number + 1).repeat(40);
    const sent = { secret: site.secret, source: site.source, branch, id, body: push(branch, id) };
    const { body } = await sendPush(hookyard.url, sent);
    expect(body.runs).toHaveLength(1);
    ids.set(branch, body.runs?.[0] ?? '');
  }
  const listed = async () => (await site.api<{ runs: StuckRun[] }>(hookyard.url, 'runs/stuck')).runs;
  // Edits are seen from then on; what is edited has been begun, and sleeps.
  await expect.poll(hookyard.output, { timeout: 120_000 }).toContain('Hookyard is ready');
  const runOf = (branch: string) => client.workflow.getHandle(ids.get(branch) ?? '');
  const eventsOf = async (branch: string) => (await runOf(branch).fetchHistory()).events ?? [];
  const sleeps = async (branch: string) =>
    (await eventsOf(branch)).some(({ timerStartedEventAttributes }) => timerStartedEventAttributes);
  for (const branch of ['edited', 'deleted']) await expect.poll(() => sleeps(branch), { timeout: 120_000 }).toBe(true);
  await site.write('automations/edited.ts', edited("await sync.upsert('notes', 'x', {}, { version: 1 })"));
  await rm(join(site.folder, 'automations/deleted.ts'));
  await expect.poll(hookyard.output, { timeout: 120_000 }).toContain('automations reloaded');
  // Nobody listens to the signal: it has a worker look at the run. That may be one with the code of before, until it
  // has stopped; and Temporal writes down of a first try alone what was said, for which a busy machine may be too slow.
  const isToldOf = async (branch: string) => {
    const events = await eventsOf(branch);
    if (events.some(({ workflowTaskFailedEventAttributes: failed }) => failed?.failure?.message)) return true;
    await runOf(branch).signal('look');
    return false;
  };
  for (const branch of ['edited', 'deleted', 'forgets'])
    await expect.poll(() => isToldOf(branch), { timeout: 120_000, interval: 2_000 }).toBe(true);

  let stuck: readonly StuckRun[] = [];
  const stuckAutomations = async () => {
    stuck = await listed();
    return stuck.map(({ automation }) => automation).sort();
  };
  await expect.poll(stuckAutomations, { timeout: 180_000, interval: 1_000 }).toEqual(Object.keys(SAID).sort());
  for (const { run, automation, because, helps } of stuck) {
    expect(run).toBe(ids.get(automation));
    expect(because).toContain(SAID[automation]?.because);
    expect(helps).toContain(SAID[automation]?.helps);
    expect(helps).toMatch(/temporal workflow terminate --address \S+:\d+ --namespace \S+ --workflow-id <run>/);
  }
  for (const [number, { because, helps }] of Object.values(SAID).entries()) {
    const { out } = await site.hookyard(['explain', String(number + 1).repeat(40), '--url', hookyard.url]);
    expect(out).toContain(because);
    expect(out).toContain(helps);
  }
  const printed = await site.hookyard(['runs', '--stuck', '--url', hookyard.url]);
  expect(printed.code).toBe(1);
  const doctor = await site.hookyard(['doctor', site.source, '--url', hookyard.url]);
  expect(doctor.out).toContain('4 runs do not go on without somebody');
  const told = () =>
    hookyard
      .output()
      .split('\n')
      .filter((line) => line.includes('a run does not go on by itself'))
      .map((line) => JSON.parse(line) as StuckRun);
  await expect
    .poll(
      () =>
        told()
          .map(({ automation }) => automation)
          .sort(),
      // All runs are looked at every two minutes: for one such look may come too late, or find Temporal too slow.
      { timeout: 280_000 },
    )
    .toEqual(Object.keys(SAID).sort());
  for (const { run, automation, because, helps } of told()) {
    expect(run).toBe(ids.get(automation));
    expect(printed.out).toContain(run);
    expect(because).toContain(SAID[automation]?.because);
    expect(helps).toContain(SAID[automation]?.helps);
  }
}, 900_000);
