import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCatalog } from '../../../src/catalog/load.js';
import { pushPayload } from '../../../src/cli/samples/github.js';
import { bundleWorkflows } from '../../../src/worker/bundle.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { type RunningReceiver, runReceiver } from '../../support/harness/running-receiver.js';
import { sendPush } from '../../support/harness/send-push.js';
import { runWorker, type TestWorker } from '../../support/harness/worker.js';
import { testClient, unique } from '../../support/temporal.js';

const AUTOMATIONS = fileURLToPath(new URL('automations', import.meta.url));
const SECRET = 'a secret of the lanes tests';

let client: Client & { close(): Promise<void> };
let installation: Installation;
let receiver: RunningReceiver;
let worker: TestWorker;

beforeAll(async () => {
  client = await testClient();
  installation = await openInstallation({
    name: 'lanes',
    config: () => ({ sources: { github: { kind: 'github', secrets: [{ env: 'SECRET' }] } } }),
    values: { SECRET },
    automations: AUTOMATIONS,
  });
  receiver = await runReceiver(installation, client);
  worker = await runWorker(installation, { letOn: receiver.wake });
});
afterAll(async () => {
  await receiver?.close();
  await worker?.close();
  await installation?.close();
  await client?.close();
});

/** Delivers a push and returns the workflow id of its run, started or not. */
async function pushed(branch: string, message = 'quick'): Promise<string> {
  const commit = [...crypto.getRandomValues(new Uint8Array(20))].map((byte) => byte.toString(16).padStart(2, '0'));
  const body = pushPayload({
    repository: 'acme/app',
    ref: `refs/heads/${branch}`,
    before: '1'.repeat(40),
    after: commit.join(''),
    message,
    files: ['a.txt'],
  });
  const sent = await sendPush(receiver.url, { secret: SECRET, source: 'github', branch, body });
  expect(sent.status).toBe(202);
  return sent.body.runs?.[0] ?? '';
}

const describeRun = (run: string): Promise<WorkflowExecutionDescription> => client.workflow.getHandle(run).describe();
const statusOf = (run: string) =>
  describeRun(run).then(
    ({ status }) => status.name,
    () => 'unknown to Temporal',
  );
const stateOf = async (run: string) => (await installation.store.inbox.findStart(run))?.state;
const becomes = (look: () => Promise<unknown>, value: unknown, timeout = 20_000) =>
  expect.poll(look, { timeout, interval: 100 }).toEqual(value);
/** Lets a run go on that waits for it, once it has begun. */
const goesOn = (run: string) => {
  const handle = client.workflow.getHandle(run);
  return becomes(() => handle.signal('go-on').then(() => 'told', String), 'told');
};
const attributesOf = async (run: string) => {
  const found = (await describeRun(run)).typedSearchAttributes.getAll();
  return Object.fromEntries(found.map(({ key, value }) => [key.name, value]));
};

test('a queue runs all, in the order of arrival, and never two at once', async () => {
  const branch = unique('queue');
  const runs: string[] = [];
  for (let i = 0; i < 20; i++) runs.push(await pushed(branch));
  await becomes(() => statusOf(runs.at(-1) ?? ''), 'COMPLETED', 60_000);
  const described = await Promise.all(runs.map(describeRun));
  for (const [i, run] of described.slice(1).entries())
    expect(run.startTime.getTime()).toBeGreaterThanOrEqual(described[i]?.closeTime?.getTime() ?? Number.NaN);
  expect(await attributesOf(runs[0] ?? '')).toMatchObject({ HookyardLane: `queued acme/app ${branch}` });
});

