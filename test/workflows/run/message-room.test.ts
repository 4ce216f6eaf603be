import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HostStep, JobStep } from '../../../src/activities/contract/index.js';
import { installRuntime } from '../../../src/worker/runtime.js';
import { goOnFrom, keepFromFailed } from '../../../src/workflows/run/from-failed.js';
import { refuseLarge } from '../../../src/workflows/run/job-size.js';
import { bytesOf } from '../../../src/workflows/run/message-room.js';
import { toldSteps } from '../../../src/workflows/run/told-steps.js';
import { temporalAddress, testClient, unique } from '../../support/temporal.js';
import type { asksAtOnce, cancelsOne } from './rooms/workflows.js';

const taskQueue = unique('rooms');
let client: Awaited<ReturnType<typeof testClient>>;
let connection: NativeConnection;
let worker: Worker;
let working: Promise<void>;
let workflowBundle: { code: string };

beforeAll(async () => {
  installRuntime(pino({ enabled: false }));
  client = await testClient();
  connection = await NativeConnection.connect({ address: temporalAddress() });
  const workflowsPath = fileURLToPath(new URL('./rooms/workflows.ts', import.meta.url));
  workflowBundle = await bundleWorkflowCode({ workflowsPath });
  const activities = { take: async (text: string) => text.length };
  worker = await Worker.create({ connection, taskQueue, workflowBundle, activities });
  working = worker.run();
});
afterAll(async () => {
  worker?.shutdown();
  await working;
  await connection?.close();
  await client?.close();
});

const of = (name: string) => ({
  workflowId: unique(name),
  taskQueue,
  workflowExecutionTimeout: '100 seconds' as const,
});

/** Returns the history of a run, of which a message of the usual size would not hold all. */
async function eventsOf(workflowId: string) {
  const events = [];
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      ...{ namespace: 'default', execution: { workflowId }, maximumPageSize: 10 },
      ...(nextPageToken && { nextPageToken }),
    });
    events.push(...(page.history?.events ?? []));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken?.length);
  return events;
}

test('what a run asks for at once goes to Temporal in as many messages as it takes, and in as many when it is replayed', async () => {
  const run = await client.workflow.start<typeof asksAtOnce>('asksAtOnce', {
    ...of('asksAtOnce'),
    args: [96, 64 * 1024],
  });
  expect(await run.result()).toBe(96 * 64 * 1024);
  const events = await eventsOf(run.workflowId);
  expect(events.filter((event) => event.timerStartedEventAttributes).length).toBeGreaterThan(1);
  await Worker.runReplayHistory({ workflowBundle }, { events });
}, 120_000);

test('what fits into one message goes at once, without a wait', async () => {
  const run = await client.workflow.start<typeof asksAtOnce>('asksAtOnce', {
    ...of('asksAtOnce'),
    args: [8, 64 * 1024],
  });
  expect(await run.result()).toBe(8 * 64 * 1024);
  const events = await eventsOf(run.workflowId);
  expect(events.filter((event) => event.timerStartedEventAttributes)).toEqual([]);
}, 120_000);

test('what is cancelled while it waits for room is not asked for, and the others are', async () => {
  const run = client.workflow.execute<typeof cancelsOne>('cancelsOne', of('cancelsOne'));
  expect(await run).toEqual(['taken', 'taken', 'cancelled', 'taken', 'taken']);
}, 120_000);

const steps = (run: string): readonly JobStep[] => Array.from({ length: 100 }, (_, i) => ({ name: `step ${i}`, run }));

test('where a job goes on is told in so few bytes, whatever its steps are, that 256 jobs fit into a message', () => {
  keepFromFailed({ fromFailed: 'ci/github/1', fromFailedBefore: ['ci/github/0'] });
  const told = goOnFrom(steps('x'.repeat(100_000)), { rerunPassed: false });
  expect(told).toMatchObject({ run: 'ci/github/1', before: ['ci/github/0'] });
  expect(bytesOf(told) * 256).toBeLessThan(2 * 1024 * 1024);
  // What is the same is known by the same, and a job that is to run again each time is known by nothing.
  expect(goOnFrom(steps('x'.repeat(100_000)), { rerunPassed: false })).toEqual(told);
  expect(goOnFrom(steps('y'), { rerunPassed: false })?.writtenHash).not.toBe(told?.writtenHash);
  expect(goOnFrom(steps('y'), { rerunPassed: true })).not.toHaveProperty('writtenHash');
});

test('of steps that are too long to be told together the shortest are told, and of the others the name', () => {
  const short = Array.from({ length: 50 }, (_, i): HostStep => ({ name: `short ${i}`, run: 'true' }));
  const long = Array.from({ length: 50 }, (_, i): HostStep => ({ name: `long ${i}`, run: 'x'.repeat(110_000) }));
  const all = [...long.slice(0, 25), ...short, ...long.slice(25)];
  const told = toldSteps(all);
  expect(bytesOf(told)).toBeLessThan(300 * 1024);
  expect(told.filter(({ run }) => run === 'true')).toEqual(short);
  expect(told.filter(({ run }) => run.length > 100)).toHaveLength(2);
  expect(told.map(({ name }) => name)).toEqual(all.map(({ name }) => name));
  expect(toldSteps(short)).toEqual(short);
});

test('variables of exactly a megabyte go to a worker', () => {
  const env = { A: 'x'.repeat(1024 * 1024 - '{"A":""}'.length) };
  expect(() => refuseLarge(env, [])).not.toThrow();
  expect(() => refuseLarge({ ...env, B: '' }, [])).toThrow();
});
