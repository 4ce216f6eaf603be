import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RunOutcome } from '../../src/events/event.js';
import { CANCEL_SIGNAL } from '../../src/runs/names.js';
import { toPairs } from '../../src/runs/search-attributes.js';
import { answerRun } from '../../src/server/api/approve.js';
import { cancelRuns } from '../../src/server/api/cancel.js';
import { findRun } from '../../src/server/api/find-run.js';
import { listNotBegun } from '../../src/server/api/list-not-begun.js';
import { listRuns } from '../../src/server/api/list-runs.js';
import { rerun } from '../../src/server/api/rerun.js';
import type { RunsFilter } from '../../src/server/api/runs-query.js';
import { standingOf } from '../../src/server/api/standing-in-lane.js';
import { showWholeRun } from '../../src/server/api/whole-run.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { inLane } from '../store/a-claim.js';
import { row } from '../support/harness/rows.js';
import { startTemporal } from '../support/own-temporal.js';
import { tempFolder } from '../support/temp-folder.js';
import { awayClient, testClient, unique } from '../support/temporal.js';
import { pushEvent } from '../triggers/sample-events.js';

let client: Awaited<ReturnType<typeof testClient>>;
let store: Store;
let woken = 0;
const deps = (change: object = {}) => ({
  ...{ client, store, taskQueue, builtIn: ['hookyardReconcile'], uiUrl: undefined, wake: () => void woken++ },
  ...change,
});
let taskQueue: string;

beforeAll(async () => {
  client = await testClient();
  store = await openSqliteStore({ path: join(await tempFolder('runs-api'), 'store.db') });
});
afterAll(async () => {
  await store?.close();
  await client?.close();
});

interface Given {
  readonly type?: string;
  readonly id?: string;
  readonly repository?: string;
  readonly branch?: string;
  readonly outcome?: RunOutcome | 'none';
  /** Null: its namespace lacked the attribute. */
  readonly waiting?: string | null;
  readonly pullRequest?: number;
}

/** Starts a run that no worker takes: it is there, and carries what it was given. */
const start = ({ type = 'ci', id = unique(`${type}/github/k`), ...given }: Given) =>
  client.workflow.start(type, {
    ...{ workflowId: id, taskQueue },
    typedSearchAttributes: toPairs({
      ...{ HookyardAutomation: type, HookyardRepository: given.repository ?? 'acme/app' },
      ...{ HookyardBranch: given.branch ?? 'main', HookyardPullRequest: given.pullRequest ?? 7 },
      HookyardOutcome: given.outcome ?? 'none',
      ...(given.waiting !== null && { HookyardWaiting: given.waiting ?? 'nothing' }),
    }),
  });
const ids = async (filter: RunsFilter, limit = 50) =>
  (await listRuns(deps(), filter, { limit })).runs.map(({ run }) => run).sort();
/** Begins with an empty list, and waits until Temporal lists what was started. */
const begin = async (...given: Given[]) => {
  taskQueue = unique('runs-api');
  const runs = [];
  for (const one of given) runs.push((await start(one)).workflowId);
  await expect.poll(async () => (await ids({})).length, { timeout: 10_000 }).toBeGreaterThan(0);
  await expect
    .poll(async () => (await client.workflow.count(`TaskQueue = '${taskQueue}'`)).count, { timeout: 10_000 })
    .toBe(given.length);
  return runs;
};

test('runs that have ended since a time are listed, however long ago they began', async () => {
  const [red = ''] = await begin({ outcome: 'failed' }, { outcome: 'failed' });
  expect(await ids({ endedSince: Date.now() - 60_000 })).toEqual([]);
  await client.workflow.getHandle(red).terminate();
  const ended = () => ids({ endedSince: Date.now() - 60_000, outcome: 'failed' });
  await expect.poll(ended, { timeout: 10_000 }).toEqual([red]);
  expect(await ids({ endedSince: Date.now() + 60_000 })).toEqual([]);
});

