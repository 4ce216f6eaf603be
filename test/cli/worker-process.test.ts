import { getPriority } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReadinessAnswer } from '../../src/server/api/contract.js';
import type { HookyardProcess } from '../support/harness/process.js';
import { push, sendPush } from '../support/harness/send-push.js';
import { openSite, type Site } from '../support/harness/site.js';
import { workerProcessOf } from '../support/harness/worker-process.js';
import { testClient } from '../support/temporal.js';

let site: Site;
let client: Awaited<ReturnType<typeof testClient>>;
let hookyard: HookyardProcess;

beforeEach(async () => {
  site = await openSite();
  client = await testClient();
  hookyard = await site.start('start');
  await expect.poll(readiness, { timeout: 120_000 }).toMatchObject({ worker: 'runs' });
});
afterEach(async () => {
  await site.close();
  await client.close();
});

async function readiness(): Promise<ReadinessAnswer> {
  return (await (await fetch(`${hookyard.url}/readyz`)).json()) as ReadinessAnswer;
}

const workerProcess = () => workerProcessOf(hookyard.pid);

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const deliver = (id: string) =>
  sendPush(hookyard.url, { secret: site.secret, source: site.source, branch: 'touch', id, body: push('touch', id) });
/** Waits until a run has been started and has ended well. */
async function completed(run = ''): Promise<void> {
  const status = () =>
    client.workflow
      .getHandle(run)
      .describe()
      .then(
        (found) => found.status.name,
        () => 'not started',
      );
  await expect.poll(status, { timeout: 120_000 }).toBe('COMPLETED');
}

test.each(['SIGSEGV', 'SIGKILL'] as const)(
  'a worker that dies of %s is started again, and deliveries are answered and their runs started all the same',
  async (signal) => {
    const first = workerProcess();
    process.kill(first ?? 0, signal);
    await expect.poll(readiness).toMatchObject({ ready: true, worker: 'away' });
    const { status, body } = await deliver('a'.repeat(40));
    expect(status).toBe(202);
    // What somebody kills once is no reason to be careful.
    const careful = signal === 'SIGSEGV' ? true : undefined;
    const again = async () => (({ worker, workerCareful }) => ({ worker, workerCareful }))(await readiness());
    await expect.poll(again, { timeout: 120_000 }).toEqual({ worker: 'runs', workerCareful: careful });
    await completed(body.runs?.[0]);
    expect(workerProcess()).not.toBe(first);
    expect(hookyard.output().match(/the worker process ended and is started again/g)).toHaveLength(1);
    expect(await hookyard.kill('SIGTERM')).toBe(0);
  },
  400_000,
);

test('answers go before runs where both want a core', () => {
  expect(getPriority(workerProcess() ?? -1)).toBe(Math.min(19, getPriority(hookyard.pid) + 5));
});

test('a worker process outlives what reads its output, whatever automations print', async () => {
  const worker = workerProcess();
  await site.write(
    'automations/prints.ts',
    `import { automation, push } from 'hookyard/workflow';
export const prints = automation({ on: push() }, async () => console.log('still here'));
`,
  );
  await expect.poll(hookyard.output, { timeout: 120_000 }).toContain('automations reloaded');
  hookyard.stopReading();
  for (const id of ['c', 'd', 'e']) {
    const { body } = await deliver(id.repeat(40));
    expect(body.runs).toContain(`prints/${site.source}/${id.repeat(40)}`);
    for (const run of body.runs ?? []) await completed(run);
  }
  expect([workerProcess(), await readiness()]).toEqual([worker, expect.objectContaining({ worker: 'runs' })]);
}, 400_000);

test('automations that are edited while the worker process hangs and dies are loaded by both processes', async () => {
  const worker = workerProcess() ?? 0;
  process.kill(worker, 'SIGSTOP');
  await site.write(
    'automations/later.ts',
    `import { automation, push } from 'hookyard/workflow';
export const later = automation({ on: push({ branches: ['later'] }) }, async () => {});
`,
  );
  // Long enough for the edit to be seen, and to be asked for.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  process.kill(worker, 'SIGKILL');
  await expect.poll(hookyard.output, { timeout: 120_000 }).toContain('automations reloaded');
  const id = 'f'.repeat(40);
  const sent = { secret: site.secret, source: site.source, branch: 'later', id, body: push('later', id) };
  const { body } = await sendPush(hookyard.url, sent);
  expect(body.runs).toEqual([`later/${site.source}/${id}`]);
  await completed(body.runs?.[0]);
}, 400_000);

test('a stop ends the worker process before the receiver is gone, and leaves none behind', async () => {
  const worker = workerProcess() ?? 0;
  const { body } = await deliver('b'.repeat(40));
  await completed(body.runs?.[0]);
  expect(await hookyard.kill('SIGINT')).toBe(0);
  expect(isThere(worker)).toBe(false);
}, 400_000);

test('a worker process whose receiver was killed ends by itself', async () => {
  const worker = workerProcess() ?? 0;
  await hookyard.kill('SIGKILL');
  await expect.poll(() => isThere(worker), { timeout: 120_000 }).toBe(false);
}, 400_000);
