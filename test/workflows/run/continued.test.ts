import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cancelRun } from '../../../src/activities/runs/cancel-run.js';
import { pushPayload } from '../../../src/cli/samples/github.js';
import { listRuns } from '../../../src/server/api/list-runs.js';
import { changes } from '../../support/harness/changes.js';
import { API_TOKEN } from '../../support/harness/place.js';
import { sendPush } from '../../support/harness/send-push.js';
import { openStage, type Stage } from '../../support/harness/stage.js';

const SECRET = 'a webhook secret of these tests';
const PATIENTLY = { timeout: 40_000 };
const MODULE = `
  import { condition, continueAsNew, defineSignal, setHandler, sleep } from '@temporalio/workflow';
  import { approval, automation, completed, push, report, sync, triggerBuild, waitFor } from 'hookyard/workflow';

  /** Each part has a number, and tells it to the next. */
  const partOf = (event) => event.part ?? 1;
  const note = (event, key, data) => sync.upsert('noted', key + ' ' + event.deliveryId, data, { version: partOf(event) });
  const on = (branch) => push({ branches: [branch + '/*'] });

  export const queued = automation({ on: on('queued'), concurrency: { group: 'branch' } }, async (event) => {
    let goesOn = event.commit.message !== 'first' || partOf(event) > 1;
    setHandler(defineSignal('go-on'), () => {
      goesOn = true;
    });
    await condition(() => goesOn);
    await sleep(event.commit.message === 'first' ? 3_000 : 100);
    await note(event, 'part ' + partOf(event), { message: event.commit.message, part: partOf(event) });
    if (partOf(event) < 3) await continueAsNew({ ...event, part: partOf(event) + 1 });
  });
  export const after = automation({ on: completed('queued', { outcomes: ['passed', 'failed', 'error', 'cancelled'] }) }, async ({ event, outcome, run }) => {
    await sync.upsert('noted', 'after ' + run, outcome, { version: 1 });
  });

  export const broken = automation({ on: on('broken') }, async (event) => {
    if (partOf(event) === 1) await triggerBuild.http('nowhere').catch(() => undefined);
    if (partOf(event) < 3) await continueAsNew({ ...event, part: partOf(event) + 1 });
  });
  export const leaves = automation({ on: on('leaves') }, async (event) => {
    if (partOf(event) === 1) await report.status(event, { state: 'pending', description: 'begins', context: 'left' });
    if (partOf(event) === 1) await continueAsNew({ ...event, part: 2 });
  });
  export const slow = automation({ on: on('slow'), timeout: '4 seconds' }, async (event) => {
    await sleep(1_500);
    await continueAsNew({ ...event, part: partOf(event) + 1 });
  });
  export const loops = automation({ on: on('loops') }, async (event) => {
    await sleep(partOf(event) === 1 ? 1 : 300);
    await continueAsNew({ ...event, part: partOf(event) + 1 });
  });
  export const asks = automation({ on: on('asks') }, async (event) => {
    const answer = await approval({ name: 'x', expires: partOf(event) === 1 ? '1 hour' : '8 seconds' });
    await note(event, 'asked ' + partOf(event), answer.state);
    if (partOf(event) === 1) await continueAsNew({ ...event, part: 2 });
  });
  export const listens = automation({ on: on('listens') }, async (event) => {
    const next = await waitFor(push(), { of: event, within: partOf(event) < 4 ? '1 hour' : '2 seconds' });
    await note(event, 'heard ' + partOf(event), next?.commit.message ?? 'nothing');
    if (partOf(event) < 4) await continueAsNew({ ...event, part: partOf(event) + 1 });
  });
  export const changesItsMind = automation({ on: on('changes') }, async (event) => {
    if (partOf(event) === 1) {
      void waitFor(push(), { of: event, within: '1 hour' }).then((next) => note(event, 'too early', next.commit.message));
      await sleep(500);
      await continueAsNew({ ...event, part: 2 });
    }
    const next = await waitFor(push(), { of: event, within: '1 hour' });
    await note(event, 'heard', next.commit.message);
  });
`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ name: 'continued', automations: { code: MODULE }, secret: SECRET });
});
afterAll(() => stage?.close());

const sha = () => randomBytes(20).toString('hex');
/** Pushes to a branch; returns the run that it has started, our id of the delivery, and the commit. */
const pushed = async (branch: string, message = 'a change') => {
  const after = sha();
  const change = { repository: 'acme/app', ref: `refs/heads/${branch}`, before: sha(), after, message, files: ['x'] };
  const { body } = await sendPush(stage.receiver.url, {
    secret: SECRET,
    source: 'github',
    branch,
    body: pushPayload(change),
  });
  return { run: body.runs?.[0] ?? '', delivery: body.delivery ?? '', sha: after };
};
const branchOf = (name: string) => `${name}/${sha().slice(0, 8)}`;
const noted = async (key: string) => (await stage.installation.store.records.get('noted', key))?.data;
const said = (commit: string) =>
  changes(
    stage.github.statuses
      .filter((status) => status.sha === commit)
      .map(({ context, state, description }) => `${context} ${state} ${description.replace(/run \S+ of .*/, 'run …')}`),
  );
const statusOf = async (run: string) => (await stage.client.workflow.getHandle(run).describe()).status.name;
const ends = (run: string, status: string) => expect.poll(() => statusOf(run), PATIENTLY).toBe(status);
const listed = async (automation: string) => {
  const deps = { client: stage.client, taskQueue: stage.installation.taskQueue, builtIn: [], uiUrl: undefined };
  return (await listRuns(deps, { automation }, { limit: 50 })).runs;
};

