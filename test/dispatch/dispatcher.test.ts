import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDispatcher, type Dispatcher, type DispatcherDeps } from '../../src/dispatch/dispatcher.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { type Inbox, type Store, StoreUnavailableError } from '../../src/store/store.js';
import { connectClient } from '../../src/temporal/connect.js';
import { freeAddress } from '../support/harness/free-address.js';
import { type KeptLog, keepLog } from '../support/harness/log.js';
import { row } from '../support/harness/rows.js';
import { startTemporal } from '../support/own-temporal.js';
import { tempFolder } from '../support/temp-folder.js';
import { testClient } from '../support/temporal.js';
import { pullRequestEvent, pushEvent } from '../triggers/sample-events.js';

const TASK_QUEUE = 'nobody-polls-this';

let temporal: Awaited<ReturnType<typeof testClient>>;
let folder: string;
let store: Store;
let kept: KeptLog;
const dispatchers: Dispatcher[] = [];

beforeAll(async () => {
  temporal = await testClient();
});
afterAll(() => temporal?.close());

beforeEach(async () => {
  folder = await tempFolder('dispatcher');
  store = await openSqliteStore({ path: join(folder, 'store.db') });
  kept = keepLog();
});
afterEach(async () => {
  await Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.stop()));
  await store.close();
});

function dispatch(change: Partial<DispatcherDeps> = {}): Dispatcher {
  const deps = { inbox: store.inbox, client: temporal, taskQueue: TASK_QUEUE, log: kept.log, ...change };
  const dispatcher = createDispatcher(deps);
  dispatchers.push(dispatcher);
  dispatcher.start();
  return dispatcher;
}

/** A client of the same server whose calls are seen. */
const watched = (interceptor: WorkflowClientInterceptor) =>
  new Client({ connection: temporal.connection, interceptors: { workflow: [interceptor] } });

const freshId = (automation = 'ci') => `${automation}/github/${randomUUID()}`;
const settled = (pending = 0) =>
  expect.poll(async () => (await store.inbox.backlog()).pending, { timeout: 20_000 }).toBe(pending);
const dispatchesOf = async (id: string) => (await store.inbox.find(id))?.dispatches;

it('what the inbox holds is started under its name, with what the Temporal UI shows and finds it by', async () => {
  const [push, pull] = [freshId(), freshId('review')];
  const title = 'A [link](https://evil.example) <b>and</b> www.evil.example';
  const { pullRequest } = pullRequestEvent();
  const first = row([push], pushEvent());
  await store.inbox.accept(first);
  await store.inbox.accept(row([pull], pullRequestEvent({ pullRequest: { ...pullRequest, title } })));
  dispatch();
  await settled();

  const handle = temporal.workflow.getHandle(push);
  const about = await handle.describe();
  expect(about).toMatchObject({ type: 'ci', taskQueue: TASK_QUEUE, status: { name: 'RUNNING' } });
  expect(await about.staticSummary()).toBe('push to main of acme/shop at 1234567');
  expect(await about.staticDetails()).toContain(`\`hookyard explain ${first.id}\``);
  const attributes = Object.fromEntries(
    about.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
  );
  expect(attributes).toMatchObject({
    HookyardAutomation: 'ci',
    HookyardRepository: 'acme/shop',
    HookyardBranch: 'main',
    HookyardCommit: '1234567890abcdef1234567890abcdef12345678',
    HookyardSource: 'github',
    HookyardDelivery: first.id,
  });
  const history = await handle.fetchHistory();
  const data = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
  expect(JSON.parse(Buffer.from(data ?? []).toString())).toEqual(first.events[0]);
  expect(await dispatchesOf(first.id)).toMatchObject([{ state: 'done', attempts: 1, runId: about.runId }]);

  const review = await temporal.workflow.getHandle(pull).describe();
  const found = review.typedSearchAttributes.getAll().find(({ key }) => key.name === 'HookyardPullRequest');
  expect(found?.value).toBe(pullRequest.number);
  const details = (await review.staticDetails()) ?? '';
  expect(details).not.toContain('<b>');
  expect(details).not.toMatch(/[^\\]\]\(https:\/\/evil/);
  expect(details).not.toMatch(/www\.evil/);
});

it('what the inbox holds is started once, by however many dispatchers', async () => {
  const ids = Array.from({ length: 40 }, () => freshId());
  for (const id of ids) await store.inbox.accept(row([id]));
  const started: string[] = [];
  const client = watched({
    start: async (input, next) => {
      const runId = await next(input);
      started.push(input.options.workflowId);
      return runId;
    },
  });
  for (let i = 0; i < 3; i += 1) dispatch({ client });
  await settled();
  expect(started.sort()).toEqual([...ids].sort());
});

