import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HeldJob, JobActivities, JobReady } from '../../../src/activities/contract/index.js';
import { JOB_READY_SIGNAL } from '../../../src/runs/names.js';
import { installRuntime } from '../../../src/worker/runtime.js';
import { temporalAddress, testClient, unique } from '../../support/temporal.js';
import type { holding } from './holding/workflows.js';

type HostActivities = Pick<JobActivities, 'holdJob' | 'runStep' | 'closeJob'>;

/** What the host of one attempt does, in its order. */
interface Attempt {
  /** What it tells the run; undefined: nothing. */
  readonly tells?: Partial<JobReady>;
  /** Waits for this before it ends. */
  readonly until?: 'step' | 'closed';
  readonly ends: HeldJob | Error;
}

const workflowsPath = fileURLToPath(new URL('./holding/workflows.ts', import.meta.url));
const taskQueue = unique('holding');
const lost = () => ApplicationFailure.nonRetryable('this worker does not hold the job', 'JobLost');
const facts = (attempt: number, more = {}): HeldJob => ({
  durationMs: 7,
  tail: `of ${attempt}`,
  attempt,
  url: 'u',
  ...more,
});

let client: Awaited<ReturnType<typeof testClient>>;
let connection: NativeConnection;
let worker: Worker;
let working: Promise<void>;
/** By run, what its hosts do. */
const runs = new Map<string, HostActivities>();

beforeAll(async () => {
  installRuntime(pino({ enabled: false }));
  client = await testClient();
  connection = await NativeConnection.connect({ address: temporalAddress() });
  const of = () => {
    const found = runs.get(Context.current().info.workflowExecution?.workflowId ?? '');
    if (!found) throw lost();
    return found;
  };
  const activities: HostActivities = {
    holdJob: (input) => of().holdJob(input),
    runStep: (input) => of().runStep(input),
    closeJob: (input) => of().closeJob(input),
  };
  worker = await Worker.create({ connection, taskQueue, workflowsPath, activities: { ...activities } });
  working = worker.run();
});
afterAll(async () => {
  worker?.shutdown();
  await working;
  await connection?.close();
  await client?.close();
});

/** Runs a job whose hosts do as they are told. `isThere`: says of which workspaces a step can be run and a job be closed. */
async function hold(attempts: readonly Attempt[], isThere: { step: readonly string[]; close: readonly string[] }) {
  const workflowId = unique('holding');
  const run = client.workflow.getHandle<typeof holding>(workflowId);
  const done: string[] = [];
  let did: () => void = () => undefined;
  const note = (what: string) => {
    done.push(what);
    did();
  };
  const noted = async (what: string) => {
    while (!done.some((one) => one.startsWith(what))) await new Promise<void>((resolve) => (did = resolve));
  };
  runs.set(workflowId, {
    async holdJob({ id }) {
      const { attempt } = Context.current().info;
      const { tells, until, ends } = attempts[attempt - 1] ?? { ends: ApplicationFailure.nonRetryable('no more') };
      const workspace = tells?.workspace ?? `w${attempt}`;
      if (tells) await run.signal(JOB_READY_SIGNAL, { job: id, attempt, taskQueue, url: 'u', ...tells, workspace });
      if (until) await noted(`${until} ${workspace}`);
      if (ends instanceof Error) throw ends;
      return ends;
    },
    async runStep({ workspace }) {
      note(`step ${workspace}`);
      if (!isThere.step.includes(workspace)) throw lost();
      return { name: 'it', outcome: 'passed', durationMs: 1 };
    },
    async closeJob({ workspace, whole }) {
      note(`closed ${workspace}${whole ? ', which has all' : ''}`);
      if (!isThere.close.includes(workspace)) throw lost();
      return facts(Number(workspace.slice(1)));
    },
  });
  await client.workflow.start<typeof holding>('holding', {
    workflowId,
    taskQueue,
    args: [],
    workflowExecutionTimeout: '50 seconds',
  });
  return { result: await run.result(), done };
}

test('a job whose next host has no time left for it, after the first was lost, ends as one that took too long', async () => {
  const { result } = await hold(
    [{ tells: {}, until: 'step', ends: new Error('the worker was lost') }, { ends: facts(2, { timedOut: true }) }],
    { step: [], close: [] },
  );
  expect(result).toEqual({ held: facts(2, { timedOut: true }) });
});

