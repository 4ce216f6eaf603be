import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRunning } from '../../src/cli/client/running.js';
import { packageRoot } from '../../src/paths.js';
import { freeAddress } from '../support/harness/free-address.js';
import { push, sendPush } from '../support/harness/send-push.js';
import { openSite, type Site } from '../support/harness/site.js';
import { workerProcessOf } from '../support/harness/worker-process.js';
import { temporalAddress, testClient, unique } from '../support/temporal.js';

let port: number;
let site: Site;
let child: ChildProcess;
let ended: Promise<unknown[]>;
let way: Server | undefined;
let output: string;

/** Everything on one machine, against a Temporal that is named and is not there. */
beforeEach(async () => {
  ({ port } = await freeAddress());
  site = await openSite({ temporal: `127.0.0.1:${port}` });
  launch({});
});

function launch(env: Record<string, string>): void {
  child = spawn(process.execPath, [join(packageRoot, 'bin/hookyard.mjs'), 'start'], {
    cwd: packageRoot,
    env: { PATH: process.env.PATH, ...site.env, HOOKYARD_PORT: '0', HOOKYARD_METRICS_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  ended = once(child, 'exit');
  output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk;
    });
}
afterEach(async () => {
  child.kill('SIGKILL');
  await ended;
  await new Promise((resolve) => (way ? way.close(resolve) : resolve(undefined)));
  way = undefined;
});

async function deliver(id: string): Promise<number> {
  await expect.poll(() => readRunning(site.data), { timeout: 120_000 }).toBeDefined();
  const { url = '' } = (await readRunning(site.data)) ?? {};
  const to = { secret: site.secret, source: site.source, branch: 'touch' };
  return (await sendPush(url, { ...to, id, body: push('touch') })).status;
}

/** Temporal comes: the test's own, at the address that was named. */
async function openWay(): Promise<void> {
  const real = Number(temporalAddress().split(':')[1]);
  way = createServer((near) => {
    const far = connect(real, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one
        .on('error', () => one.destroy())
        .on('close', () => other.destroy())
        .pipe(other);
  });
  await new Promise<void>((resolve) => way?.listen(port, '127.0.0.1', resolve));
}

test('hookyard start takes deliveries while Temporal is away, and runs them when it comes', async () => {
  expect(await deliver('early')).toBe(202);
  await expect.poll(() => output, { timeout: 120_000 }).toContain('the worker waits for it');
  await openWay();
  const client = await testClient();
  try {
    const run = client.workflow.getHandle(`touch/${site.source}/early`);
    const status = () =>
      run.describe().then(
        (found) => found.status.name,
        () => 'not there',
      );
    await expect.poll(status, { timeout: 120_000, interval: 250 }).toBe('COMPLETED');
    // From now on the worker of this process gets its runs with their start.
    await expect.poll(() => output, { timeout: 120_000 }).toContain('Hookyard is ready');
    expect(await deliver('later')).toBe(202);
    const later = client.workflow.getHandle(`touch/${site.source}/later`);
    const isEager = async () => {
      const { events } = await later.fetchHistory().catch(() => ({ events: [] }));
      return events?.[0]?.workflowExecutionStartedEventAttributes?.eagerExecutionAccepted;
    };
    await expect.poll(isEager, { timeout: 120_000, interval: 250 }).toBe(true);
  } finally {
    await client.close();
  }
  // By the worker's connection, which is closed after the dispatcher that uses it.
  expect(await deliver('late')).toBe(202);
  child.kill('SIGTERM');
  expect([await ended, output]).toEqual([[0, null], expect.not.stringContaining('did not stop cleanly')]);
}, 500_000);

test('hookyard start can be stopped while it waits for Temporal', async () => {
  expect(await deliver('early')).toBe(202);
  child.kill('SIGTERM');
  expect([await ended, output]).toEqual([[0, null], expect.not.stringContaining('unexpectedly')]);
}, 500_000);

test('hookyard start goes on taking deliveries while no worker can be made, and works once one can', async () => {
  child.kill('SIGKILL');
  await ended;
  const namespace = unique('late-namespace').toLowerCase();
  launch({ TEMPORAL_NAMESPACE: namespace });
  await openWay();
  await expect.poll(() => output, { timeout: 120_000 }).toContain('the worker process ended and is started again');
  expect(await deliver('early')).toBe(202);
  const client = await testClient();
  try {
    const retention = { seconds: 30 * 86_400 } as never;
    await client.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention });
    await expect.poll(() => output, { timeout: 120_000 }).toContain('Hookyard is ready');
  } finally {
    await client.close();
  }
}, 500_000);

test('hookyard start goes on though automations are broken while the worker process waits, and dies', async () => {
  expect(await deliver('early')).toBe(202);
  await expect.poll(() => output, { timeout: 120_000 }).toContain('the worker waits for it');
  await site.write('automations/broken.ts', 'export const broken = (;');
  process.kill(workerProcessOf(child.pid ?? 0) ?? 0, 'SIGKILL');
  await expect.poll(() => output.match(/is started again/g)?.length, { timeout: 120_000 }).toBeGreaterThan(1);
  expect(await deliver('later')).toBe(202);
}, 500_000);
