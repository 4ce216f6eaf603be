import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDispatcher, type Dispatcher } from '../../src/dispatch/dispatcher.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Store } from '../../src/store/store.js';
import { type KeptLog, keepLog } from '../support/harness/log.js';
import { row } from '../support/harness/rows.js';
import { tempFolder } from '../support/temp-folder.js';
import { testClient } from '../support/temporal.js';

/** A history shard that nobody owns: starts of some ids fail, and always do, while Temporal answers all else. */
let temporal: Awaited<ReturnType<typeof testClient>>;
let folder: string;
let store: Store;
let kept: KeptLog;
let dispatcher: Dispatcher;

beforeAll(async () => {
  temporal = await testClient();
});
afterAll(() => temporal?.close());

beforeEach(async () => {
  folder = await tempFolder('part');
  store = await openSqliteStore({ path: join(folder, 'store.db') });
  kept = keepLog();
});
afterEach(async () => {
  await dispatcher?.stop();
  await store.close();
});

const LOST = 'lost';
const unavailable = () =>
  Object.assign(new Error('14 UNAVAILABLE: shard'), { code: 14, details: 'no owner', metadata: {} });

function dispatch(isTaken: (workflowId: string) => boolean): void {
  const client = new Client({
    connection: temporal.connection,
    interceptors: {
      workflow: [
        {
          start: async (input, next) => {
            if (!isTaken(input.options.workflowId)) throw unavailable();
            return next(input);
          },
        },
      ],
    },
  });
  dispatcher = createDispatcher({ inbox: store.inbox, client, taskQueue: 'nobody-polls-this', log: kept.log });
  dispatcher.start();
}

const rows = (automation: string, count: number) =>
  Array.from({ length: count }, () => row([`${automation}/github/${randomUUID()}`]));
const pending = async () => (await store.inbox.backlog()).pending;
const troubles = () => kept.lines().flatMap(({ level, msg }) => (level >= 50 ? [msg] : []));

it('runs that a part of Temporal does not accept hold up none of the others, and it is not reported as unavailable', async () => {
  const lost = rows(LOST, 40);
  const others = rows('ci', 60);
  for (const delivery of [...lost, ...others]) await store.inbox.accept(delivery);
  dispatch((id) => !id.startsWith(LOST));
  await expect.poll(pending, { timeout: 15_000 }).toBe(lost.length);
  for (const { id } of others)
    expect((await store.inbox.find(id))?.dispatches).toMatchObject([{ state: 'done', attempts: 1 }]);
  expect(troubles()).toEqual([]);
});

it('a Temporal that answers and accepts nothing is reported once, and once when it accepts something again', async () => {
  for (const delivery of rows(LOST, 5)) await store.inbox.accept(delivery);
  let taken = false;
  dispatch(() => taken);
  await expect.poll(troubles, { timeout: 20_000 }).toHaveLength(1);
  expect(troubles()).toEqual(['Temporal answers but accepts no workflow starts: deliveries are stored and wait']);
  taken = true;
  await expect.poll(pending, { timeout: 20_000 }).toBe(0);
  expect(kept.lines('Temporal is available again: what waited is started')).toHaveLength(1);
  expect(troubles()).toHaveLength(1);
});
