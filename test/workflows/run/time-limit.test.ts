import { ApplicationFailure, type WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changes } from '../../support/harness/changes.js';
import { openStage, type Stage } from '../../support/harness/stage.js';
import { unique } from '../../support/temporal.js';
import { pushEvent } from '../../triggers/sample-events.js';

const MODULE = `
  import { CancellationScope, sleep } from '@temporalio/workflow';
  import { approval, automation, protect, push, report, waitFor } from 'hookyard/workflow';
  const on = push();
  export const slow = automation({ on, timeout: '6 seconds' }, async (event) => {
    await report.status(event, { state: 'pending', description: 'has begun' });
    await sleep('1 hour');
  });
  export const quick = automation({ on, timeout: '1 hour' }, () => sleep('500 ms'));
  export const careful = automation({ on, timeout: '1 second' }, () => protect('roll-out', () => sleep('3 seconds')));
  export const stubborn = automation({ on, timeout: '1 second' }, () => sleep('1 hour').catch(() => undefined));
  export const asks = automation({ on, timeout: '6 seconds' }, async () => {
    await approval({ name: 'x', expires: '9 seconds' });
  });
  export const listens = automation({ on, timeout: '6 seconds', endOn: push() }, async (event) => {
    await waitFor(push(), { of: event, within: '9 seconds' });
  });
  export const watched = automation({ on, timeout: '1 second', endOn: push() }, () => sleep('1 hour'));
  export const limited = automation({ on, timeout: '1 second', concurrency: { group: 'branch' } }, () => sleep('1 hour'));
  const concurrency = { group: 'shared {branch}', scope: 'repository' };
  export const holds = automation({ on, concurrency }, () => sleep('14 seconds'));
  export const returns = automation({ on, timeout: '6 seconds', concurrency }, async () => {
    const scope = new CancellationScope();
    const asked = scope.run(() => approval({ name: 'x' })).catch(() => undefined);
    await sleep('7 seconds');
    scope.cancel();
    await asked;
    await protect('roll-out', async () => undefined);
  });
`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ name: 'time-limit', automations: { code: MODULE }, secret: 'a-webhook-secret-for-tests' });
});
afterAll(() => stage?.close());

const repository = { id: '1', fullName: 'acme/app', url: 'http://hub/acme/app', private: false };
const start = (automation: string) =>
  stage.client.workflow.start(automation, {
    workflowId: unique(automation),
    taskQueue: stage.installation.taskQueue,
    args: [pushEvent({ branch: unique('branch'), repository })],
  });
const failureOf = async (automation: string) => {
  const run = await start(automation);
  const error = (await run.result().catch((failed: unknown) => failed)) as WorkflowFailedError;
  return { cause: error.cause, run };
};

test('a run that takes longer than its automation lets it fails as timed out, and its statuses say so', async () => {
  const { cause, run } = await failureOf('slow');
  expect(cause).toBeInstanceOf(ApplicationFailure);
  expect(cause).toMatchObject({ type: 'TimedOut', message: 'timed out after 6 seconds', nonRetryable: true });
  expect((await run.describe()).status.name).toBe('FAILED');
  expect(changes(stage.github.statuses.map(({ state, description }) => `${state} ${description}`))).toEqual([
    'pending has begun',
    'error timed out after 6 seconds',
  ]);
});

test('a run that ends in time is as one without a limit', async () => {
  const run = await start('quick');
  expect(await run.result()).toMatchObject({ outcome: 'passed' });
  const { events } = await run.fetchHistory();
  expect(events?.filter((event) => event.timerFiredEventAttributes)).toHaveLength(1);
});

test('a part that is protected is done to its end before the run times out', async () => {
  const { cause, run } = await failureOf('careful');
  expect(cause).toMatchObject({ type: 'TimedOut' });
  const { events } = await run.fetchHistory();
  expect(events?.filter((event) => event.timerFiredEventAttributes)).toHaveLength(2);
});

test('a function that catches its cancellation has timed out all the same', async () => {
  expect((await failureOf('stubborn')).cause).toMatchObject({ type: 'TimedOut' });
});

test.each(['asks', 'listens'])(
  'the time in which a run waits for people, or what they do next, does not count: %s',
  async (name) => {
    const run = await start(name);
    expect(await run.result()).toMatchObject({ outcome: 'passed' });
  },
);

test('to be watched for its end stops no clock', async () => {
  expect((await failureOf('watched')).cause).toMatchObject({ type: 'TimedOut' });
});

test('the time in which a run waits for a slot that it gave up does not count', async () => {
  const event = pushEvent({ branch: unique('branch'), repository });
  const begin = (automation: string) =>
    stage.client.workflow.start(automation, {
      workflowId: unique(automation),
      taskQueue: stage.installation.taskQueue,
      args: [event],
    });
  const run = await begin('returns');
  const other = await begin('holds');
  expect(await run.result()).toMatchObject({ outcome: 'passed' });
  expect(await other.result()).toMatchObject({ outcome: 'passed' });
});

test('the time in which a run waits for its turn does not count', async () => {
  const event = pushEvent({ branch: unique('branch') });
  const runs = [];
  for (let n = 0; n < 3; n++)
    runs.push(
      await stage.client.workflow.start('limited', {
        workflowId: unique('limited'),
        taskQueue: stage.installation.taskQueue,
        args: [event],
      }),
    );
  for (const run of runs) await expect(run.result()).rejects.toMatchObject({ cause: { type: 'TimedOut' } });
  const last = await runs.at(-1)?.describe();
  const ms = (last?.closeTime?.getTime() ?? 0) - (last?.startTime.getTime() ?? 0);
  // It has waited for two others, of a second each.
  expect(ms).toBeGreaterThan(2_000);
});