test('a run that has queued and continues as new keeps its slot, and ends its status once, as what it has come to', async () => {
  const branch = branchOf('queued');
  const first = await pushed(branch, 'first');
  const second = await pushed(branch, 'second');
  // What waits is told of once it has waited for a while: until then the first keeps the lane.
  const queued = 'hookyard/queued pending queued: 1st, after run …';
  await expect.poll(() => said(second.sha), PATIENTLY).toContain(queued);
  await stage.client.workflow.getHandle(first.run).signal('go-on');
  await ends(second.run, 'COMPLETED');
  expect(await noted(`part 3 ${second.delivery}`)).toEqual({ message: 'second', part: 3 });
  await expect
    .poll(() => said(second.sha), PATIENTLY)
    .toEqual([
      'hookyard/queued pending queued: 1st, after run …',
      'hookyard/queued pending the run has begun',
      'hookyard/queued success the run passed',
    ]);
  // The second began once the last part of the first had ended, and not between two of them.
  const at = async (run: string, which: 'startTime' | 'closeTime') =>
    (await stage.client.workflow.getHandle(run).describe())[which]?.getTime() ?? 0;
  const began = (await stage.client.workflow.getHandle(second.run, await firstPart(second.run)).describe()).startTime;
  expect(began.getTime()).toBeGreaterThanOrEqual(await at(first.run, 'closeTime'));
  for (const { run } of [first, second]) await expect.poll(() => noted(`after ${run}`), PATIENTLY).toBe('passed');
  await expect.poll(async () => (await listed('after')).length, PATIENTLY).toBe(2);
}, 120_000);

/** Returns the run id of the first part of a run. */
async function firstPart(run: string): Promise<string> {
  const { raw } = await stage.client.workflow.getHandle(run).describe();
  return raw.workflowExecutionInfo?.firstRunId ?? '';
}

test('a run whose first part had a build that failed has failed, with the reason', async () => {
  const { run } = await pushed(branchOf('broken'));
  await ends(run, 'FAILED');
  const error = await stage.client.workflow
    .getHandle(run)
    .result()
    .catch((failed: unknown) => failed);
  expect(error).toMatchObject({ cause: { type: 'BuildFailed', message: expect.stringContaining('Build nowhere') } });
  // Temporal lists the end of a run a moment after it tells of it.
  const found = async () => (await listed('broken')).map((one) => [one.run, one.status, one.outcome]);
  await expect.poll(found, PATIENTLY).toEqual([[run, 'failed', 'failed']]);
});

test('a status that the first part has left pending ends with the run', async () => {
  const { run, sha } = await pushed(branchOf('leaves'));
  await ends(run, 'COMPLETED');
  expect(said(sha)).toEqual([
    'hookyard/leaves/left pending begins',
    'hookyard/leaves/left error the run passed, and left this pending',
  ]);
});

test('the time that a run has counts over its parts', async () => {
  const { run } = await pushed(branchOf('slow'));
  await ends(run, 'FAILED');
  const error = await stage.client.workflow
    .getHandle(run)
    .result()
    .catch((failed: unknown) => failed);
  expect(error).toMatchObject({ cause: { type: 'TimedOut', message: 'timed out after 4 seconds' } });
});

test('a run that continues again and again is cancelled, and says by whom', async () => {
  const { run } = await pushed(branchOf('loops'));
  await expect.poll(() => firstPart(run).catch(() => ''), PATIENTLY).not.toBe('');
  await expect
    .poll(async () => (await stage.client.workflow.getHandle(run).describe()).runId, PATIENTLY)
    .not.toBe(await firstPart(run));
  await cancelRun(stage.client, { workflowId: run }, 'cancelled by anna');
  await ends(run, 'CANCELLED');
  expect((await stage.client.workflow.getHandle(run).describe()).memo).toMatchObject({
    cancelledBecause: 'cancelled by anna',
  });
});

test('an approval of a part is another one than that of the same name before', async () => {
  const { run, delivery } = await pushed(branchOf('asks'));
  const open = async (nth: number) =>
    (await stage.installation.store.records.get('hookyard.open-approvals', `${run} x ${nth}`)) !== undefined;
  await expect.poll(() => open(1), PATIENTLY).toBe(true);
  await fetch(`${stage.receiver.url}/api/runs/approve?id=${encodeURIComponent(run)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ by: 'anna' }),
  });
  await expect.poll(() => open(2), PATIENTLY).toBe(true);
  await ends(run, 'COMPLETED');
  expect(await noted(`asked 1 ${delivery}`)).toBe('approved');
  expect(await noted(`asked 2 ${delivery}`)).toBe('expired');
});

test('a run gets each event once, whichever of its parts waits', async () => {
  const branch = branchOf('listens');
  const { run, delivery } = await pushed(branch, 'begins');
  for (const message of ['first', 'second', 'third']) await pushed(branch, message);
  await ends(run, 'COMPLETED');
  const heard = await Promise.all([1, 2, 3, 4].map((part) => noted(`heard ${part} ${delivery}`)));
  expect(heard).toEqual(['first', 'second', 'third', 'nothing']);
});

test('what comes to a wait that a part has left open is for the next part', async () => {
  const branch = branchOf('changes');
  const { run, delivery } = await pushed(branch, 'begins');
  await expect.poll(() => firstPart(run).catch(() => ''), PATIENTLY).not.toBe('');
  await expect
    .poll(async () => (await stage.client.workflow.getHandle(run).describe()).runId, PATIENTLY)
    .not.toBe(await firstPart(run));
  await pushed(branch, 'comes');
  await ends(run, 'COMPLETED');
  expect(await noted(`heard ${delivery}`)).toBe('comes');
  expect(await noted(`too early ${delivery}`)).toBeUndefined();
});