test('runs are listed by what they are about, how they ended and what they wait for', async () => {
  const [red, green, waits, other, built] = await begin(
    { outcome: 'failed' },
    { outcome: 'passed', branch: 'more' },
    { waiting: 'approval' },
    { type: 'deploy', repository: 'acme/other' },
    { type: 'hookyardReconcile' },
  );
  expect(await ids({ outcome: 'failed' })).toEqual([red]);
  expect(await ids({ branch: 'more' })).toEqual([green]);
  expect(await ids({ waiting: 'approval' })).toEqual([waits]);
  expect(await ids({ waiting: 'anything' })).toEqual([waits]);
  expect(await ids({ automation: 'deploy' })).toEqual([other]);
  expect(await ids({ repository: 'acme/other' })).toEqual([other]);
  expect(await ids({ repository: 'acme/other', automation: 'ci' })).toEqual([]);
  expect(await ids({})).toEqual([red, green, waits, other].sort());
  expect(await ids({ automation: 'hookyardReconcile' })).toEqual([built]);
  expect(await ids({ since: Date.now() + 60_000 })).toEqual([]);
  expect(await ids({ since: Date.now() - 60_000, automation: 'deploy' })).toEqual([other]);
  const { runs } = await listRuns(deps(), { waiting: 'approval' }, { limit: 1 });
  expect(runs).toEqual([
    {
      ...{ run: waits, runId: expect.any(String), automation: 'ci', status: 'running', waitsFor: 'approval' },
      ...{ repository: 'acme/app', branch: 'main', pullRequest: 7, startedAt: expect.stringMatching(/Z$/) },
    },
  ]);
});

test('runs are listed by their pull request, and by not waiting, whatever their namespace knows of that', async () => {
  const [plain, , older, other, ended = ''] = await begin(
    {},
    { waiting: 'lane' },
    { waiting: null },
    { pullRequest: 8 },
    {},
  );
  await client.workflow.getHandle(ended).terminate();
  await expect.poll(() => ids({ ended: true }), { timeout: 10_000 }).toEqual([ended]);
  expect(await ids({ waiting: 'nothing' })).toEqual([plain, older, other].sort());
  expect(await ids({ pullRequest: 8 })).toEqual([other]);
  expect(await ids({ pullRequest: 9 })).toEqual([]);
});

test('what failed is listed together with what broke, and what tells of an automation without what does not', async () => {
  const runs = await begin(
    { outcome: 'failed' },
    { outcome: 'error' },
    { outcome: 'passed' },
    { outcome: 'skipped' },
    {},
  );
  const [failed, broke, passed, skipped, terminated] = runs;
  for (const run of runs) await client.workflow.getHandle(run).terminate();
  await expect.poll(() => ids({ ended: true }), { timeout: 10_000 }).toHaveLength(5);
  expect(await ids({ outcome: 'red' })).toEqual([failed, broke, terminated].sort());
  expect(await ids({ outcome: 'counted' })).toEqual([failed, broke, passed, terminated].sort());
  expect(await ids({ outcome: 'skipped' })).toEqual([skipped]);
});

test('what ended without code of ours counts as an error or as cancelled', async () => {
  const [terminated, open] = await begin({}, {});
  await client.workflow.getHandle(terminated ?? '').terminate();
  await expect.poll(() => ids({ outcome: 'error' }), { timeout: 10_000 }).toEqual([terminated]);
  const { runs } = await listRuns(deps(), {}, { limit: 5 });
  // Open ones are first.
  expect(runs).toMatchObject([
    { run: open, status: 'running' },
    { run: terminated, status: 'terminated', outcome: 'error', endedAt: expect.any(String) },
  ]);
  expect(runs[0]).not.toHaveProperty('outcome');
});

test("a name that is asked for can't end the text of the query", async () => {
  const [run] = await begin({ branch: "it's" }, {});
  expect(await ids({ branch: "it's" })).toEqual([run]);
  expect(await ids({ branch: "x' OR HookyardBranch = 'main" })).toEqual([]);
  expect(await ids({ automation: "x' OR WorkflowType = 'ci" })).toEqual([]);
  expect(await findRun(deps(), "x' OR WorkflowType = 'ci")).toBeUndefined();
});

test('runs come in pages, each run once', async () => {
  const all = await begin({}, {}, {}, {}, {});
  const seen: string[] = [];
  let page: string | undefined;
  do {
    const { runs, next } = await listRuns(deps(), {}, { limit: 2, page });
    expect(runs.length).toBeLessThanOrEqual(2);
    seen.push(...runs.map(({ run }) => run));
    page = next;
  } while (page !== undefined);
  expect(seen.sort()).toEqual([...all].sort());
  const { next = '' } = await listRuns(deps(), {}, { limit: 2 });
  for (const wrong of [
    'nonsense',
    'after-',
    'after-nonsense',
    'after-0123abcdbm9uc2Vuc2U',
    next.slice(0, -1),
    `${next}=`,
  ])
    await expect(listRuns(deps(), {}, { limit: 2, page: wrong })).rejects.toMatchObject({ status: 400 });
});