it('what the inbox holds is started by another when its holder died after starting it', async () => {
  const id = freshId();
  const delivery = row([id]);
  await store.inbox.accept(delivery);
  // What a process does that is killed between the start and noting it.
  await store.inbox.claim({ limit: 1, leaseMs: 200 });
  const { firstExecutionRunId } = await temporal.workflow.start('ci', {
    workflowId: id,
    taskQueue: TASK_QUEUE,
  });
  dispatch();
  await settled();
  expect(await dispatchesOf(delivery.id)).toMatchObject([{ state: 'done' }]);
  expect((await temporal.workflow.getHandle(id).describe()).runId).toBe(firstExecutionRunId);
  expect(kept.lines().filter(({ level }) => level > 30)).toEqual([]);
});

it('what a dead holder had leased is started at once by a dispatcher that is alone, and by no other', async () => {
  const id = freshId();
  const delivery = row([id]);
  await store.inbox.accept(delivery);
  const leaseMs = 600_000;
  await store.inbox.claim({ limit: 1, leaseMs });
  let claims = 0;
  const claim: Inbox['claim'] = (options) => {
    claims += 1;
    return store.inbox.claim(options);
  };
  await dispatch({ inbox: { ...store.inbox, claim } }).stop();
  expect(claims).toBeGreaterThan(0);
  expect(await dispatchesOf(delivery.id)).toMatchObject([{ state: 'pending', attempts: 1 }]);

  let refusals = 0;
  const endLeases: Inbox['endLeases'] = async () => {
    refusals += 1;
    if (refusals === 1) throw new StoreUnavailableError('not now');
    await store.inbox.endLeases();
  };
  dispatch({ inbox: { ...store.inbox, endLeases }, isAlone: true });
  await settled();
  expect(refusals).toBe(2);
  expect(await dispatchesOf(delivery.id)).toMatchObject([{ state: 'done', attempts: 2 }]);
});

it('what the inbox holds is not started again after its run has ended', async () => {
  const id = freshId();
  const { firstExecutionRunId } = await temporal.workflow.start('ci', {
    workflowId: id,
    taskQueue: TASK_QUEUE,
  });
  await temporal.workflow.getHandle(id).terminate();
  await store.inbox.accept(row([id]));
  dispatch();
  await settled();
  const { runId, status } = await temporal.workflow.getHandle(id).describe();
  expect({ runId, status: status.name }).toEqual({ runId: firstExecutionRunId, status: 'TERMINATED' });
});

it('what the inbox holds goes to Temporal at most 32 at a time', async () => {
  for (let i = 0; i < 10; i += 1) await store.inbox.accept(row(Array.from({ length: 8 }, () => freshId())));
  let [now, most] = [0, 0];
  const client = watched({
    start: async (input, next) => {
      now += 1;
      most = Math.max(most, now);
      return next(input).finally(() => {
        now -= 1;
      });
    },
  });
  const dispatcher = dispatch({ client });
  for (let i = 0; i < 50; i += 1) dispatcher.wake();
  await settled();
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(32);
});

it('what the inbox holds does not wait for the next poll once the dispatcher is woken', async () => {
  let asked = 0;
  const inbox: Inbox = {
    ...store.inbox,
    claim: (options) => {
      asked += 1;
      return store.inbox.claim(options);
    },
    nextDue: async () => undefined,
  };
  const dispatcher = dispatch({ inbox });
  await expect.poll(() => asked).toBe(1);
  const before = asked;
  await store.inbox.accept(row([freshId()]));
  dispatcher.wake();
  await settled();
  expect(asked).toBeGreaterThan(before);
});

it('one that Temporal refuses is kept as a dead letter with the reason, and the others go on', async () => {
  const refused = row([`ci/${'x'.repeat(1_001)}`]);
  const huge = row([freshId()], pushEvent({ branch: 'b'.repeat(1_600_000) }));
  const good = Array.from({ length: 5 }, () => row([freshId()]));
  for (const delivery of [refused, huge, ...good]) await store.inbox.accept(delivery);
  dispatch();
  await settled();
  expect(await dispatchesOf(refused.id)).toMatchObject([
    { state: 'failed', attempts: 1, error: expect.stringContaining('INVALID_ARGUMENT') },
  ]);
  expect(await dispatchesOf(huge.id)).toMatchObject([
    { state: 'failed', error: expect.stringContaining('Temporal takes') },
  ]);
  for (const { id } of good) expect(await dispatchesOf(id)).toMatchObject([{ state: 'done' }]);
  expect(
    kept.lines('workflow not started, and not tried again: npx hookyard deliveries --failed lists it'),
  ).toHaveLength(2);
  expect(kept.lines().filter(({ msg }) => msg.startsWith('Temporal is unavailable'))).toEqual([]);
});

