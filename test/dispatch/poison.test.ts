import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDispatcher } from '../../src/dispatch/dispatcher.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { type CallProxy, startCallProxy } from '../faults/call-proxy.js';
import { connectTo } from '../support/connect.js';
import { closers } from '../support/harness/closers.js';
import { keepLog } from '../support/harness/log.js';
import { row } from '../support/harness/rows.js';
import { openSite, type Site } from '../support/harness/site.js';
import { temporalAddress, testClient } from '../support/temporal.js';

/** INTERNAL: https://grpc.io/docs/guides/status-codes/ */
const INTERNAL = 13;

let proxy: CallProxy;
let site: Site;
const { add, defer, close } = closers();

beforeEach(async () => {
  proxy = add(await startCallProxy(Number(temporalAddress().split(':').pop())));
  site = add(await openSite({ temporal: `127.0.0.1:${proxy.port}` }));
});
afterEach(close);

/** The store of the place, a client by way of the proxy, and deliveries as the receiver stores them. */
async function openInbox() {
  const store = add(await openSqliteStore({ path: join(site.data, 'hookyard.db') }));
  const connection = add(await connectTo(`127.0.0.1:${proxy.port}`));
  const kept = keepLog();
  const dispatcher = createDispatcher({
    inbox: store.inbox,
    client: new Client({ connection }),
    taskQueue: site.env.HOOKYARD_TASK_QUEUE ?? '',
    log: kept.log,
    // Minutes in earnest.
    poison: { ms: 0 },
    retry: { firstMs: 1, maxMs: 50 },
  });
  defer(() => dispatcher.stop());
  const accept = async () => {
    const bare = row([]);
    const run = `touch/${site.source}/${bare.key}`;
    const delivery = { ...bare, source: site.source, verdicts: row([run]).verdicts };
    await store.inbox.accept(delivery);
    dispatcher.wake();
    return { run, id: delivery.id };
  };
  const of = async (id: string) => (await store.inbox.find(id))?.dispatches[0];
  return { store, dispatcher, kept, accept, of };
}

/** Answers each start of the run with an error; tells how often it was asked to. */
function refuse(run: string): () => number {
  let tries = 0;
  proxy.set(({ method, message }) => {
    if (method !== 'StartWorkflowExecution' || !message.includes(run)) return { kind: 'pass' };
    tries += 1;
    return { kind: 'refused', status: INTERNAL };
  });
  return () => tries;
}

async function hookyard<T>(...args: string[]): Promise<T[]> {
  const { code, out } = await site.hookyard([...args, '--json']);
  expect(code).toBe(0);
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

test('a start that alone fails while others are accepted is tried ten times, kept as a dead letter with its error, listed, and started by a replay', async () => {
  const { store, dispatcher, kept, accept, of } = await openInbox();
  const poison = await accept();
  const tries = refuse(poison.run);
  dispatcher.start();
  const good = [await accept()];
  const isDead = async () => {
    if ((await of(poison.id))?.state === 'failed') return true;
    good.push(await accept());
    return false;
  };
  await expect.poll(isDead, { timeout: 90_000, interval: 100 }).toBe(true);
  const { length } = good;
  await expect.poll(async () => (await store.inbox.backlog()).pending, { timeout: 40_000 }).toBe(0);
  expect(await of(poison.id)).toMatchObject({ state: 'failed', attempts: tries(), error: 'INTERNAL: a fault' });
  // Those after which no other was accepted don't count (poison-detector.test.ts).
  expect(tries()).toBeGreaterThanOrEqual(10);
  expect(length).toBeGreaterThanOrEqual(9);
  for (const { id } of good) expect(await of(id)).toMatchObject({ state: 'done' });
  const because = { run: poison.run, attempt: tries(), because: 'INTERNAL: a fault' };
  expect(
    kept.lines('workflow not started, and not tried again: npx hookyard deliveries --failed lists it'),
  ).toMatchObject([because]);
  expect(kept.lines().filter(({ msg }) => msg.startsWith('Temporal is'))).toEqual([]);
  await dispatcher.stop();
  await store.close();

  proxy.set(() => ({ kind: 'pass' }));
  for (const half of ['server', 'worker']) {
    await site.start(half);
  }
  const listed = await hookyard<{ id: string; dispatches: unknown[] }>('deliveries', '--failed');
  expect(listed).toMatchObject([{ id: poison.id, dispatches: [{ state: 'failed', error: 'INTERNAL: a fault' }] }]);
  const [replay] = await hookyard<{ runs: string[] }>('replay', poison.id);
  expect(replay?.runs).toEqual([`${poison.run}/replay-1`]);
  const client = add(await testClient());
  const status = async () =>
    (
      await client.workflow
        .getHandle(`${poison.run}/replay-1`)
        .describe()
        .catch(() => undefined)
    )?.status.name;
  await expect.poll(status, { timeout: 30_000 }).toBe('COMPLETED');
}, 300_000);

test('nothing becomes a dead letter while Temporal accepts none, however often it is tried', async () => {
  const { dispatcher, accept, of } = await openInbox();
  const one = await accept();
  const tries = refuse(`touch/${site.source}/`);
  dispatcher.start();
  await expect.poll(tries, { timeout: 60_000 }).toBeGreaterThan(5);
  expect(await of(one.id)).toMatchObject({ state: 'pending' });
  proxy.set(() => ({ kind: 'pass' }));
  await expect.poll(async () => (await of(one.id))?.state, { timeout: 40_000 }).toBe('done');
}, 150_000);
