import type { Client } from '@temporalio/client';
import { afterEach, expect, test } from 'vitest';
import { type Culprit, createSetAside } from '../../../src/cli/processes/set-aside.js';
import { startStuckWatch } from '../../../src/cli/processes/stuck-watch.js';
import { createStuckRounds } from '../../../src/server/api/stuck/scan-for-stuck-runs.js';
import { listStuckRuns } from '../../../src/server/api/stuck/stuck-runs.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import { closers } from '../../support/harness/closers.js';
import { keepLog } from '../../support/harness/log.js';
import { tempFolder } from '../../support/temp-folder.js';
import { testClient, unique } from '../../support/temporal.js';

const { add, defer, close } = closers();
afterEach(close);

/** What the SDK answers Temporal with, by workflow type: for the first, on a Node that lives through an endless loop. */
const FAILURES: Readonly<Record<string, string>> = {
  loops: 'Script execution timed out after 5000ms',
  forgets: 'Unhandled Promise rejection: Error: boom',
};
/** `WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE` of Temporal's API. */
const UNHANDLED = 14;
const POLL_MS = 30_000;

/** Takes workflow tasks as a worker does, and fails each as the SDK would, until it is told to stop. */
function failTasks(client: Client, taskQueue: string): { stop(): void } {
  const { namespace } = client.options;
  let stopped = false;
  const take = async () => {
    const poll = () => client.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } });
    const task = await client.withDeadline(Date.now() + POLL_MS, poll);
    const message = FAILURES[task.workflowType?.name ?? ''];
    if (!task.taskToken.length || message === undefined) return;
    await client.workflowService.respondWorkflowTaskFailed({
      namespace,
      taskToken: task.taskToken,
      cause: UNHANDLED,
      failure: { message, source: 'TypeScriptSDK', applicationFailureInfo: { type: 'Error' } },
    });
  };
  void (async () => {
    while (!stopped) await take().catch(() => undefined);
  })();
  return {
    stop() {
      stopped = true;
    },
  };
}

test('a run that holds the thread of all others is set aside, and one that fails alone is told of in one line', async () => {
  const client = add(await testClient());
  const store = add(await openSqliteStore({ path: `${await tempFolder('stuck')}/store.db` }));
  const taskQueue = unique('stuck-watch');
  const { log, lines } = keepLog();
  const worker = failTasks(client, taskQueue);
  defer(() => worker.stop());
  const runs = {
    client,
    taskQueue,
    uiUrl: undefined,
    rounds: createStuckRounds({ client, taskQueue, uiUrl: undefined }),
  };
  const end = createSetAside({ client, store, automations: () => [], pages: { server: {}, temporal: {} }, log });
  const aside: Culprit[] = [];
  const setAside = (culprit: Culprit) => {
    aside.push(culprit);
    return end(culprit);
  };
  const watch = startStuckWatch({ ...runs, setAside, log });
  defer(() => watch.stop());
  const [loops, forgets] = await Promise.all(
    ['loops', 'forgets'].map((type) => client.workflow.start(type, { workflowId: unique(type), taskQueue })),
  );

  const statusOf = async (run = loops) => (await run?.describe())?.status.name;
  await expect.poll(() => statusOf(loops), { timeout: 120_000, interval: 500 }).toBe('TERMINATED');
  const told = () => lines('a run does not go on by itself');
  await expect.poll(told, { timeout: 60_000 }).toHaveLength(1);
  expect(told()[0]).toMatchObject({
    run: forgets?.workflowId,
    automation: 'forgets',
    because: 'a promise was rejected that nothing awaits: Error: boom',
    helps: expect.stringContaining('await or catch it in forgets'),
  });
  expect(await statusOf(forgets)).toBe('RUNNING');
  expect(aside.map(({ workflowId }) => workflowId)).toEqual([loops?.workflowId]);
  // Looked at again, it is not told of again.
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  expect(told()).toHaveLength(1);
  expect((await listStuckRuns(runs)).runs.map(({ run }) => run).sort()).toEqual(
    [loops?.workflowId, forgets?.workflowId].sort(),
  );

  // One that begins to watch finds it in both of its lists, and tells of it once.
  const later = keepLog();
  const second = startStuckWatch({ ...runs, setAside, log: later.log });
  defer(() => second.stop());
  const toldLater = () => later.lines('a run does not go on by itself');
  await expect.poll(toldLater, { timeout: 60_000 }).not.toHaveLength(0);
  await second.stop();
  expect(toldLater()).toHaveLength(1);
}, 300_000);

test('a run that holds the thread of all others is set aside also where Temporal is too slow to look at all runs', async () => {
  const run = { workflowId: 'w', runId: 'r', type: 'loops', status: { name: 'RUNNING' } };
  const failing = { ...run, searchAttributes: { TemporalReportedProblems: ['cause=WorkflowTaskTimedOut'] } };
  const failure = { message: FAILURES.loops };
  const client = {
    options: { namespace: 'default' },
    withDeadline: (_: number, ask: () => unknown) => ask(),
    workflow: {
      async *list({ query }: { query: string }) {
        if (!query.includes('TemporalReportedProblems')) throw new Error('DEADLINE_EXCEEDED');
        yield failing;
      },
      getHandle: () => ({ describe: async () => failing }),
    },
    workflowService: {
      getWorkflowExecutionHistoryReverse: async () => ({
        history: { events: [{ workflowTaskFailedEventAttributes: { failure } }] },
      }),
    },
  } as unknown as Client;
  const runs = { client, taskQueue: 'q', uiUrl: undefined };
  const aside: string[] = [];
  const setAside = async ({ workflowId }: Culprit) => aside.push(workflowId) > 0;
  const watch = startStuckWatch({ ...runs, rounds: createStuckRounds(runs), setAside, log: keepLog().log });
  defer(() => watch.stop());
  await expect.poll(() => aside, { timeout: 60_000 }).toContain('w');
});