it('one that Temporal refuses because of search attributes is started without them', async () => {
  const bare = await startTemporal({ indexed: false });
  try {
    const id = freshId();
    await store.inbox.accept(row([id]));
    const dispatcher = dispatch({ client: bare.client });
    await settled();
    await dispatcher.stop();
    expect((await bare.client.workflow.getHandle(id).describe()).status.name).toBe('RUNNING');
    expect(kept.lines().filter(({ level }) => level === 40)).toHaveLength(1);
  } finally {
    await bare.teardown();
  }
});

it('a namespace that an older version prepared gets the run with the search attributes that it knows', async () => {
  const older = await startTemporal({ without: ['HookyardOutcome', 'HookyardWaiting', 'HookyardLane'] });
  try {
    const id = freshId();
    await store.inbox.accept(row([id]));
    const dispatcher = dispatch({ client: older.client });
    await settled();
    await dispatcher.stop();
    const { searchAttributes } = await older.client.workflow.getHandle(id).describe();
    expect(searchAttributes).toMatchObject({ HookyardAutomation: ['ci'], HookyardSource: ['github'] });
    expect(kept.lines().filter(({ level }) => level === 40)).toMatchObject([
      {
        run: id,
        msg: expect.stringMatching(
          /without HookyardOutcome, HookyardWaiting and HookyardLane.*temporal operator search-attribute create -n /,
        ),
      },
    ]);
  } finally {
    await older.teardown();
  }
});

it('deliveries wait, few attempts are made, and all are started when it is back, with a line for each', async () => {
  const { port } = await freeAddress();
  const client = connectClient({ namespace: 'default', options: { address: `127.0.0.1:${port}` } });
  const ids = Array.from({ length: 60 }, () => freshId());
  const rows = ids.map((id) => row([id]));
  for (const delivery of rows) await store.inbox.accept(delivery);
  const dispatcher = dispatch({ client });
  const away = () => kept.lines('Temporal is unavailable: deliveries are stored and wait');
  await expect.poll(away, { timeout: 20_000 }).toHaveLength(1);
  expect((await store.inbox.backlog()).pending).toBe(60);

  const late = await startTemporal({ port });
  try {
    await settled();
    for (const id of ids) expect((await late.client.workflow.getHandle(id).describe()).status.name).toBe('RUNNING');
    expect(away()).toHaveLength(1);
    const back = kept.lines('Temporal is available again: what waited is started');
    expect(back).toMatchObject([{ waiting: expect.any(Number), awayMs: expect.any(Number) }]);
    const attempts = await Promise.all(rows.map(async ({ id }) => (await dispatchesOf(id))?.[0]?.attempts ?? 0));
    // Those that were on their way when it was noticed, and a probe now and then.
    expect(attempts.filter((count) => count === 1).length).toBeGreaterThan(30);
  } finally {
    await dispatcher.stop();
    await late.teardown();
    await client.connection.close();
  }
});

it('a signal reaches its run', async () => {
  const id = freshId();
  const handle = await temporal.workflow.start('ci', { workflowId: id, taskQueue: TASK_QUEUE });
  await store.inbox.signal({ id: 's1', workflowId: id, signal: 'built', payload: { outcome: 'passed' } });
  dispatch();
  await settled();
  const { events } = await handle.fetchHistory();
  const signalled = events?.find((event) => event.workflowExecutionSignaledEventAttributes);
  const attributes = signalled?.workflowExecutionSignaledEventAttributes;
  expect(attributes?.signalName).toBe('built');
  expect(JSON.parse(Buffer.from(attributes?.input?.payloads?.[0]?.data ?? []).toString())).toEqual({
    outcome: 'passed',
  });
});

it('a signal for a run that has ended is settled with a line', async () => {
  const id = freshId();
  const handle = await temporal.workflow.start('ci', { workflowId: id, taskQueue: TASK_QUEUE });
  await handle.terminate();
  await store.inbox.signal({ id: 's2', workflowId: id, signal: 'built', payload: {} });
  dispatch();
  await settled();
  expect((await store.inbox.backlog()).failed).toBe(0);
  expect(kept.lines('signal dropped: the workflow had ended')).toMatchObject([{ run: id, signal: 'built' }]);
});