test('a run is found by its id, by a beginning of it, by its delivery, and as the latest', async () => {
  const delivery = row([unique('ci/github/k')]);
  await store.inbox.accept(delivery);
  const [first = '', second = '', other = ''] = await begin(
    { id: unique('ci/github/aaa') },
    { id: unique('ci/github/bbb') },
    { type: 'deploy', id: unique('deploy/github/aaa') },
  );
  for (const [name, run] of [
    [first, first],
    ['ci/github/aaa', first],
    ['deploy', other],
    [delivery.id, delivery.verdicts[0] && 'workflowId' in delivery.verdicts[0] && delivery.verdicts[0].workflowId],
    [
      delivery.id.slice(0, 8),
      delivery.verdicts[0] && 'workflowId' in delivery.verdicts[0] && delivery.verdicts[0].workflowId,
    ],
    ['latest ci', second],
    ['latest', other],
    ['latest nightly', undefined],
    ['ci/github/ccc', undefined],
  ] as const)
    expect(await findRun(deps(), name), name).toBe(run);
  await expect(findRun(deps(), 'ci/github/')).rejects.toMatchObject({
    status: 409,
    more: { runs: expect.arrayContaining([first, second]) },
  });
  // One that began later is the latest, also where an earlier one ended after it.
  await client.workflow.getHandle(second).terminate();
  await client.workflow.getHandle(first).terminate();
  await expect.poll(() => ids({ automation: 'ci', outcome: 'error' })).toHaveLength(2);
  expect(await findRun(deps(), 'latest ci')).toBe(second);
});

test('a delivery that started several runs, or none, names no run', async () => {
  await begin({});
  const [two, none] = [row([unique('ci/github/k'), unique('docs/github/k')]), row([])];
  for (const delivery of [two, none]) await store.inbox.accept(delivery);
  await expect(findRun(deps(), two.id)).rejects.toMatchObject({ status: 409, more: { runs: { length: 2 } } });
  await expect(findRun(deps(), none.id)).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('started no run'),
  });
});

test('a run is told who cancels it, and then cancelled', async () => {
  const [run = ''] = await begin({});
  expect(await cancelRuns(deps(), { run, by: 'anna', dryRun: true })).toEqual({ runs: [run] });
  expect(await cancelRuns(deps(), { run: run.slice(0, -1), by: 'anna' })).toEqual({ runs: [run] });
  const { events = [] } = await client.workflow.getHandle(run).fetchHistory();
  const told = (events ?? []).slice(2).map(({ workflowExecutionSignaledEventAttributes: signal, eventType }) => ({
    eventType,
    ...(signal && { name: signal.signalName, data: Buffer.from(signal.input?.payloads?.[0]?.data ?? []).toString() }),
  }));
  expect(told).toEqual([
    { eventType: 26, name: CANCEL_SIGNAL, data: '{"because":"cancelled by anna through hookyard cancel"}' },
    // EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED
    { eventType: 20 },
  ]);
  await client.workflow.getHandle(run).terminate();
  await expect(cancelRuns(deps(), { run, by: 'anna' })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('has ended already: terminated'),
  });
  expect(await cancelRuns(deps(), { run: 'ci/github/none', by: 'anna' })).toBeUndefined();
  await expect(cancelRuns(deps(), { by: 'anna' })).rejects.toMatchObject({ status: 400 });
  await expect(cancelRuns(deps(), { repository: 'acme/app', by: 'anna' })).rejects.toMatchObject({ status: 400 });
});

test('a run that waits for its start is not cancelled, and says so', async () => {
  await begin({});
  const delivery = row([unique('ci/github/k')]);
  await store.inbox.accept(delivery);
  await expect(cancelRuns(deps(), { run: delivery.id, by: 'anna' })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('has not begun yet'),
  });
});

test('a run that has not begun is not approved, and says so', async () => {
  await begin({});
  const lane = unique('lane');
  const keys = [unique('ci/github/h'), unique('ci/github/w')] as const;
  for (const key of keys) await store.inbox.accept(inLane(key, { lane }, { key }));
  const approve = (run: string) => answerRun(deps(), { run, approves: true });
  await expect(approve(keys[1])).rejects.toMatchObject({ status: 409, message: expect.stringContaining('not begun') });
  await store.lanes.takeOut({ workflowId: keys[1], because: 'cancelled' });
  await expect(approve(keys[1])).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('never begins'),
  });
  expect(await approve('ci/github/none')).toBeUndefined();
});