test('keep-newest runs the first and the last; what is between is superseded, and Temporal never hears of it', async () => {
  const branch = unique('newest');
  const runs: string[] = [];
  for (let i = 0; i < 12; i++) runs.push(await pushed(branch));
  const [first = '', ...others] = runs;
  const last = others.pop() ?? '';
  for (const run of [first, last]) await goesOn(run);
  await becomes(() => statusOf(last), 'COMPLETED');
  expect(await statusOf(first)).toBe('COMPLETED');
  for (const [i, run] of others.entries()) {
    expect(await installation.store.inbox.findStart(run)).toMatchObject({
      state: 'superseded',
      supersededBy: others[i + 1] ?? last,
    });
    expect(await statusOf(run)).toBe('unknown to Temporal');
  }
});

test('cancel-running ends the older run as cancelled, which says by what it was superseded', async () => {
  const branch = unique('cancel');
  const older = await pushed(branch, 'slow');
  await becomes(() => statusOf(older), 'RUNNING');
  const newer = await pushed(branch);
  await becomes(() => statusOf(older), 'CANCELLED');
  await becomes(() => statusOf(newer), 'COMPLETED');
  expect(await attributesOf(older)).toMatchObject({ HookyardOutcome: 'superseded' });
  expect((await describeRun(older)).memo).toMatchObject({ cancelledBecause: `superseded by ${newer}` });
});

test('a part that is protected is done to its end before the run is superseded', async () => {
  const branch = unique('protect');
  const older = await pushed(branch, 'slow');
  await becomes(() => statusOf(older), 'RUNNING');
  const kinds = async () => {
    const { events } = await client.workflow.getHandle(older).fetchHistory();
    return (events ?? []).flatMap((event) => [
      ...(event.timerFiredEventAttributes ? ['fired'] : []),
      ...(event.workflowExecutionCancelRequestedEventAttributes ? ['asked'] : []),
      ...(event.workflowExecutionCanceledEventAttributes ? ['canceled'] : []),
      ...(event.timerStartedEventAttributes ? ['started'] : []),
    ]);
  };
  // It is in that part, and is asked to end in the middle of it.
  await becomes(kinds, ['started', 'fired']);
  const newer = await pushed(branch);
  await becomes(kinds, ['started', 'fired', 'asked']);
  await goesOn(older);
  await becomes(() => statusOf(newer), 'COMPLETED');
  expect(await kinds()).toEqual(['started', 'fired', 'asked', 'started', 'fired', 'canceled']);
});

test('reject starts nothing while a run has the slot, and says which', async () => {
  const branch = unique('reject');
  const runs = await pushed(branch);
  const refused = await pushed(branch);
  expect(await installation.store.inbox.findStart(refused)).toMatchObject({
    state: 'refused',
    because: `${runs} runs in the lane`,
  });
  await goesOn(runs);
});

test('a holder that is terminated frees its slot', async () => {
  const branch = unique('newest');
  const holder = await pushed(branch);
  await becomes(() => statusOf(holder), 'RUNNING');
  const next = await pushed(branch);
  await client.workflow.getHandle(holder).terminate('by hand');
  await goesOn(next);
  await becomes(() => statusOf(next), 'COMPLETED', 15_000);
});

test('a holder that is terminated frees its slot where nobody may wait for it', async () => {
  const branch = unique('reject');
  const holder = await pushed(branch);
  await becomes(() => statusOf(holder), 'RUNNING');
  await client.workflow.getHandle(holder).terminate('by hand');
  let last = '';
  const next = async () => {
    last = await pushed(branch);
    return stateOf(last);
  };
  await expect.poll(next, { timeout: 15_000, interval: 1_000 }).toMatch(/^(pending|done)$/);
  await goesOn(last);
});