test('steps that have passed are not run again where their host is lost before it has let go of the job', async () => {
  const { result, done } = await hold(
    [
      { tells: {}, until: 'closed', ends: new Error('the worker was lost') },
      { tells: {}, until: 'closed', ends: facts(2) },
    ],
    { step: ['w1', 'w2'], close: ['w1', 'w2'] },
  );
  expect(result).toEqual({ held: facts(1), did: 'passed' });
  expect(done).toEqual(['step w1', 'closed w1, which has all', 'closed w2']);
});

test('a host that goes on in a snapshot with all that the steps have left is told so, and what it has kept is known', async () => {
  const caches = [{ key: 'npm', hit: 'none' } as const];
  const artifacts = [{ name: 'site', kept: { bytes: 5, files: 1 } }];
  const { result, done } = await hold(
    [
      { tells: {}, until: 'closed', ends: new Error('the worker was lost') },
      { tells: { after: 1 }, until: 'closed', ends: facts(2, { artifacts, caches }) },
    ],
    { step: ['w1'], close: ['w1', 'w2'] },
  );
  expect(result).toEqual({ held: facts(1, { artifacts, caches }), did: 'passed' });
  expect(done).toEqual(['step w1', 'closed w1, which has all', 'closed w2, which has all']);
});

test('what became of artifacts is told by the host that takes the place of the one that was lost while it kept them', async () => {
  const artifacts = [{ name: 'site', because: 'its worker was lost before it was kept' }];
  const { result } = await hold(
    [
      { tells: {}, until: 'closed', ends: new Error('the worker was lost') },
      { tells: {}, until: 'closed', ends: facts(2, { artifacts }) },
    ],
    { step: ['w1', 'w2'], close: ['w1', 'w2'] },
  );
  expect(result).toEqual({ held: facts(1, { artifacts }), did: 'passed' });
});

test('what the steps came to stands where no host is left that knows of the job', async () => {
  const { result, done } = await hold(
    // Not before the run knows how its step ended: without a host, it would begin none anew.
    [{ tells: {}, until: 'closed', ends: ApplicationFailure.nonRetryable('was held for too long') }],
    { step: ['w1'], close: [] },
  );
  expect(result).toMatchObject({ held: { attempt: 1, tail: '', url: 'u' }, did: 'passed' });
  expect(done.filter((what) => what.startsWith('step'))).toEqual(['step w1']);
});

test('where its host can not be found, a job goes on with one of an earlier attempt: as a run that was reset has it', async () => {
  const { result, done } = await hold(
    [
      { tells: { attempt: 3, workspace: 'w9' }, until: 'step', ends: new Error('the run was reset') },
      { tells: {}, until: 'closed', ends: facts(2) },
    ],
    { step: ['w2'], close: ['w2'] },
  );
  expect(result).toEqual({ held: facts(2), did: 'passed' });
  expect(done.filter((what) => what.startsWith('step'))).toEqual(['step w9', 'step w2']);
});

test('attempts that went to workers of an older version, which can not hold a job, are not counted', async () => {
  const jobsQueue = unique('older');
  const on = async (activities: Partial<HostActivities>) => {
    const created = await Worker.create({ connection, taskQueue: jobsQueue, activities: { ...activities } });
    const running = created.run();
    return async () => {
      created.shutdown();
      await running;
    };
  };
  const workflowId = unique('upgraded');
  const run = client.workflow.getHandle<typeof holding>(workflowId);
  const failures = async () =>
    ((await run.fetchHistory()).events ?? []).filter((event) => event.activityTaskFailedEventAttributes).length;
  const step: HostActivities['runStep'] = async () => ({ name: 'it', outcome: 'passed', durationMs: 1 });
  const stopOlder = await on({ runStep: step });
  await client.workflow.start<typeof holding>('holding', {
    ...{ workflowId, taskQueue, args: [jobsQueue] },
    workflowExecutionTimeout: '110 seconds',
  });
  await expect.poll(failures, { timeout: 20_000 }).toBeGreaterThan(0);
  await stopOlder();
  let close: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (close = resolve));
  let before: number | undefined;
  const stopNewer = await on({
    async holdJob({ id, attemptsBefore }) {
      before = attemptsBefore;
      await run.signal(JOB_READY_SIGNAL, { job: id, attempt: 1, taskQueue: jobsQueue, url: 'u', workspace: 'w1' });
      await closed;
      return facts(1);
    },
    runStep: step,
    async closeJob() {
      close();
      return facts(1);
    },
  });
  expect(await run.result()).toEqual({ held: facts(1), did: 'passed' });
  // Later than those, so what they have left behind is looked for, and they are not taken for the host. One that stops
  // slowly has failed more holds than one.
  expect(before).toBe(10 * (await failures()));
  await stopNewer();
  // An attempt that it was handed while it stopped is begun again after a minute.
}, 150_000);