test('the open runs of a branch are cancelled, and no other', async () => {
  const [one = '', two = '', other = '', ended = ''] = await begin(
    { branch: 'old' },
    { branch: 'old', type: 'deploy' },
    { branch: 'main' },
    { branch: 'old' },
  );
  await client.workflow.getHandle(ended).terminate();
  await expect.poll(() => ids({ branch: 'old', open: true })).toHaveLength(2);
  const asked = async (run: string) =>
    ((await client.workflow.getHandle(run).fetchHistory()).events ?? []).some(({ eventType }) => eventType === 20);
  const dry = await cancelRuns(deps(), { branch: 'old', by: 'anna', dryRun: true });
  expect([...(dry?.runs ?? [])].sort()).toEqual([one, two].sort());
  expect(await asked(one)).toBe(false);
  expect((await cancelRuns(deps(), { branch: 'old', automation: 'ci', by: 'anna' }))?.runs).toEqual([one]);
  expect(await Promise.all([one, two, other].map(asked))).toEqual([true, false, false]);
  expect([...((await cancelRuns(deps(), { branch: 'old', by: 'anna' }))?.runs ?? [])].sort()).toEqual(
    [one, two].sort(),
  );
  expect(await asked(other)).toBe(false);
});

test('a run that waits in its lane to begin is named by its beginning, and listed among those that wait', async () => {
  await begin({});
  const [lane, branch] = [unique('lane'), unique('branch')];
  const keys = [unique('ci/github/h'), unique('ci/github/w')] as const;
  for (const key of keys) await store.inbox.accept(inLane(key, { lane }, { key, events: [pushEvent({ branch })] }));
  await store.inbox.claim({ limit: 5, leaseMs: 60_000 });
  const [, waiting] = keys;
  expect(await findRun(deps(), waiting.slice(0, -1))).toBe(waiting);
  const answer = (filter: RunsFilter, limit = 5) => listNotBegun(store.lanes, { branch, ...filter }, limit);
  const asked = async (filter: RunsFilter) => (await answer(filter)).notBegun;
  const about = pushEvent({ branch });
  expect(await asked({ waiting: 'lane' })).toEqual([
    {
      ...{ run: waiting, automation: 'ci', source: about.source, delivery: about.deliveryId, since: about.receivedAt },
      ...{ repository: about.repository.fullName, branch, commit: about.commit.sha },
    },
  ]);
  expect(await asked({ waiting: 'anything' })).toHaveLength(1);
  for (const other of [
    { branch: 'other' },
    { automation: 'deploy' },
    { repository: 'acme/none' },
    { pullRequest: 7 },
    { since: Date.now() + 60_000 },
  ])
    expect(await asked({ waiting: 'lane', ...other }), JSON.stringify(other)).toEqual([]);
  expect(await asked({ waiting: 'approval' })).toBeUndefined();
  expect(await asked({})).toBeUndefined();
  const [more] = [unique('ci/github/m')];
  await store.inbox.accept(inLane(more, { lane }, { key: more, events: [pushEvent({ branch })] }));
  await store.inbox.claim({ limit: 5, leaseMs: 60_000 });
  expect(await answer({ waiting: 'lane' }, 1)).toEqual({
    notBegun: [expect.objectContaining({ run: waiting })],
    moreNotBegun: true,
  });
  expect(await answer({ waiting: 'lane' }, 2)).not.toHaveProperty('moreNotBegun');
});

test('a name that is not found reads none of the runs that wait to begin', async () => {
  await begin({});
  const lane = unique('lane');
  const keys = [unique('ci/github/h'), unique('ci/github/w'), unique('ci/github/w')];
  for (const key of keys) await store.inbox.accept(inLane(key, { lane }, { key }));
  const read: string[] = [];
  const lanes: Store['lanes'] = {
    ...store.lanes,
    async notBegun(filter) {
      const found = await store.lanes.notBegun(filter);
      read.push(...found.map(({ workflowId }) => workflowId));
      return found;
    },
  };
  const counted = deps({ store: { ...store, lanes } });
  expect(await findRun(counted, unique('none'))).toBeUndefined();
  expect(read).toEqual([]);
  expect(await findRun(counted, keys[1]?.slice(0, -1) ?? '')).toBe(keys[1]);
  expect(read).toEqual([keys[1]]);
});