test('runs that other runs begin take turns as well', async () => {
  const branch = unique('chain');
  const roots = [await pushed(branch), await pushed(branch), await pushed(branch)];
  const chained = roots.map((root) => root.replace(/^first\//, 'afterwards/after-first/'));
  await becomes(() => Promise.all(chained.map(statusOf)), ['COMPLETED', 'COMPLETED', 'COMPLETED']);
  // Each is there from its beginning: what counts is when its own timer was started, the last.
  const spans = await Promise.all(
    chained.map(async (run) => {
      const { events } = await client.workflow.getHandle(run).fetchHistory();
      const started = events?.findLast((event) => event.timerStartedEventAttributes)?.eventTime;
      return {
        from: Number(started?.seconds) * 1e3 + Number(started?.nanos) / 1e6,
        to: (await describeRun(run)).closeTime,
      };
    }),
  );
  const inOrder = spans.sort((a, b) => a.from - b.from);
  for (const [i, span] of inOrder.slice(1).entries())
    expect(span.from).toBeGreaterThanOrEqual(inOrder[i]?.to?.getTime() ?? Number.NaN);
});

test('a child for which its parent waits has the slot of its parent; one that is left behind waits for its turn', async () => {
  const branch = unique('parent');
  const parents = [await pushed(branch), await pushed(branch, 'leaves'), await pushed(branch)];
  await becomes(() => Promise.all(parents.map(statusOf)), ['COMPLETED', 'COMPLETED', 'COMPLETED']);
  const children = parents.map((parent) => `${parent}/child`);
  await becomes(() => Promise.all(children.map(statusOf)), ['COMPLETED', 'COMPLETED', 'COMPLETED']);
  const ended = async (run: string) => (await describeRun(run)).closeTime?.getTime() ?? Number.NaN;
  const [, second = '', third = ''] = parents;
  const [, left = ''] = children;
  expect((await describeRun(second)).startTime.getTime()).toBeGreaterThanOrEqual(await ended(parents[0] ?? ''));
  expect((await describeRun(third)).startTime.getTime()).toBeGreaterThanOrEqual(await ended(second));
  // It has come after the third.
  expect(await ended(left)).toBeGreaterThan(await ended(third));
  await becomes(
    async () => (await installation.store.lanes.list({ named: branch, limit: 5 })).map((one) => one.entries),
    [[]],
  );
});

test('of two runs with children in the lane of the other one fails, and says for whom; the other goes on', async () => {
  const branches = [unique('cross'), unique('cross')] as const;
  const runs = [await pushed(branches[0]), await pushed(branches[1])] as const;
  const handles = runs.map((run) => client.workflow.getHandle(run));
  for (const [i, handle] of handles.entries())
    await becomes(() => handle.signal('cross', branches[1 - i] ?? '').then(() => 'told', String), 'told');
  await becomes(async () => (await Promise.all(runs.map(statusOf))).sort(), ['COMPLETED', 'FAILED'], 120_000);
  const results = await Promise.allSettled(handles.map((handle) => handle.result()));
  const failed = results.findIndex(({ status }) => status === 'rejected');
  const { message } = await client.workflow
    .getHandle(`${runs[failed]}/child`)
    .result()
    .catch(({ cause }) => cause);
  expect(message).toContain(`waits in the lane acme/app ${branches[1 - failed]} for ${runs[1 - failed]}; `);
  expect(message).toContain(`waits in the lane acme/app ${branches[failed]} for ${runs[failed]}; and this run is part`);
  await becomes(
    async () => (await installation.store.lanes.list({ named: 'cross', limit: 5 })).flatMap((one) => one.entries),
    [],
  );
}, 180_000);

test.each([
  ['together', (code: string) => code.replaceAll("group: 'branch'", "group: 'one'")],
  ['apart', (code: string) => code.replace(/(export const child = .*\n.*)group: 'branch'/, "$1group: 'one'")],
  ['nowhere else', (code: string) => code],
])('a run that has had children can be replayed once its author has put the lanes %s', async (where, edit) => {
  const run = await pushed(unique('visit'));
  await becomes(() => statusOf(run), 'COMPLETED');
  const history = await client.workflow.getHandle(run).fetchHistory();
  const edited = join(installation.folder, `edited ${where}`);
  await mkdir(edited);
  const code = await readFile(join(AUTOMATIONS, 'lanes.ts'), 'utf8');
  await writeFile(join(edited, 'lanes.ts'), edit(code));
  const workflowBundle = await bundleWorkflows(await loadCatalog(edited), join(edited, 'bundle'));
  await Worker.runReplayHistory({ workflowBundle }, history, run);
  if (where !== 'nowhere else') return;
  // As the version before noted it: once for all children.
  const marker = history.events?.filter(({ markerRecordedEventAttributes: noted }) =>
    Object.values(noted?.details ?? {}).some(({ payloads = [] }) => payloads?.some(isOfChild)),
  );
  expect(marker).toHaveLength(1);
  for (const payload of Object.values(marker?.[0]?.markerRecordedEventAttributes?.details ?? {}).flatMap(
    ({ payloads }) => payloads ?? [],
  ))
    payload.data = Buffer.from(textOf(payload).replace(OF_CHILD, 'children-keep-slot'));
  await Worker.runReplayHistory({ workflowBundle }, history, run);
});

const OF_CHILD = /children-keep-slot\/\d+/;
const textOf = ({ data }: { data?: Uint8Array | null }) => Buffer.from(data ?? []).toString();
const isOfChild = (payload: { data?: Uint8Array | null }) => OF_CHILD.test(textOf(payload));

test('a run that has entered a lane can be replayed once its author has taken the lane away', async () => {
  const root = await pushed(unique('chain'));
  const chained = root.replace(/^first\//, 'afterwards/after-first/');
  await becomes(() => statusOf(chained), 'COMPLETED');
  const history = await client.workflow.getHandle(chained).fetchHistory();
  const edited = join(installation.folder, 'edited');
  await mkdir(edited);
  const code = await readFile(join(AUTOMATIONS, 'lanes.ts'), 'utf8');
  await writeFile(join(edited, 'lanes.ts'), code.replaceAll(/, concurrency: \{.*?\}/g, ''));
  const catalog = await loadCatalog(edited);
  expect(catalog.automations.filter(({ concurrency }) => concurrency)).toEqual([]);
  const workflowBundle = await bundleWorkflows(catalog, join(installation.folder, 'bundle'));
  await Worker.runReplayHistory({ workflowBundle }, history, chained);
});

test('a paused lane lets nobody on until it is resumed, and a run can be put ahead', async () => {
  const branch = unique('queue');
  const { lanes } = installation.store;
  const holder = await pushed(branch, 'slow');
  const [lane] = await lanes.list({ named: branch, limit: 5 });
  await lanes.setMode({ lane: lane?.lane ?? '', mode: 'paused', by: 'anna', reason: 'no deploys until Monday' });
  const waits = [await pushed(branch), await pushed(branch)];
  await goesOn(holder);
  await becomes(() => statusOf(holder), 'COMPLETED');
  expect(await Promise.all(waits.map(stateOf))).toEqual(['waiting', 'waiting']);
  await lanes.moveAhead({ workflowId: waits[1] ?? '', by: 'anna' });
  await lanes.setMode({ lane: lane?.lane ?? '', mode: 'open', by: 'anna' });
  receiver.wake();
  await becomes(() => Promise.all(waits.map(statusOf)), ['COMPLETED', 'COMPLETED']);
  const [one, other] = await Promise.all(waits.map(describeRun));
  expect(other?.startTime.getTime()).toBeLessThan(one?.startTime.getTime() ?? 0);
});

test('pushes that come one after the other become one run, which knows them all, and what they were', async () => {
  const branch = unique('flurry');
  const runs: string[] = [];
  for (let i = 0; i < 5; i++) runs.push(await pushed(branch));
  const last = runs.at(-1) ?? '';
  expect(await installation.store.inbox.findStart(last)).toMatchObject({ state: 'waiting', until: expect.any(Number) });
  await becomes(() => statusOf(last), 'COMPLETED', 40_000);
  for (const run of runs.slice(0, -1)) {
    expect(await stateOf(run)).toBe('superseded');
    expect(await statusOf(run)).toBe('unknown to Temporal');
  }
  const { data } = (await installation.store.records.get('flurries', branch)) ?? {};
  expect(new Set(data as string[]).size).toBe(5);
});
