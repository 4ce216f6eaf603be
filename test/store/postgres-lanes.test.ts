import { expect, test, vi } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/open.js';
import type { Store } from '../../src/store/store.js';
import { testDatabase } from '../support/postgres.js';
import { inLane } from './a-claim.js';
import { describeLanes } from './lanes-conformance.js';
import { testAgainstModel } from './lanes-properties.js';

const open = async () => {
  const database = await testDatabase();
  const store = await openPostgresStore({ url: database.url, migrate: 'apply' });
  return { store, remove: () => database.drop() };
};

describeLanes('Postgres', open);

testAgainstModel('Postgres', { open, numRuns: 20 });

test.each([3_600_000, -3_600_000])(
  "Postgres knows by its own clock how long somebody waits, and when Temporal was asked, though a process's is %d ms ahead",
  async (aheadMs) => {
    const { store, remove } = await open();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + aheadMs });
    try {
      for (const key of ['a', 'b']) await store.inbox.accept(inLane(key));
      await store.inbox.settle([{ id: 'a', outcome: 'done' }]);
      const asked = async (byMs: number) =>
        (await store.lanes.toAskAbout({ limit: 5, before: Date.now() + byMs })).map(({ workflowId }) => workflowId);
      expect([await asked(-60_000), await asked(-60_000), await asked(60_000)]).toEqual([['a'], [], ['a']]);
      const waits = async (byMs: number) => {
        const toTell = await store.lanes.toTell({ limit: 5, before: Date.now() + byMs, after: 0 });
        return toTell.map(({ workflowId }) => workflowId);
      };
      expect([await waits(-60_000), await waits(60_000)]).toEqual([[], ['b']]);
    } finally {
      vi.useRealTimers();
      await store.close();
      await remove();
    }
  },
);

test('Postgres keeps to the limits of lanes while many servers let runs enter, step aside, fail and leave at once', async () => {
  const database = await testDatabase();
  const url = database.url;
  const stores = await Promise.all(
    Array.from({ length: 3 }, () => openPostgresStore({ url, migrate: 'apply', limits: { connections: 4 } })),
  );
  const [first] = stores as [Store];
  const limit = 2;
  const running = new Map<string, Set<string>>();
  const begun: string[] = [];
  const ended = new Set<string>();
  const over: string[] = [];
  const laneOf = (run: string) => run.split(' ')[0] ?? '';
  const take = (run: string) => {
    const lane = running.get(laneOf(run)) ?? new Set();
    running.set(laneOf(run), lane.add(run));
    if (lane.size > limit) over.push([...lane].join(', '));
  };
  const give = (run: string) => running.get(laneOf(run))?.delete(run);

  /** Does with what is due what a dispatcher and a run do. */
  async function work(store: Store): Promise<void> {
    for (const dispatch of await store.inbox.claim({ limit: 5, leaseMs: 600_000 })) {
      const { id, workflowId } = dispatch;
      take(workflowId);
      if (dispatch.kind === 'start') begun.push(workflowId);
      const number = Number(workflowId.split(' ')[1]);
      if (dispatch.kind === 'start' && number % 7 === 0) {
        give(workflowId);
        ended.add(workflowId);
        await store.inbox.settle([{ id, outcome: 'failed', error: 'refused' }]);
        continue;
      }
      await store.inbox.settle([{ id, outcome: 'done' }]);
      if (dispatch.kind === 'start' && number % 3 === 0) {
        give(workflowId);
        await store.lanes.stepAside(workflowId);
        // Before anybody else can be told that it goes on.
        if ((await store.lanes.stepBack(workflowId)).state !== 'runs') continue;
        take(workflowId);
      }
      give(workflowId);
      ended.add(workflowId);
      await store.lanes.leave([workflowId]);
    }
  }

  try {
    // Runs of each lane arrive at each server.
    const runs = Array.from({ length: 120 }, (_, n) => `lane${Math.floor(n / 3) % 4} ${n}`);
    const arriving = Promise.all(
      runs.map((run, n) => stores[n % 3]?.inbox.accept(inLane(run, { lane: laneOf(run), limit }))),
    );
    // On a busy machine each transaction takes long, and there are hundreds.
    const until = Date.now() + 120_000;
    while (ended.size < runs.length && Date.now() < until)
      await Promise.all(stores.flatMap((store) => [work(store), work(store)]));
    await arriving;
    expect(over).toEqual([]);
    expect(begun.toSorted()).toEqual(runs.toSorted());
    expect(await first.inbox.backlog()).toMatchObject({ pending: 0, waiting: 0 });
    expect(await first.lanes.list({ limit: 10 })).toEqual([]);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
    await database.drop();
  }
}, 180_000);