test('a beginning that many runs have is answered with some of them, and reads no more', async () => {
  await begin({});
  const lane = unique('lane');
  const key = (n: number) => `many/${lane}/${n}`;
  for (let n = 0; n < 22; n += 1) await store.inbox.accept(inLane(key(n), { lane }, { key: key(n) }));
  await expect(findRun(deps(), `many/${lane}`)).rejects.toMatchObject({ status: 409, more: { runs: { length: 20 } } });
});

test('how a run waits in its lane says behind whom, and who has paused the lane', async () => {
  const lane = unique('lane');
  const keys = [unique('h'), unique('a'), unique('b')] as const;
  for (const key of keys) await store.inbox.accept(inLane(key, { lane }, { key }));
  const [holder, first, second] = keys;
  const words = (place: number) => `waits in the lane the lane ${lane}, place ${place}`;
  expect(await standingOf(store.lanes, holder)).toBeUndefined();
  expect(await standingOf(store.lanes, first)).toBe(`${words(1)}, after ${holder}`);
  expect(await standingOf(store.lanes, second)).toBe(`${words(2)}, after ${first}`);
  await store.lanes.setMode({ lane, mode: 'paused', by: 'ada', reason: 'a freeze' });
  expect(await standingOf(store.lanes, second)).toBe(`${words(2)}, which ada has paused: a freeze`);
  await store.lanes.setMode({ lane, mode: 'paused', by: 'ada' });
  // One that has begun gives up its slot while people are asked, and asks for it again.
  await store.inbox.claim({ limit: 1, leaseMs: 60_000 });
  await store.inbox.settle([{ id: holder, outcome: 'done' }]);
  await store.lanes.stepAside(holder);
  expect(await standingOf(store.lanes, holder)).toBeUndefined();
  await store.lanes.stepBack(holder);
  expect(await standingOf(store.lanes, holder)).toBe(`${words(1)}, which ada has paused`);
});

test('runs that wait in lanes to begin are cancelled with those of a branch or an automation, and none of others', async () => {
  await begin({});
  const [lane, branch] = [unique('lane'), unique('branch')];
  const accept = async (key: string, event: object = {}) => {
    await store.inbox.accept(inLane(key, { lane }, { key, events: [pushEvent({ branch, ...event } as never)] }));
    return key;
  };
  const [holder, one, elsewhere, two] = [unique('h'), unique('a'), unique('b'), unique('c')];
  await accept(holder, { branch: 'main' });
  await accept(one);
  await accept(elsewhere, { branch: 'other' });
  await accept(two);
  const stateOf = async (run: string) => (await store.inbox.findStart(run))?.state;
  const what = { branch, by: 'anna' };
  expect(await cancelRuns(deps(), { ...what, dryRun: true })).toEqual({ runs: [one, two] });
  expect(await cancelRuns(deps(), { ...what, automation: unique('none') })).toEqual({ runs: [] });
  expect(await stateOf(one)).toBe('waiting');
  expect(await cancelRuns(deps(), { run: one, by: 'anna', dryRun: true })).toEqual({ runs: [one] });
  expect(await stateOf(one)).toBe('waiting');
  expect(await cancelRuns(deps(), what)).toEqual({ runs: [one, two] });
  expect(await store.inbox.findStart(one)).toMatchObject({
    state: 'refused',
    because: 'cancelled by anna through hookyard cancel',
  });
  expect(await Promise.all([holder, elsewhere].map(stateOf))).toEqual(['pending', 'waiting']);
});

test('the open runs of a repository are cancelled however its name is written', async () => {
  const [lane, branch] = [unique('lane'), unique('branch')];
  const fullName = `Acme/${unique('App')}`;
  const { repository } = pushEvent();
  const keys = [unique('a'), unique('b')];
  const event = pushEvent({ branch, repository: { ...repository, fullName } });
  for (const key of keys) await store.inbox.accept(inLane(key, { lane }, { key, events: [event] }));
  const [one = ''] = await begin({ branch, repository: fullName }, { branch });
  const cancelled = async (named: string) =>
    (await cancelRuns(deps(), { branch, repository: named, by: 'anna', dryRun: true }))?.runs;
  expect(await cancelled(fullName.toLowerCase())).toEqual([...keys, one]);
  expect(await cancelled(`${fullName}s`)).toEqual([]);
});

test('what was cancelled is told also where Temporal does not answer for the rest', async () => {
  await begin({});
  const [lane, branch] = [unique('lane'), unique('branch')];
  const keys = [unique('a'), unique('b')];
  for (const key of keys) await store.inbox.accept(inLane(key, { lane }, { key, events: [pushEvent({ branch })] }));
  const away = await awayClient();
  try {
    expect(await cancelRuns(deps({ client: away }), { branch, by: 'anna' })).toEqual({
      runs: keys,
      because: expect.stringContaining('Temporal does not answer'),
    });
  } finally {
    await away.connection.close();
  }
});

