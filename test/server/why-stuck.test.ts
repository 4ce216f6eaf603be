import { type Client, isGrpcServiceError } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterEach, expect, test } from 'vitest';
import { AWAY_MEMO, WAITS_MEMO } from '../../src/runs/names.js';
import { reportedProblem } from '../../src/runs/reported-problem.js';
import { runState } from '../../src/server/api/run-state.js';
import { whyStuck } from '../../src/server/api/stuck/why-stuck.js';
import { closers } from '../support/harness/closers.js';
import { testClient, unique } from '../support/temporal.js';

const { add, defer, close } = closers();
afterEach(close);

/** `WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE` and `COMMAND_TYPE_START_TIMER` of Temporal's API. */
const UNHANDLED = 14;
const START_TIMER = 3;
const POLL_MS = 30_000;
/** gRPC's status code. */
const NOT_FOUND = 5;

/** Takes a workflow task as a worker does. */
function take(client: Client, taskQueue: string) {
  const { namespace } = client.options;
  const poll = () => client.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } });
  return client.withDeadline(Date.now() + POLL_MS, poll);
}

/** Has a run hold its thread once, and then wait for a second: a worker has a second to say each of the two. */
async function holdOnce(client: Client, taskQueue: string): Promise<void> {
  const { namespace } = client.options;
  const held = await take(client, taskQueue);
  await client.workflowService.respondWorkflowTaskFailed({
    namespace,
    taskToken: held.taskToken,
    cause: UNHANDLED,
    failure: { message: 'Script execution timed out after 5000ms', source: 'TypeScriptSDK' },
  });
  const again = await take(client, taskQueue);
  await client.workflowService.respondWorkflowTaskCompleted({
    namespace,
    taskToken: again.taskToken,
    commands: [
      {
        commandType: START_TIMER,
        startTimerCommandAttributes: { timerId: '1', startToFireTimeout: msToTs('1 second') },
      },
    ],
  });
}

/** Begins a run that has held its thread once: another one where that was said too late, as on a busy machine. */
async function startHolding(client: Client) {
  for (;;) {
    const taskQueue = unique('why-stuck');
    const run = await client.workflow.start('slow', {
      workflowId: unique('slow'),
      taskQueue,
      workflowTaskTimeout: '1 second',
    });
    try {
      await holdOnce(client, taskQueue);
      return { run, taskQueue };
    } catch (error) {
      if (!isGrpcServiceError(error) || error.code !== NOT_FOUND) throw error;
      await run.terminate();
    }
  }
}

test('a run that held its thread once, and whose workers end later, does not count as one that holds it', async () => {
  const client = add(await testClient());
  const { run, taskQueue } = await startHolding(client);
  // From here on no worker answers.
  let stopped = false;
  defer(() => {
    stopped = true;
  });
  void (async () => {
    while (!stopped) await take(client, taskQueue).catch(() => undefined);
  })();
  const problem = async () => reportedProblem(await run.describe());
  await expect.poll(problem, { timeout: 120_000, interval: 500 }).toBeDefined();
  expect(await whyStuck(client, await run.describe())).toMatchObject({
    kind: 'code',
    because: 'workers end or hang before they have answered for it',
  });
}, 150_000);

test('a run that waited when its code began to fail is shown as one that does not go on, and not as waiting', async () => {
  const client = add(await testClient());
  const { namespace } = client.options;
  const taskQueue = unique('stuck-waiting');
  const waits = { sha: 'a'.repeat(40), since: 's', received: 'r', repositoryId: '1' };
  const memos = [{ [WAITS_MEMO]: waits }, { [AWAY_MEMO]: 'the Git provider is away' }];
  const runs = await Promise.all(
    memos.map((memo) => client.workflow.start('forgets', { workflowId: unique('forgets'), taskQueue, memo })),
  );
  let stopped = false;
  defer(() => {
    stopped = true;
  });
  const fail = async () => {
    const { taskToken } = await take(client, taskQueue);
    if (!taskToken.length) return;
    const failure = { message: 'Unhandled Promise rejection: Error: boom', source: 'TypeScriptSDK' };
    await client.workflowService.respondWorkflowTaskFailed({ namespace, taskToken, cause: UNHANDLED, failure });
  };
  void (async () => {
    while (!stopped) await fail().catch(() => undefined);
  })();
  const deps = { client, uiUrl: undefined, store: { waits: { list: async () => [] } } };
  for (const { workflowId } of runs) {
    const state = () => runState(deps, workflowId);
    const error = expect.stringContaining('a promise was rejected that nothing awaits: Error: boom');
    await expect.poll(state, { timeout: 120_000, interval: 500 }).toEqual({ status: 'running', error });
  }
}, 150_000);
