import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createLaneKeeper, type LaneKeeper, type LaneKeeperDeps } from '../../src/dispatch/lane-keeper.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { StoreUnavailableError } from '../../src/store/store.js';
import type { Automation } from '../../src/triggers/automation.js';
import { inLane } from '../store/a-claim.js';
import { keepLog } from '../support/harness/log.js';
import { tempFolder } from '../support/temp-folder.js';
import { awayClient, testClient } from '../support/temporal.js';

let client: Awaited<ReturnType<typeof testClient>>;
let keeper: LaneKeeper | undefined;

beforeAll(async () => {
  client = await testClient();
});
afterEach(() => keeper?.stop());
afterAll(() => client?.close());

/** Lanes that remember who left, and in which somebody waits for those that are named. */
function lanesWith(held: readonly string[] = []) {
  const left: string[] = [];
  const lanes: LaneKeeperDeps['lanes'] = {
    setLimit: async () => false,
    notBegun: async () => [],
    takeOut: async () => false,
    letDue: async () => ({ hasLetOn: false }),
    leave: async (ids) => left.push(...ids) > 0,
    toAskAbout: async () => held.filter((id) => !left.includes(id)).map((workflowId) => ({ workflowId, lane: 'x' })),
  };
  return { left, lanes };
}

/** A run that nobody works on: it is open until somebody ends it. */
async function openRun(): Promise<string> {
  const workflowId = `kept/${randomUUID()}`;
  await client.workflow.start('nobody', { workflowId, taskQueue: 'nobody-polls-this' });
  return workflowId;
}

function keep(deps: { lanes: LaneKeeperDeps['lanes']; client?: Client; letOn?: () => void }) {
  const kept = keepLog();
  keeper = createLaneKeeper({ client, log: kept.log, letOn: () => undefined, everyMs: 50, ...deps });
  keeper.start();
  return kept;
}

test('a run that says that it ends leaves its lane once it has ended, and not before', async () => {
  const run = await openRun();
  const { left, lanes } = lanesWith();
  let letOn = 0;
  let asked = 0;
  const watched: WorkflowClientInterceptor = {
    describe(input, next) {
      asked += 1;
      return next(input);
    },
  };
  keep({
    lanes,
    client: new Client({ connection: client.connection, interceptors: { workflow: [watched] } }),
    letOn: () => {
      letOn += 1;
    },
  });
  keeper?.ends(run);
  await expect.poll(() => asked).toBeGreaterThan(2);
  expect(left).toEqual([]);
  await client.workflow.getHandle(run).terminate();
  await expect.poll(() => left).toEqual([run]);
  expect(letOn).toBe(1);
});

test('a holder that others wait for leaves if it was terminated, or is gone with its Temporal, and is told of in the log', async () => {
  const [open, terminated, gone] = [await openRun(), await openRun(), `gone/${randomUUID()}`];
  await client.workflow.getHandle(terminated).terminate();
  const { left, lanes } = lanesWith([open, terminated, gone]);
  const kept = keep({ lanes });
  await expect.poll(() => [...left].sort()).toEqual([gone, terminated].sort());
  expect(kept.lines('a run had ended without saying so: its lane goes on')).toHaveLength(2);
});

test('nobody leaves while Temporal is away', async () => {
  const away = awayClient();
  const { left, lanes } = lanesWith([`unknown/${randomUUID()}`]);
  let asked = 0;
  keep({
    lanes: {
      ...lanes,
      toAskAbout: async (options) => {
        asked += 1;
        return lanes.toAskAbout(options);
      },
    },
    client: away,
  });
  await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThan(1);
  expect(left).toEqual([]);
  await keeper?.stop();
  await away.connection.close();
});

test('limits that automations say now count, also if the store does not answer at first', async () => {
  const set: unknown[] = [];
  let tries = 0;
  keep({
    lanes: {
      ...lanesWith().lanes,
      async setLimit(change) {
        tries += 1;
        if (tries === 1) throw new StoreUnavailableError('the disk is away');
        return set.push(change) > 0;
      },
    },
  });
  const deploy = {
    name: 'deploy',
    on: [],
    file: 'deploy.ts',
    concurrency: [{ group: 'branch' }, { group: 'x', limit: 4 }],
  };
  keeper?.limit([deploy, { name: 'ci', on: [], file: 'ci.ts' }]);
  await expect
    .poll(() => set, { timeout: 10_000 })
    .toEqual([
      { automation: 'deploy', group: 'branch', limit: 1 },
      { automation: 'deploy', group: 'x', limit: 4 },
    ]);
});

test.each([
  [true, 'refused'],
  [false, 'waiting'],
])('a run that waits for an automation that is gone: alone %s, so it is %s', async (isAlone, state) => {
  const store = await openSqliteStore({ path: join(await tempFolder('gone'), 'store.db') });
  const automation = (name: string): Automation => ({ name, on: [{ kind: 'push' }], file: 'x.ts' });
  try {
    for (const key of ['a', 'b']) await store.inbox.accept(inLane(key));
    const kept = keepLog();
    let limits = 0;
    const setLimit = async () => {
      limits += 1;
      return false;
    };
    const lanes = { ...store.lanes, setLimit };
    keeper = createLaneKeeper({ client, log: kept.log, letOn: () => undefined, everyMs: 50, lanes, isAlone });
    keeper.start();
    const laned = { ...automation('ci'), concurrency: [{ group: 'branch' }] };
    keeper.limit([laned]);
    await expect.poll(() => limits).toBe(1);
    expect(await store.inbox.findStart('b')).toMatchObject({ state: 'waiting' });
    keeper.limit([{ ...laned, name: 'renamed' }]);
    await expect.poll(() => limits).toBe(2);
    await keeper.stop();
    expect(await store.inbox.findStart('b')).toMatchObject({ state });
    if (isAlone)
      expect(await store.inbox.findStart('b')).toHaveProperty('because', 'there is no automation ci any more');
  } finally {
    await store.close();
  }
});