test('a run is started again alone: of its delivery, and of its part of it', async () => {
  await begin({});
  const [ci, part, docs] = [unique('ci/github/k'), unique('ci/github/k'), unique('docs/github/k')];
  const plain = row([]);
  const verdict = (workflowId: string, automation: string, at = 0) =>
    ({ automation, outcome: 'start', because: 'a push', workflowId, ...(at > 0 && { part: at }) }) as const;
  const [event] = row([ci]).events;
  if (!event) throw new Error('the delivery says nothing');
  const delivery = {
    ...plain,
    events: [event, event],
    verdicts: [verdict(ci, 'ci'), verdict(docs, 'docs'), verdict(part, 'ci', 1)],
  };
  await store.inbox.accept(delivery);
  const before = woken;
  const again = await rerun(deps(), part);
  expect(again).toEqual({ run: expect.stringMatching(/\/2\/replay-\d$/), rerunOf: part, delivery: delivery.id });
  expect(woken).toBe(before + 1);
  // What came of it can be run again itself, and is another run each time.
  const third = await rerun(deps(), again?.run ?? '');
  expect(third).toMatchObject({ rerunOf: again?.run, delivery: delivery.id });
  expect(third?.run).not.toBe(again?.run);
  const kept = await store.inbox.find(delivery.id);
  expect(kept?.dispatches.map(({ workflowId }) => workflowId)).toEqual([ci, docs, part, again?.run, third?.run]);
  // One that is to go on from where that failed is told which run that was.
  const { inbox } = store;
  const asked: unknown[] = [];
  const startAgain: typeof inbox.startAgain = (starts) => {
    asked.push(...starts.starts);
    return inbox.startAgain(starts);
  };
  await rerun({ ...deps(), store: { ...store, inbox: { ...inbox, startAgain } } }, part, { fromFailed: true });
  expect(asked).toMatchObject([{ how: { fromFailed: part } }]);
  // And from which that went on itself: it may have been stopped.
  const fourth = third?.run ?? '';
  const memo = { goesOnFrom: [part, ci] };
  await client.workflow.start('ci', { workflowId: fourth, taskQueue, memo });
  await rerun({ ...deps(), store: { ...store, inbox: { ...inbox, startAgain } } }, fourth, { fromFailed: true });
  expect(asked.at(-1)).toMatchObject({ how: { fromFailed: fourth, fromFailedBefore: [part, ci] } });
});

test('a run that no delivery asked for is not started again, and says why', async () => {
  const [run = ''] = await begin({});
  await expect(rerun(deps(), run)).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('no delivery asked for the run'),
  });
  expect(await rerun(deps(), 'ci/github/none')).toBeUndefined();
});

test('a namespace without the search attributes is told from a Temporal that is away', async () => {
  const bare = await startTemporal({ indexed: false });
  try {
    const asked = listRuns(deps({ client: bare.client }), { outcome: 'failed' }, { limit: 5 });
    await expect(asked).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(
        /temporal operator search-attribute create -n default .*--name HookyardOutcome --type Keyword/,
      ),
    });
  } finally {
    await bare.teardown();
  }
  const away = awayClient();
  try {
    const asked = listRuns(deps({ client: away }), { outcome: 'failed' }, { limit: 5 });
    await expect(asked).rejects.toMatchObject({ status: 503 });
  } finally {
    await away.connection.close();
  }
});

test('all that is known of a run is told, and Temporal is asked once how it stands', async () => {
  const [run = ''] = await begin({});
  await store.logs.append({ workflowId: run, job: 'build' }, [
    { at: Date.now(), stream: 'stdout', attempt: 1, text: 'built' },
  ]);
  const described = vi.spyOn(client.workflowService, 'describeWorkflowExecution');
  try {
    expect(await showWholeRun(deps(), run)).toEqual({
      ...{ run, jobs: ['build'], timeline: [], state: { status: 'running' } },
      about: expect.objectContaining({ run, automation: 'ci', repository: 'acme/app', branch: 'main' }),
    });
    expect(described).toHaveBeenCalledTimes(1);
  } finally {
    described.mockRestore();
  }
  expect(await showWholeRun(deps(), unique('ci/github/k'))).toBeUndefined();
});
