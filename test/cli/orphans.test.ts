import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HookyardProcess } from '../support/harness/process.js';
import { push, sendPush } from '../support/harness/send-push.js';
import { openSite, type Site } from '../support/harness/site.js';

let site: Site;
let hookyard: HookyardProcess;

const HOLDS = `
import { proxyActivities } from '@temporalio/workflow';
import { automation, push } from 'hookyard/workflow';
import type * as steps from '../steps.js';

const { hold } = proxyActivities<typeof steps>({ startToCloseTimeout: '10 minutes' });

export const holds = automation({ on: push({ branches: ['holds'] }) }, async () => {
  await hold();
});
`;
/** Says which process it is in, and never lets go of it. */
const STEPS = `
import { writeFileSync } from 'node:fs';
export async function hold(): Promise<void> {
  writeFileSync(process.env.HELD_FILE ?? '', String(process.pid));
  for (;;) {}
}
`;

beforeEach(async () => {
  site = await openSite({ more: "activities: './steps.ts'" });
  site.env.HELD_FILE = join(site.folder, 'held');
  await site.write('steps.ts', STEPS);
  await site.write('automations/holds.ts', HOLDS);
  hookyard = await site.start('start');
});
afterEach(async () => {
  await site.close();
  const worker = await heldBy();
  if (worker > 0 && isThere(worker)) process.kill(worker, 'SIGKILL');
});

const heldBy = () => readFile(site.env.HELD_FILE ?? '', 'utf8').then(Number, () => 0);

/** Whether the process has not ended; one that is a zombie has. */
function isThere(pid: number): boolean {
  return execFileSync('ps', ['-eo', 'pid=,stat='], { encoding: 'utf8' })
    .split('\n')
    .some((line) => new RegExp(`^\\s*${pid}\\s+[^Z]`).test(line));
}

/** Waits until an activity holds the worker process, and returns its id. */
async function held(): Promise<number> {
  const id = 'e'.repeat(40);
  const delivery = { secret: site.secret, source: site.source, branch: 'holds', id, body: push('holds', id) };
  expect((await sendPush(hookyard.url, delivery)).status).toBe(202);
  await expect.poll(heldBy, { timeout: 120_000 }).toBeGreaterThan(0);
  return heldBy();
}

test.each(['SIGKILL', 'two SIGINTs'] as const)(
  'a worker process that an endless loop holds does not outlive its receiver after %s',
  async (how) => {
    const worker = await held();
    if (how === 'SIGKILL') await hookyard.kill('SIGKILL');
    else {
      process.kill(hookyard.pid, 'SIGINT');
      await expect.poll(hookyard.output).toContain('stopping in order');
      // Two within a second are taken for one.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(await hookyard.kill('SIGINT')).toBe(130);
    }
    expect(isThere(worker)).toBe(true);
    await expect.poll(() => isThere(worker), { timeout: 120_000, interval: 500 }).toBe(false);
  },
  300_000,
);