it('the dispatcher does not ask again and again when there is nothing to do', async () => {
  let asked = 0;
  const inbox: Inbox = {
    ...store.inbox,
    claim: (options) => {
      asked += 1;
      return store.inbox.claim(options);
    },
  };
  dispatch({ inbox });
  await expect.poll(() => asked, { timeout: 5_000 }).toBeGreaterThanOrEqual(2);
  // Two polls at least a second apart: a loop that does not rest would have asked thousands of times.
  expect(asked).toBeLessThan(20);
});

it('the dispatcher finds one after the other that nobody tells it of, and does not rest for a second before each', async () => {
  const ids = Array.from({ length: 20 }, freshId);
  dispatch({ letOnElsewhere: true });
  const until = performance.now() + 15_000;
  for (const id of ids) {
    await store.inbox.accept(row([id]));
    await expect
      .poll(async () => (await store.inbox.findStart(id))?.state, { timeout: until - performance.now(), interval: 20 })
      .toBe('done');
  }
});

it('the dispatcher goes on after the store was away, with a line for each', async () => {
  let failures = 3;
  const inbox: Inbox = {
    ...store.inbox,
    claim: (options) => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new StoreUnavailableError('locked')) : store.inbox.claim(options);
    },
  };
  const id = freshId();
  await store.inbox.accept(row([id]));
  dispatch({ inbox });
  await settled();
  expect(kept.lines('the store is unavailable: no workflow can be started')).toHaveLength(1);
  expect(kept.lines('the store is available again: workflows are started')).toHaveLength(1);
});

it('the dispatcher finishes what is under way when it is stopped, and takes on nothing more', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let entered = () => {};
  const entry = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const client = watched({
    start: async (input, next) => {
      entered();
      await held;
      return next(input);
    },
  });
  const [first, second] = [row([freshId()]), row([freshId()])];
  await store.inbox.accept(first);
  const dispatcher = dispatch({ client });
  await entry;
  const stopped = dispatcher.stop();
  await store.inbox.accept(second);
  dispatcher.wake();
  release();
  await stopped;
  expect(await dispatchesOf(first.id)).toMatchObject([{ state: 'done' }]);
  expect(await dispatchesOf(second.id)).toMatchObject([{ state: 'pending', attempts: 0 }]);
});

it('the dispatcher finishes what a claim brings that was under way when it was stopped', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let claims = 0;
  const inbox: Inbox = {
    ...store.inbox,
    claim: async (options) => {
      claims += 1;
      const claimed = await store.inbox.claim(options);
      await held;
      return claimed;
    },
  };
  const delivery = row([freshId()]);
  await store.inbox.accept(delivery);
  const dispatcher = dispatch({ inbox });
  await expect.poll(() => claims).toBe(1);
  const stopped = dispatcher.stop();
  release();
  await stopped;
  expect(await dispatchesOf(delivery.id)).toMatchObject([{ state: 'done', attempts: 1 }]);
});

it('the dispatcher has fewer starts under way while workers are there and starts get slower', async () => {
  const atOnce: number[] = [];
  let starting = 0;
  const client = {
    options: temporal.options,
    withDeadline: (_: number, call: () => Promise<unknown>) => call(),
    workflowService: { describeTaskQueue: async () => ({ pollers: [{ identity: 'a worker' }] }) },
    workflow: {
      start: async (_: string, { workflowId }: { workflowId: string }) => {
        starting += 1;
        atOnce.push(starting);
        // A busy machine may make a pause some ten milliseconds longer, which is to be far from slow still.
        await wait(atOnce.length <= 40 ? 20 : 150);
        starting -= 1;
        return { firstExecutionRunId: workflowId };
      },
    },
  } as unknown as Client;
  for (let i = 0; i < 80; i += 1) await store.inbox.accept(row([freshId()]));
  dispatch({ client });
  await settled();
  expect(Math.max(...atOnce)).toBeGreaterThan(4);
  expect(Math.max(...atOnce.slice(-10))).toBeLessThanOrEqual(2);
});

it('the dispatcher leaves what does not end in time to another, at once', async () => {
  const client = watched({ start: () => new Promise(() => undefined) });
  const delivery = row([freshId()]);
  await store.inbox.accept(delivery);
  const dispatcher = dispatch({ client, stopMs: 200 });
  await expect.poll(async () => (await dispatchesOf(delivery.id))?.[0]?.attempts).toBe(1);
  await dispatcher.stop();
  expect(await store.inbox.nextDue()).toBeLessThanOrEqual(Date.now());
});
