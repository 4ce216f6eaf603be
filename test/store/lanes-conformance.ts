import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LaneClaim } from '../../src/lanes/concurrency.js';
import { laneAhead } from '../../src/lanes/lane.js';
import { LET_ON_SIGNAL, OUTDATED_SIGNAL } from '../../src/runs/names.js';
import { allNotBegun } from '../../src/store/all-not-begun.js';
import type { Store } from '../../src/store/store.js';
import { aClaim, aStart, inLane } from './a-claim.js';
import { aDelivery } from './a-delivery.js';

type Opened = { store: Store; remove(): Promise<void> };

/** What lanes do in every store. `open` gives an empty one; `remove` is called after it has been closed. */
export function describeLanes(name: string, open: () => Promise<Opened>): void {
  let opened: Opened;
  let store: Store;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(async () => {
    await store.close();
    await opened.remove();
  });

  const accept = async (key: string, claim: Partial<LaneClaim> = {}) => {
    await store.inbox.accept(inLane(key, claim));
  };
  const enter = (workflowId: string, claim: Partial<LaneClaim> = {}, automation = 'ci') =>
    store.lanes.enter({ workflowId, automation, claim: aClaim(claim) });
  /** What Temporal is told now, in words: `a` for a start, `b: hookyard-let-on` for a signal. All of it succeeds. */
  const handedOver = async () => {
    const claimed = await store.inbox.claim({ limit: 500, leaseMs: 60_000 });
    await store.inbox.settle(claimed.map(({ id }) => ({ id, outcome: 'done' })));
    return claimed.map((one) => (one.kind === 'start' ? one.workflowId : `${one.workflowId}: ${one.signal}`)).sort();
  };
  const leave = (...workflowIds: string[]) => store.lanes.leave(workflowIds);
  const start = (workflowId: string) => store.inbox.findStart(workflowId);
  const entries = async (lane = 'deploy') => {
    const found = (await store.lanes.list({ limit: 100 })).find((one) => one.lane === lane);
    return (found?.entries ?? []).map(({ workflowId, state }) => `${workflowId} ${state}`);
  };
  const ALL = { limit: 100, before: Date.now() + 60 * 60_000, after: 0 };
  const toTell = async (filter: Partial<typeof ALL> = {}) =>
    (await store.lanes.toTell({ ...ALL, ...filter })).map(({ arrived, since, ...run }) => run);
  const of = (workflowId: string) => ({ workflowId, deliveryId: inLane(workflowId).id });
  const event = (key: string) => ({
    deliveryId: inLane(key).id,
    receivedAt: '2026-11-24T08:00:00.000Z',
    sha: 'a'.repeat(40),
  });
  /** What holds a run back, for an hour at most. */
  const held = (
    key: string,
    { waitMs, atMostMs = 3_600_000 }: { waitMs: number; atMostMs?: number },
  ): Partial<LaneClaim> => ({
    held: { waitMs, atMostMs, event: event(key) },
  });
  const waitFor = (look: () => Promise<{ hasLetOn: boolean }>, first: () => Promise<unknown> = async () => undefined) =>
    expect
      .poll(async () => {
        await first();
        return (await look()).hasLetOn;
      })
      .toBe(true);
  const superseded = (by: string) => ({ kind: 'signal', signal: OUTDATED_SIGNAL, payload: { by } });

  describe(`${name}: lanes`, () => {
    test('a run that finds its lane free is started at once, as one without a lane is', async () => {
      const delivery = inLane('a', {}, { receivedAt: 5_000 });
      await store.inbox.accept(delivery);
      expect(await store.inbox.find(delivery.id)).toMatchObject({
        dispatches: [{ workflowId: 'a', automation: 'ci', state: 'pending', attempts: 0 }],
      });
      const [claimed] = await store.inbox.claim({ limit: 5, leaseMs: 60_000 });
      expect(claimed).toMatchObject({ id: 'a', automation: 'ci', since: 5_000, how: { lane: 'the lane deploy' } });
      expect(claimed).toHaveProperty('event', delivery.events[0]);
    });

    test('runs begin in the order in which their deliveries arrived, one after the other left', async () => {
      for (const key of ['a', 'b', 'c']) await accept(key);
      expect(await handedOver()).toEqual(['a']);
      expect(await handedOver()).toEqual([]);
      expect(await store.inbox.nextDue()).toBeUndefined();
      expect(await store.inbox.backlog()).toMatchObject({ pending: 0, waiting: 2 });
      expect(await leave('a')).toBe(true);
      expect(await handedOver()).toEqual(['b']);
      expect(await leave('b')).toBe(true);
      expect(await handedOver()).toEqual(['c']);
      expect(await leave('c')).toBe(false);
      expect(await entries()).toEqual([]);
      expect(await store.inbox.backlog()).toMatchObject({ pending: 0, waiting: 0 });
    });

    test('runs that arrive together keep their order, and other lanes go their own way', async () => {
      const keys = Array.from({ length: 60 }, (_, n) => `k${n}`);
      await Promise.all(keys.map((key, n) => accept(key, { lane: `lane ${n % 3}` })));
      const order: string[] = [];
      for (let round = 0; round < 20; round++) {
        const begun = await handedOver();
        expect(begun).toHaveLength(3);
        order.push(...begun);
        await leave(...begun);
      }
      const ofLane = (lane: number) => (key: string) => Number(key.slice(1)) % 3 === lane;
      for (const lane of [0, 1, 2]) expect(order.filter(ofLane(lane))).toEqual(keys.filter(ofLane(lane)));
    });

    test('as many run at once as the lane lets, and no more', async () => {
      for (const key of ['a', 'b', 'c', 'd']) await accept(key, { limit: 2 });
      expect(await handedOver()).toEqual(['a', 'b']);
      await leave('b');
      expect(await handedOver()).toEqual(['c']);
    });

    test('what waits says so, with its place, and starts with the event of its delivery when its turn has come', async () => {
      await accept('a');
      const delivery = inLane('b', {}, { receivedAt: 5_000 });
      await store.inbox.accept(delivery);
      await accept('c');
      const waiting = { workflowId: 'b', automation: 'ci', state: 'waiting', attempts: 0 };
      expect(await start('b')).toEqual({ ...waiting, place: 1, deliveryId: delivery.id });
      expect(await start('c')).toMatchObject({ place: 2 });
      expect((await store.inbox.find(delivery.id))?.dispatches).toEqual([{ ...waiting, place: 1 }]);
      await leave('a');
      await handedOver();
      await leave('a');
      const before = Date.now() - 5_000;
      expect(await start('b')).toEqual({ ...waiting, state: 'done', attempts: 1, deliveryId: delivery.id });
      await leave('b');
      const [claimed] = await store.inbox.claim({ limit: 5, leaseMs: 60_000 });
      expect(claimed).toMatchObject({ id: 'c', kind: 'start' });
      // It has waited for others, and not for Temporal.
      expect(claimed).toHaveProperty(
        'since',
        expect.toSatisfy((since: number) => since > before),
      );
    });

    test('the newest takes the place of what waits with keep-newest, which so never starts and says by what', async () => {
      for (const key of ['a', 'b', 'c', 'd']) await accept(key, { onBusy: 'keep-newest' });
      expect(await handedOver()).toEqual(['a']);
      expect(await start('b')).toMatchObject({ state: 'superseded', supersededBy: 'c' });
      expect(await start('c')).toMatchObject({ state: 'superseded', supersededBy: 'd' });
      await leave('a');
      expect(await handedOver()).toEqual(['d']);
      expect(await start('b')).toMatchObject({ state: 'superseded' });
    });

    test('a run that Temporal has is told to end with cancel-running, and keeps its slot until it has', async () => {
      await accept('a', { onBusy: 'cancel-running' });
      expect(await handedOver()).toEqual(['a']);
      await accept('b', { onBusy: 'cancel-running' });
      await accept('c', { onBusy: 'cancel-running' });
      expect(await store.inbox.claim({ limit: 5, leaseMs: 60_000 })).toMatchObject([
        { workflowId: 'a', ...superseded('b') },
      ]);
      expect(await start('b')).toMatchObject({ state: 'superseded', supersededBy: 'c' });
      expect((await store.lanes.list({ limit: 1 }))[0]?.entries).toMatchObject([
        { workflowId: 'a', endsFor: 'b' },
        { workflowId: 'c', state: 'waits' },
      ]);
      await leave('a');
      expect(await handedOver()).toEqual(['c']);
    });

    test('a run that nobody has begun to start is superseded outright with cancel-running', async () => {
      await accept('a', { onBusy: 'cancel-running' });
      await accept('b', { onBusy: 'cancel-running' });
      expect(await start('a')).toMatchObject({ state: 'superseded', supersededBy: 'b' });
      expect(await handedOver()).toEqual(['b']);
    });

    test('a run that is being started is told to end once that has succeeded', async () => {
      await accept('a', { onBusy: 'cancel-running' });
      await store.inbox.claim({ limit: 1, leaseMs: 60_000 });
      await accept('b', { onBusy: 'cancel-running' });
      expect(await handedOver()).toEqual([]);
      await store.inbox.settle([{ id: 'a', outcome: 'retry', dueAt: Date.now() + 1_000, error: 'no answer' }]);
      expect(await store.inbox.claim({ limit: 5, leaseMs: 60_000 })).toEqual([]);
      await store.inbox.settle([{ id: 'a', outcome: 'done', runId: 'r' }]);
      await store.inbox.settle([{ id: 'a', outcome: 'done', runId: 'r' }]);
      const told = await store.inbox.claim({ limit: 5, leaseMs: 60_000 });
      expect(told).toMatchObject([{ workflowId: 'a', ...superseded('b') }]);
      await leave('a');
      expect((await handedOver()).at(0)).toBe('b');
    });

    test('a run is refused by a lane that is busy with reject, and says why', async () => {
      await accept('a', { onBusy: 'reject' });
      await accept('b', { onBusy: 'reject' });
      expect(await handedOver()).toEqual(['a']);
      expect(await start('b')).toMatchObject({ state: 'refused', because: 'a runs in the lane' });
      await leave('a');
      expect(await handedOver()).toEqual([]);
      await accept('c', { onBusy: 'reject' });
      expect(await handedOver()).toEqual(['c']);
    });

    test('the 101st that waits is refused', async () => {
      for (let n = 0; n <= 101; n++) await accept(`k${n}`);
      expect(await start('k100')).toMatchObject({ state: 'waiting', place: 100 });
      expect(await start('k101')).toMatchObject({ state: 'refused' });
    });

    test('what a provider tells late of takes nobody’s place that is newer', async () => {
      const told = (at: number, late?: true) =>
        ({ onBusy: 'keep-newest', happened: { at, ...(late && { late }) } }) as const;
      await accept('a', told(1));
      await accept('c', told(3));
      await accept('b', told(2, true));
      expect(await start('b')).toMatchObject({ state: 'superseded', supersededBy: 'c' });
      expect(await start('c')).toMatchObject({ state: 'waiting' });
      await handedOver();
      await leave('a');
      expect(await handedOver()).toEqual(['c']);
      await accept('b2', told(2, true));
      expect(await start('b2')).toMatchObject({ state: 'superseded', supersededBy: 'c' });
      expect(await enter('x', told(2, true))).toEqual({ state: 'superseded', by: 'c' });
    });

    test('the newest that has run is the newest by the time of its event, with skipOutdated', async () => {
      const told = (at: number, late?: true) =>
        ({ skipOutdated: true, happened: { at, ...(late && { late }) } }) as const;
      for (const [key, claim] of [
        ['c', told(3)],
        ['a', told(1, true)],
        ['d', told(4)],
        ['b', told(2, true)],
      ] as const)
        await accept(key, claim);
      const order: string[] = [];
      for (let turn = 0; turn < 4; turn++) {
        const begun = await handedOver();
        order.push(...begun);
        await leave(...begun);
      }
      expect(order).toEqual(['c', 'd']);
      expect(await start('a')).toMatchObject({ state: 'superseded', supersededBy: 'c' });
      expect(await start('b')).toMatchObject({ state: 'superseded', supersededBy: 'd' });
    });

    test('a run has the slot of a run that it is a part of, and of no other', async () => {
      const within = (workflowId: string, ...others: string[]) =>
        store.lanes.enter({ workflowId, automation: 'ci', claim: aClaim(), within: others });
      await enter('parent');
      await enter('next');
      for (const child of ['child', 'child', 'second child'])
        expect(await within(child, 'parent')).toEqual({ state: 'runs' });
      expect(await within('grandchild', 'child', 'parent')).toEqual({ state: 'runs' });
      expect(await within('of another', 'next', 'elsewhere')).toMatchObject({ state: 'waits', place: 2 });
      expect(await entries()).toEqual(['parent runs', 'next waits', 'of another waits']);
      await leave('child');
      expect(await entries()).toEqual(['parent runs', 'next waits', 'of another waits']);
      await leave('parent');
      expect(await entries()).toEqual(['next runs', 'of another waits']);
    });

    const childOf = (parent: string, workflowId: string) =>
      store.lanes.enter({ workflowId, automation: 'ci', claim: aClaim(), within: [parent] });

    test('a run keeps its slot while a part of it works, though it waits for people itself', async () => {
      await enter('parent');
      await childOf('parent', 'child');
      await enter('next');
      expect(await store.lanes.stepAside('parent')).toBe(false);
      expect(await entries()).toEqual(['parent runs', 'next waits']);
      expect(await store.lanes.stepAside('child')).toBe(true);
      expect(await entries()).toEqual(['next runs', 'parent aside']);
      expect(await store.lanes.stepBack('child')).toEqual({ state: 'waits', place: 1, after: 'next' });
      expect(await handedOver()).toEqual([`next: ${LET_ON_SIGNAL}`]);
      await leave('next');
      expect(await handedOver()).toEqual([`child: ${LET_ON_SIGNAL}`]);
      await enter('last');
      expect(await leave('child')).toBe(true);
      expect(await entries()).toEqual(['last runs', 'parent aside']);
      expect(await store.lanes.stepBack('parent')).toEqual({ state: 'waits', place: 1, after: 'last' });
    });

    test('a run that has stepped aside takes its slot again for a part, so that neither waits for the other', async () => {
      await enter('parent');
      await store.lanes.stepAside('parent');
      await enter('next');
      expect(await childOf('parent', 'child')).toEqual({ state: 'waits', place: 1, after: 'next' });
      expect(await childOf('parent', 'other child')).toEqual({ state: 'waits', place: 1, after: 'next' });
      await enter('last');
      expect(await entries()).toEqual(['next runs', 'parent waits', 'last waits']);
      expect(await store.lanes.stepBack('parent')).toEqual({ state: 'waits', place: 1, after: 'next' });
      await leave('next');
      expect(await handedOver()).toEqual(['child', 'other child', 'parent'].map((run) => `${run}: ${LET_ON_SIGNAL}`));
      expect(await store.lanes.stepBack('child')).toEqual({ state: 'runs' });
      expect(await childOf('child', 'grandchild')).toEqual({ state: 'runs' });
      await leave('grandchild', 'child', 'other child');
      expect(await entries()).toEqual(['parent runs', 'last waits']);
      await leave('parent');
      expect(await entries()).toEqual(['last runs']);
    });

    test('a part is told to end with the run whose slot it waits for', async () => {
      const newest = { onBusy: 'keep-newest' } as const;
      await enter('parent', newest);
      await store.lanes.stepAside('parent');
      await enter('next');
      await enter('newer', newest);
      expect(await childOf('parent', 'child')).toEqual({ state: 'superseded', by: 'newer' });
      expect(await handedOver()).toEqual([`parent: ${OUTDATED_SIGNAL}`]);
    });

    test('a workflow id that is used again is that of another run', async () => {
      const again = (runId: string, claim: Partial<LaneClaim> = {}) =>
        store.lanes.enter({ workflowId: 'child', automation: 'ci', claim: aClaim(claim), runId });
      const newest = { onBusy: 'keep-newest' } as const;
      await enter('a');
      await again('first', newest);
      await enter('b', newest);
      for (let times = 0; times < 2; times++)
        expect(await again('first', newest)).toEqual({ state: 'superseded', by: 'b' });
      expect(await again('second')).toMatchObject({ state: 'waits', place: 2 });
      expect(await again('second')).toMatchObject({ state: 'waits', place: 2 });
      // The second is gone, and nobody has noticed yet.
      await enter('c');
      expect(await again('third')).toMatchObject({ state: 'waits', place: 3 });
      expect(await again('fourth', { lane: 'elsewhere' })).toEqual({ state: 'runs' });
      await enter('d', { lane: 'elsewhere' });
      expect(await again('fifth')).toMatchObject({ state: 'waits', place: 3 });
      expect(await entries('elsewhere')).toEqual(['d runs']);
      expect(await entries()).toEqual(['a runs', 'b waits', 'c waits', 'child waits']);
    });

    test('neither another automation nor an event of another kind is superseded', async () => {
      await accept('a', { onBusy: 'cancel-running' });
      await handedOver();
      await accept('pr', { onBusy: 'cancel-running', kind: 'pull_request' });
      expect(await enter('lint', { onBusy: 'cancel-running' }, 'lint')).toEqual({
        state: 'waits',
        place: 2,
        after: 'pr',
      });
      expect(await handedOver()).toEqual([]);
      expect(await entries()).toEqual(['a runs', 'pr waits', 'lint waits']);
    });

    test('a run whose turn comes after a newer one is superseded by it with skipOutdated', async () => {
      const claim = { skipOutdated: true } as const;
      for (const key of ['a', 'b', 'c', 'd']) await accept(key, claim);
      await store.lanes.moveAhead({ workflowId: 'd', by: 'ada' });
      await leave('a');
      await handedOver();
      await leave('d');
      expect(await start('b')).toMatchObject({ state: 'superseded', supersededBy: 'd' });
      expect(await start('c')).toMatchObject({ state: 'superseded', supersededBy: 'd' });
      expect(await entries()).toEqual([]);
    });

    test('priority goes before arrival, and who was put ahead before both', async () => {
      for (const [key, priority] of [
        ['a', 3],
        ['b', 3],
        ['c', 5],
        ['d', 1],
        ['e', 3],
      ] as const)
        await accept(key, { priority });
      expect(await entries()).toEqual(['a runs', 'd waits', 'b waits', 'e waits', 'c waits']);
      expect(await store.lanes.moveAhead({ workflowId: 'c', by: 'ada', reason: 'a hotfix' })).toBe(true);
      expect(await entries()).toEqual(['a runs', 'c waits', 'd waits', 'b waits', 'e waits']);
      expect(await start('c')).toMatchObject({ place: 1 });
      const [lane] = await store.lanes.list({ limit: 1 });
      expect(lane?.entries[1]).toMatchObject({ movedBy: 'ada', moveReason: 'a hotfix' });
      for (const other of ['a', 'nobody'])
        expect(await store.lanes.moveAhead({ workflowId: other, by: 'ada' })).toBe(false);
    });

    test('a paused lane lets nobody on until it is opened again; a drained one takes nobody more', async () => {
      for (const key of ['a', 'b']) await accept(key);
      expect(await store.lanes.setMode({ lane: 'elsewhere', mode: 'paused', by: 'ada' })).toBe(false);
      const paused = { lane: 'deploy', mode: 'paused', by: 'ada', reason: 'no deploys until Monday\0' } as const;
      expect(await store.lanes.setMode(paused)).toBe(true);
      await handedOver();
      await leave('a');
      await accept('c');
      expect(await handedOver()).toEqual([]);
      expect(await store.lanes.list({ limit: 5 })).toMatchObject([
        { mode: 'paused', by: 'ada', reason: 'no deploys until Monday\u2400', changedAt: expect.any(Number) },
      ]);
      await store.lanes.setMode({ lane: 'deploy', mode: 'draining', by: 'eve' });
      await accept('d');
      expect(await start('d')).toMatchObject({ state: 'refused', because: expect.stringContaining('drained') });
      expect(await handedOver()).toEqual(['b']);
      await leave('b');
      expect(await handedOver()).toEqual(['c']);
      await leave('c');
      const [lane] = await store.lanes.list({ limit: 5 });
      expect(lane).toMatchObject({ mode: 'draining', by: 'eve', entries: [] });
      expect(lane).not.toHaveProperty('reason');
      await store.lanes.setMode({ lane: 'deploy', mode: 'open', by: 'eve' });
      expect(await store.lanes.list({ limit: 5 })).toEqual([]);
    });

    test('a lane that nobody was in yet can be held up by the title that it will have', async () => {
      const title = 'the lane deploy';
      const ahead = { lane: laneAhead(title), title, by: 'ada', reason: 'a freeze' } as const;
      expect(await store.lanes.setMode({ ...ahead, mode: 'paused' })).toBe(true);
      expect(await store.lanes.list({ limit: 5 })).toMatchObject([{ title, mode: 'paused', entries: [] }]);
      await accept('elsewhere', { lane: 'elsewhere' });
      await accept('a');
      await enter('b');
      expect(await handedOver()).toEqual(['elsewhere']);
      expect(await store.lanes.list({ limit: 5, named: title })).toMatchObject([
        { mode: 'open', entries: [] },
        { lane: 'deploy', mode: 'paused', by: 'ada', reason: 'a freeze', entries: { length: 2 } },
      ]);
      await store.lanes.setMode({ lane: 'deploy', mode: 'open', by: 'ada' });
      expect(await handedOver()).toEqual(['a']);
      // It was held up once.
      await accept('c', { lane: 'again', title });
      expect(await handedOver()).toEqual(['c']);
    });

    test('a run that asks for its slot again while its lane is paused is told by whom that is, and why', async () => {
      await enter('a');
      await store.lanes.stepAside('a');
      const pause = { lane: 'deploy', mode: 'paused', by: 'ada' } as const;
      await store.lanes.setMode({ ...pause, reason: 'a freeze' });
      const waits = { state: 'waits', place: 1 };
      expect(await store.lanes.stepBack('a')).toEqual({ ...waits, paused: { by: 'ada', reason: 'a freeze' } });
      await store.lanes.setMode(pause);
      expect(await store.lanes.stepBack('a')).toEqual({ ...waits, paused: { by: 'ada' } });
      await store.lanes.setMode({ ...pause, mode: 'open' });
      expect(await store.lanes.stepBack('a')).toEqual({ state: 'runs' });
    });

    test('what is refused while a lane is drained or paused is told why that is', async () => {
      await accept('a');
      await store.lanes.setMode({ lane: 'deploy', mode: 'draining', by: 'ada', reason: 'we move' });
      await accept('b');
      await accept('c', { asks: true });
      const because = 'the lane takes no more runs: it is being drained (we move)';
      for (const key of ['b', 'c']) expect(await start(key)).toMatchObject({ state: 'refused', because });
    });

    test('the backlog tells for how long a run has waited that nobody holds up, and what full lanes have refused', async () => {
      await accept('a');
      await store.inbox.accept(inLane('b', {}, { receivedAt: 5_000 }));
      await store.inbox.accept(inLane('c', { lane: 'paused' }, { receivedAt: 7_000 }));
      await store.inbox.accept(inLane('d', { lane: 'paused' }, { receivedAt: 8_000 }));
      expect(await store.inbox.backlog()).toMatchObject({ waiting: 2, longestWaiting: 5_000 });
      await store.lanes.setMode({ lane: 'deploy', mode: 'paused', by: 'ada' });
      expect(await store.inbox.backlog()).toMatchObject({ waiting: 2, longestWaiting: 8_000 });
      await accept('e', { onBusy: 'reject' });
      expect(await store.inbox.backlog()).not.toHaveProperty('refused');
      for (let n = 0; n <= 100; n++) await accept(`k${n}`);
      expect(await store.inbox.backlog()).toMatchObject({ refused: 2 });
    });

    test('runs that wait to begin are listed in the order of their arrival, with their events', async () => {
      for (const key of ['a', 'b', 'c', 'd']) await accept(key);
      await enter('inside');
      await accept('e', { asks: true });
      const keys = async (filter: Partial<Parameters<Store['lanes']['notBegun']>[0]> = {}) =>
        (await store.lanes.notBegun({ limit: 10, after: 0, ...filter })).map(({ workflowId }) => workflowId);
      // They have been let on, and nobody has begun to start them.
      expect(await keys()).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(await handedOver()).toEqual(['a', 'e']);
      expect(await keys()).toEqual(['b', 'c', 'd']);
      const [first] = await store.lanes.notBegun({ limit: 1, after: 0 });
      expect(first).toMatchObject({ workflowId: 'b', automation: 'ci', event: inLane('b').events[0] });
      expect(await keys({ after: first?.arrived ?? 0 })).toEqual(['c', 'd']);
      expect(await keys({ automation: 'lint' })).toEqual([]);
      expect(await keys({ source: inLane('b').source, automation: 'ci' })).toHaveLength(3);
      expect(await keys({ source: 'elsewhere' })).toEqual([]);
      expect(await keys({ beginning: 'c' })).toEqual(['c']);
      for (const beginning of ['C', 'cc', '%', '_', '\\']) expect(await keys({ beginning })).toEqual([]);
      const all = [];
      for await (const { workflowId } of allNotBegun(store.lanes, {})) all.push(workflowId);
      expect(all).toEqual(['b', 'c', 'd']);
      const again = '2026-11-24T09:00:00.000Z';
      const start = { ...aStart('b/replay-1'), how: { again } };
      await store.inbox.startAgain({ deliveryId: inLane('b').id, starts: [start] });
      const listed = await store.lanes.notBegun({ limit: 10, after: 0 });
      expect(listed.map((run) => run.again)).toEqual([undefined, undefined, undefined, again]);
    });

    test('events that come one after the other become one run, that of the newest, which knows the others', async () => {
      for (const key of ['a', 'b', 'c']) await accept(key, held(key, { waitMs: 1 }));
      await waitFor(() => store.lanes.letDue());
      expect(await start('a')).toMatchObject({ state: 'superseded', supersededBy: 'b' });
      expect(await start('b')).toMatchObject({ state: 'superseded', supersededBy: 'c' });
      const claimed = await store.inbox.claim({ limit: 5, leaseMs: 60_000 });
      expect(claimed).toMatchObject([
        { workflowId: 'c', how: { lane: 'the lane deploy', superseded: [event('a'), event('b')] } },
      ]);
      // The run goes on alone from here: what comes now is of the next one.
      await accept('d', held('d', { waitMs: 1 }));
      await waitFor(
        async () => ({ hasLetOn: (await start('d'))?.place === 1 }),
        () => store.lanes.letDue(),
      );
    });

    test('a run that waits for more says until when, has no place, and can be taken out', async () => {
      await accept('a', held('a', { waitMs: 60_000 }));
      const before = Date.now();
      expect(await start('a')).toMatchObject({ state: 'waiting', attempts: 0 });
      const { until = 0 } = (await start('a')) ?? {};
      expect(until).toBeGreaterThan(before);
      expect(until).toBeLessThanOrEqual(before + 61_000);
      expect((await store.lanes.list({ limit: 1 }))[0]?.entries).toMatchObject([{ state: 'aside', until }]);
      expect(await store.lanes.letDue()).toMatchObject({ hasLetOn: false, nextMs: expect.any(Number) });
      expect(await handedOver()).toEqual([]);
      expect(await store.inbox.nextDue()).toBeUndefined();
      const [listed] = await store.lanes.notBegun({ limit: 1, after: 0 });
      expect(listed).toMatchObject({ workflowId: 'a' });
      expect(await store.lanes.takeOut({ workflowId: 'a', because: 'cancelled' })).toBe(true);
      expect(await store.lanes.letDue()).toEqual({ hasLetOn: false, nextMs: undefined });
    });

    test('the first of them waits no longer than it may, however many come', async () => {
      for (const key of ['a', 'b', 'c']) await accept(key, held(key, { waitMs: 60_000, atMostMs: 1 }));
      await waitFor(() => store.lanes.letDue());
      expect(await handedOver()).toEqual(['c']);
    });

    test('what a clock that was ahead has put off waits no longer once it is right', async () => {
      const twoHours = 7_200_000;
      await accept('a', held('a', { waitMs: twoHours, atMostMs: twoHours }));
      await accept('b', { ...held('b', { waitMs: 60_000 }), lane: 'another' });
      await waitFor(() => store.lanes.letDue());
      expect(await handedOver()).toEqual(['a']);
      expect(await start('b')).toMatchObject({ state: 'waiting' });
    });

    test('kinds, automations and lanes wait each for their own', async () => {
      await accept('a', held('a', { waitMs: 60_000 }));
      await accept('b', { ...held('b', { waitMs: 60_000 }), kind: 'pull_request' });
      await accept('c', { ...held('c', { waitMs: 60_000 }), lane: 'another' });
      for (const key of ['a', 'b', 'c']) expect(await start(key)).toMatchObject({ state: 'waiting' });
    });

    test('once it has waited, a run enters its lane as any other', async () => {
      await accept('a', { onBusy: 'cancel-running' });
      await handedOver();
      await accept('b', { ...held('b', { waitMs: 1 }), onBusy: 'cancel-running' });
      expect(await handedOver()).toEqual([]);
      await waitFor(
        async () => ({ hasLetOn: (await start('b'))?.place === 1 }),
        () => store.lanes.letDue(),
      );
      expect(await handedOver()).toEqual([`a: ${OUTDATED_SIGNAL}`]);
      await accept('c', { ...held('c', { waitMs: 1 }), onBusy: 'reject', kind: 'tag' });
      await waitFor(
        async () => ({ hasLetOn: (await start('c'))?.state === 'refused' }),
        () => store.lanes.letDue(),
      );
      await leave('a');
      expect(await handedOver()).toEqual(['b']);
    });

    test('a run that waits for more is superseded by a newer one that does not, with cancel-running', async () => {
      await accept('a', { ...held('a', { waitMs: 60_000 }), onBusy: 'cancel-running' });
      await accept('b', { onBusy: 'cancel-running' });
      expect(await start('a')).toMatchObject({ state: 'superseded', supersededBy: 'b' });
      expect(await handedOver()).toEqual(['b']);
    });

    test('what waits for more begins before a newer run that waits for nothing, whatever its lane does with others', async () => {
      await accept('a', held('a', { waitMs: 60_000 }));
      await accept('b');
      expect(await handedOver()).toEqual(['a']);
      expect(await start('b')).toMatchObject({ state: 'waiting', place: 1 });
      await leave('a');
      expect(await handedOver()).toEqual(['b']);
      // One that has things to find out first.
      await accept('c', { ...held('c', { waitMs: 60_000 }), lane: 'asking' });
      await accept('d', { lane: 'asking', asks: true });
      expect(await handedOver()).toEqual(['c', 'd']);
      expect(await store.lanes.stepBack('d')).toMatchObject({ state: 'waits', after: 'c' });
      // One that is told late ends nobody, and what it makes begin may.
      await accept('e', { lane: 'late', onBusy: 'cancel-running' });
      await accept('f', { ...held('f', { waitMs: 60_000 }), lane: 'late', onBusy: 'cancel-running' });
      await accept('g', { lane: 'late' });
      expect(await start('e')).toMatchObject({ state: 'superseded', supersededBy: 'f' });
      expect(await handedOver()).toEqual(['f']);
      // What is older, or of another kind, hurries nothing.
      const at = (time: number, late?: true) => ({ happened: { at: time, ...(late && { late }) } });
      await accept('h', { ...held('h', { waitMs: 60_000 }), lane: 'last', ...at(2) });
      await accept('i', { lane: 'last', ...at(1, true) });
      await accept('j', { lane: 'last', kind: 'tag' });
      expect(await start('h')).toMatchObject({ state: 'waiting' });
      expect(await handedOver()).toEqual(['i']);
    });

    test('a run that has things to find out does so once it has waited', async () => {
      await accept('a', { ...held('a', { waitMs: 1 }), asks: true });
      await accept('b', { ...held('b', { waitMs: 1 }), asks: true });
      await waitFor(() => store.lanes.letDue());
      expect(await handedOver()).toEqual(['b']);
      expect(await store.lanes.stepBack('b')).toEqual({ state: 'runs' });
    });

    test('a paused lane begins nothing that has waited, and what it knows is bounded', async () => {
      await accept('first');
      await leave('first');
      await store.lanes.setMode({ lane: 'deploy', mode: 'paused', by: 'ada' });
      for (let n = 0; n < 105; n++) await accept(`k${n}`, held(`k${n}`, { waitMs: 1 }));
      await waitFor(
        async () => ({ hasLetOn: (await start('k104'))?.place === 1 }),
        () => store.lanes.letDue(),
      );
      expect(await handedOver()).toEqual([]);
      await store.lanes.setMode({ lane: 'deploy', mode: 'open', by: 'ada' });
      const [claimed] = await store.inbox.claim({ limit: 5, leaseMs: 60_000 });
      const { superseded = [] } = (claimed as { how?: { superseded?: { deliveryId: string }[] } }).how ?? {};
      expect(superseded).toHaveLength(100);
      expect(superseded.at(-1)).toMatchObject(event('k103'));
    });

    test('a limit that is raised lets those on that wait, and one that is lowered ends nobody', async () => {
      for (const key of ['a', 'b', 'c', 'd']) await accept(key);
      await accept('x', { lane: 'another', group: 'another' });
      await accept('y', { lane: 'another', group: 'another' });
      const group = 'deploy {branch}';
      expect(await store.lanes.setLimit({ automation: 'ci', group, limit: 3 })).toBe(true);
      expect(await store.lanes.setLimit({ automation: 'ci', group, limit: 3 })).toBe(false);
      expect(await store.lanes.setLimit({ automation: 'lint', group, limit: 9 })).toBe(false);
      expect(await handedOver()).toEqual(['a', 'b', 'c', 'x']);
      expect(await store.lanes.setLimit({ automation: 'ci', group, limit: 1 })).toBe(false);
      await leave('a', 'b');
      expect(await handedOver()).toEqual([]);
      await leave('c');
      expect(await handedOver()).toEqual(['d']);
    });

    test('a run that steps aside lets the next on, and goes on when its turn has come, before those that came later', async () => {
      for (const key of ['a', 'b', 'c']) await accept(key);
      expect(await handedOver()).toEqual(['a']);
      expect(await store.lanes.stepAside('a')).toBe(true);
      expect(await store.lanes.stepAside('a')).toBe(false);
      expect(await handedOver()).toEqual(['b']);
      expect(await entries()).toEqual(['b runs', 'a aside', 'c waits']);
      expect(await store.lanes.stepBack('a')).toEqual({ state: 'waits', place: 1, after: 'b' });
      expect(await store.lanes.stepBack('a')).toEqual({ state: 'waits', place: 1, after: 'b' });
      await leave('b');
      expect(await handedOver()).toEqual([`a: ${LET_ON_SIGNAL}`]);
      expect(await store.lanes.stepBack('a')).toEqual({ state: 'runs' });
      // And once more, by a signal of its own.
      await store.lanes.stepAside('a');
      expect(await handedOver()).toEqual(['c']);
      await store.lanes.stepBack('a');
      await leave('c');
      expect(await handedOver()).toEqual([`a: ${LET_ON_SIGNAL}`]);
    });

    test('a run that steps back into a free lane goes on with the answer', async () => {
      await accept('a');
      await handedOver();
      await store.lanes.stepAside('a');
      expect(await store.lanes.stepBack('a')).toEqual({ state: 'runs' });
      expect(await handedOver()).toEqual([]);
    });

    test('a run that steps aside before its start is known to have succeeded is told when its turn has come', async () => {
      for (const key of ['a', 'b']) await accept(key);
      await store.inbox.claim({ limit: 1, leaseMs: 60_000 });
      await store.lanes.stepAside('a');
      await store.lanes.stepBack('a');
      const begun = await handedOver();
      await leave('b');
      expect([...begun, ...(await handedOver())]).toEqual(['b', `a: ${LET_ON_SIGNAL}`]);
    });

    test('a newer run ends one that has stepped aside with cancel-running', async () => {
      await accept('a', { onBusy: 'cancel-running' });
      await handedOver();
      await store.lanes.stepAside('a');
      await accept('b', { onBusy: 'cancel-running' });
      expect(await handedOver()).toEqual([`a: ${OUTDATED_SIGNAL}`, 'b']);
      expect(await store.lanes.stepBack('a')).toEqual({ state: 'superseded', by: 'b' });
    });

    test('a run that has things to find out begins without a slot, in its place, and supersedes nobody until it has one', async () => {
      const claim = { asks: true, onBusy: 'cancel-running' } as const;
      await accept('a', { onBusy: 'cancel-running' });
      await handedOver();
      await accept('b', claim);
      expect(await handedOver()).toEqual(['b']);
      expect(await entries()).toEqual(['a runs', 'b aside']);
      expect(await store.lanes.stepBack('b')).toEqual({ state: 'waits', place: 1, after: 'a' });
      expect(await handedOver()).toEqual([`a: ${OUTDATED_SIGNAL}`]);
      await leave('a');
      expect(await handedOver()).toEqual([`b: ${LET_ON_SIGNAL}`]);
    });

    test('a run that has found out what it had to is refused by a busy lane with reject, and waits there later', async () => {
      const claim = { asks: true, onBusy: 'reject' } as const;
      await accept('a', claim);
      await accept('b', claim);
      expect(await handedOver()).toEqual(['a', 'b']);
      expect(await store.lanes.stepBack('a')).toEqual({ state: 'runs' });
      const refused = { state: 'refused', because: 'a runs in the lane' };
      expect(await store.lanes.stepBack('b')).toEqual(refused);
      expect(await store.lanes.stepBack('b')).toEqual(refused);
      await store.lanes.stepAside('a');
      await accept('c', { onBusy: 'reject' });
      expect(await store.lanes.stepBack('a')).toMatchObject({ state: 'waits' });
    });

    test('runs from inside enter with their answer, and are let on or superseded by a signal', async () => {
      expect(await enter('a')).toEqual({ state: 'runs' });
      expect(await enter('b')).toEqual({ state: 'waits', place: 1, after: 'a' });
      await accept('c');
      expect(await enter('b')).toEqual({ state: 'waits', place: 1, after: 'a' });
      await leave('a');
      expect(await handedOver()).toEqual([`b: ${LET_ON_SIGNAL}`]);
      expect(await enter('b')).toEqual({ state: 'runs' });
      expect(await enter('d', { onBusy: 'keep-newest' })).toMatchObject({ state: 'waits', place: 1, after: 'b' });
      expect(await enter('e', { onBusy: 'keep-newest' })).toMatchObject({ state: 'waits', place: 1, after: 'b' });
      expect(await start('c')).toMatchObject({ state: 'superseded', supersededBy: 'd' });
      expect(await handedOver()).toEqual([`d: ${OUTDATED_SIGNAL}`]);
      expect(await enter('d', { onBusy: 'keep-newest' })).toEqual({ state: 'superseded', by: 'e' });
      expect(await enter('f', { onBusy: 'reject' })).toEqual({ state: 'refused', because: 'b runs in the lane' });
      expect(await enter('f', { onBusy: 'reject' })).toEqual({ state: 'refused', because: 'b runs in the lane' });
      expect(await enter('g', { onBusy: 'cancel-running' })).toMatchObject({ state: 'waits' });
      expect(await handedOver()).toEqual([`b: ${OUTDATED_SIGNAL}`, `e: ${OUTDATED_SIGNAL}`]);
      expect(await store.inbox.list({ limit: 10 })).toHaveLength(1);
      expect(await start('a')).toBeUndefined();
    });

    test('a run from inside that ends while it waits leaves its place', async () => {
      await enter('a');
      await enter('b');
      await enter('c');
      await leave('b');
      await leave('a');
      expect(await handedOver()).toEqual([`c: ${LET_ON_SIGNAL}`]);
    });

    test('a run that enters again under its name, after it has left, is told again', async () => {
      for (let round = 0; round < 2; round++) {
        await enter('holder');
        await enter('again');
        await leave('holder');
        expect(await handedOver()).toEqual([`again: ${LET_ON_SIGNAL}`]);
        await leave('again');
      }
    });

    test('the lane of a run is found by the run, as long as it is in it', async () => {
      await accept('a');
      await accept('b');
      const found = async (ofRun: string) =>
        (await store.lanes.list({ ofRun, limit: 5 })).map(({ title, entries }) => [title, entries.length]);
      expect(await found('b')).toEqual(await found('a'));
      expect(await found('a')).toEqual([[expect.any(String), 2]]);
      const [lane] = await store.lanes.list({ ofRun: 'a', limit: 1 });
      expect(await store.lanes.list({ ofRun: 'a', named: 'no such lane', limit: 5 })).toEqual([]);
      expect(await store.lanes.list({ ofRun: 'a', named: lane?.lane, limit: 5 })).toHaveLength(1);
      expect(await store.lanes.list({ ofRun: 'a', after: lane?.lane, limit: 5 })).toEqual([]);
      await handedOver();
      await leave('a');
      expect(await found('a')).toEqual([]);
      expect(await found('nobody')).toEqual([]);
    });

    test('the same again changes nothing: a delivery, a start, an entry, a leave', async () => {
      await accept('a');
      await accept('b');
      expect(await store.inbox.accept(inLane('a'))).toMatchObject({ stored: false, repeats: 'key' });
      const replay = { ...aStart('a/replay-1'), how: { once: 'pressed-1' } };
      const again = { deliveryId: inLane('a').id, starts: [aStart('a'), replay] };
      expect(await store.inbox.startAgain(again)).toBe(true);
      expect(await store.inbox.startAgain(again)).toBe(true);
      expect(await store.inbox.startAgain({ ...again, deliveryId: 'nowhere' })).toBe(false);
      expect(await entries()).toEqual(['a runs', 'b waits', 'a/replay-1 waits']);
      expect(await store.inbox.findStart('a/replay-1')).toMatchObject({ state: 'waiting', once: 'pressed-1' });
      await handedOver();
      expect(await leave('a', 'nobody', 'a')).toBe(true);
      expect(await leave('a')).toBe(false);
      expect(await entries()).toEqual(['b runs', 'a/replay-1 waits']);
      await store.inbox.startAgain(again);
      expect(await entries()).toEqual(['b runs', 'a/replay-1 waits']);
    });

    test('of two runs whose children wait in the lane of the other one child gives up, and the rest goes on', async () => {
      const child = (workflowId: string, lane: string, ...within: string[]) =>
        store.lanes.enter({ workflowId, automation: 'ci', claim: aClaim({ lane }), within });
      const look = async (workflowId: string, awaiting: readonly string[] | undefined = ['p', 'q']) => {
        const found = await store.lanes.breakDeadlock({ workflowId, standsMs: 0, awaiting });
        return 'because' in found ? found.because : undefined;
      };
      await enter('p', { lane: 'a' });
      await enter('q', { lane: 'b' });
      expect(await child('p/child', 'b', 'p')).toMatchObject({ state: 'waits', after: 'q' });
      expect(await look('p/child')).toBeUndefined();
      expect(await child('q/child', 'a', 'q')).toMatchObject({ state: 'waits', after: 'p' });
      // A lane that is paused may be let on.
      await store.lanes.setMode({ lane: 'b', mode: 'paused', by: 'ada' });
      expect(await look('q/child')).toBeUndefined();
      await store.lanes.setMode({ lane: 'b', mode: 'open', by: 'ada' });
      // Who has come just now, and who may have something else to do, may go on.
      const unsure = { workflowId: 'q/child', standsMs: 0 };
      const { ask = [] } = { because: '', ...(await store.lanes.breakDeadlock(unsure)) } as { ask?: string[] };
      expect(ask.toSorted()).toEqual(['p', 'q']);
      expect(await store.lanes.breakDeadlock({ ...unsure, standsMs: 60_000 })).toEqual({ ask: [] });
      for (const awaiting of [[], ['p'], ['q']]) expect(await look('q/child', awaiting)).toBeUndefined();
      expect(await entries('a')).toEqual(['p runs', 'q/child waits']);
      const both = await Promise.all(['p/child', 'q/child'].map((run) => look(run)));
      const [because, ...more] = both.filter((one) => one !== undefined);
      expect(more).toEqual([]);
      expect(because).toMatch(/^deadlock: this run waits in the lane the lane (a for p|b for q); .*Have both take/);
      const isP = both[0] !== undefined;
      const [ends, goesOn] = isP ? ['p', 'q'] : ['q', 'p'];
      const [own, other] = isP ? ['b', 'a'] : ['a', 'b'];
      expect(await entries(own)).toEqual([`${goesOn} runs`]);
      expect(await entries(other)).toEqual([`${ends} runs`, `${goesOn}/child waits`]);
      // An attempt that is made again is answered so too.
      expect(await child(`${ends}/child`, own, ends)).toEqual({ state: 'refused', because });
      expect(await look(`${goesOn}/child`)).toBeUndefined();
      expect(await leave(ends)).toBe(true);
      expect(await entries(other)).toEqual([`${goesOn}/child runs`]);
    });

    test("a run's name that belongs to another delivery is refused, with all that comes with it", async () => {
      await accept('a');
      await accept('b');
      for (const taken of ['a', 'b']) {
        const lanes = inLane('c', {}, { verdicts: inLane(taken).verdicts });
        await expect(store.inbox.accept(lanes)).rejects.toThrow('another delivery');
      }
      expect(await store.inbox.find(inLane('c').id)).toBeUndefined();
      expect(await entries()).toEqual(['a runs', 'b waits']);
    });

    test('a start that failed for good leaves its lane, and what is asked for again enters anew', async () => {
      for (const key of ['a', 'b']) await accept(key);
      await store.inbox.claim({ limit: 1, leaseMs: 60_000 });
      for (let times = 0; times < 2; times++)
        await store.inbox.settle([{ id: 'a', outcome: 'failed', error: 'no such automation' }]);
      expect(await entries()).toEqual(['b runs']);
      expect(await start('a')).toMatchObject({ state: 'failed', error: 'no such automation' });
      expect(await store.inbox.list({ limit: 5, failed: true })).toHaveLength(1);
      await store.inbox.startAgain({ deliveryId: inLane('a').id, starts: [aStart('a/replay-1')] });
      expect(await entries()).toEqual(['b runs', 'a/replay-1 waits']);
      // It was asked for again, though it waits.
      expect(await store.inbox.list({ limit: 5, failed: true })).toEqual([]);
      expect(await store.inbox.backlog()).toMatchObject({ failed: 0, waiting: 1 });
      const { dispatches } = (await store.inbox.find(inLane('a').id)) ?? {};
      expect(dispatches?.map(({ workflowId }) => workflowId)).toEqual(['a', 'a/replay-1']);
    });

    test('starts with and without lanes of one delivery keep their order', async () => {
      await accept('holder');
      const verdict = { outcome: 'start', because: 'all' } as const;
      await store.inbox.accept(
        aDelivery('k', {
          verdicts: [
            { ...verdict, automation: 'ci', workflowId: 'free' },
            { ...verdict, automation: 'ci', workflowId: 'laned', lane: aClaim() },
          ],
        }),
      );
      const dispatches = async () => (await store.inbox.find(aDelivery('k').id))?.dispatches;
      expect(await dispatches()).toMatchObject([
        { workflowId: 'free', state: 'pending' },
        { workflowId: 'laned', state: 'waiting' },
      ]);
      await leave('holder');
      expect(await dispatches()).toMatchObject([
        { workflowId: 'free', state: 'pending' },
        { workflowId: 'laned', state: 'pending' },
      ]);
    });

    test('a run that is taken out before it begins never starts, and says so', async () => {
      for (const key of ['a', 'b', 'c']) await accept(key);
      await leave('b');
      await leave('a');
      expect(await handedOver()).toEqual(['c']);
      for (const key of ['a', 'b'])
        expect(await start(key)).toMatchObject({ state: 'refused', because: expect.stringContaining('taken out') });
    });

    test('Temporal is asked about those that hold a lane for which others wait, now and then', async () => {
      const ask = async (before: number) =>
        (await store.lanes.toAskAbout({ limit: 10, before })).map(({ workflowId }) => workflowId).sort();
      await accept('a');
      await enter('x', { lane: 'inside' });
      await enter('alone', { lane: 'alone' });
      expect(await ask(Date.now() + 1_000)).toEqual([]);
      await accept('b');
      await enter('y', { lane: 'inside' });
      // Temporal has not been given the first yet.
      expect(await ask(Date.now())).toEqual(['x']);
      await handedOver();
      expect(await ask(Date.now() - 60_000)).toEqual(['a']);
      expect(await ask(Date.now() - 60_000)).toEqual([]);
      expect(await ask(Date.now() + 60_000)).toEqual(['a', 'x']);
      expect(await store.lanes.toAskAbout({ limit: 1, before: Date.now() + 60_000 })).toHaveLength(1);
      // One day all are asked about that Temporal has, and not what waits to begin.
      expect(await ask(Date.now() + 2 * 86_400_000)).toEqual(['a', 'alone', 'x', 'y']);
    });

    test('Temporal is asked about those that wait there as well, more rarely: they may have been terminated', async () => {
      await enter('a');
      await enter('b');
      await accept('c');
      const ask = async (before: number) =>
        (await store.lanes.toAskAbout({ limit: 10, before })).map(({ workflowId }) => workflowId).sort();
      expect(await ask(Date.now() + 60_000)).toEqual(['a']);
      expect(await ask(Date.now() + 5 * 60_000)).toEqual(['a', 'b']);
    });

    test('lanes are listed by title, a page at a time, and by a part of the title', async () => {
      for (const lane of ['c', 'a', 'b']) await accept(`run of ${lane}`, { lane, title: `ci acme/${lane}` });
      await accept('waits', { lane: 'a', title: 'ci acme/renamed' });
      const listed = async (filter: Parameters<Store['lanes']['list']>[0]) =>
        (await store.lanes.list(filter)).map(({ title, entries: all }) => `${title} ${all.length}`);
      expect(await listed({ limit: 10 })).toEqual(['ci acme/b 1', 'ci acme/c 1', 'ci acme/renamed 2']);
      expect(await listed({ limit: 1 })).toEqual(['ci acme/b 1']);
      expect(await listed({ limit: 5, after: 'b' })).toEqual(['ci acme/c 1', 'ci acme/renamed 2']);
      expect(await listed({ limit: 5, named: 'acme/r' })).toEqual(['ci acme/renamed 2']);
      expect(await listed({ limit: 5, named: 'c' })).toHaveLength(3);
      expect(await listed({ limit: 5, named: 'c', after: 'b' })).toHaveLength(2);
      expect(await listed({ limit: 5, named: '%' })).toEqual([]);
    });

    test('deliveries with runs in lanes are not pruned; what has ended there goes with them', async () => {
      const old = { receivedAt: 1_000 };
      for (const key of ['a', 'b']) await store.inbox.accept(inLane(key, { onBusy: 'keep-newest' }, old));
      await store.inbox.accept(inLane('c', { onBusy: 'keep-newest' }, old));
      await enter('d', { onBusy: 'reject' });
      await handedOver();
      const prune = () => store.inbox.prune({ before: Date.now() + 1_000, limit: 100 });
      // The one that was superseded, and the one that was refused.
      expect(await prune()).toBe(2);
      expect(await start('b')).toBeUndefined();
      expect(await enter('d', { onBusy: 'reject' })).toMatchObject({ state: 'refused' });
      await leave('a');
      await handedOver();
      expect(await start('c')).toMatchObject({ state: 'done' });
      await leave('c');
      // Both deliveries, the refused one, and the lane.
      expect(await prune()).toBe(4);
      expect(await store.lanes.setMode({ lane: 'deploy', mode: 'paused', by: 'ada' })).toBe(false);
      expect(await prune()).toBe(0);
    });

    test('a lane that somebody holds up is kept though nobody is in it', async () => {
      await enter('a');
      await store.lanes.setMode({ lane: 'deploy', mode: 'paused', by: 'ada' });
      await leave('a');
      expect(await store.inbox.prune({ before: Date.now() + 1_000, limit: 100 })).toBe(0);
      expect(await store.lanes.list({ limit: 1 })).toHaveLength(1);
    });

    test('forgetting a delivery takes what it waits with out of its lane, and leaves what runs', async () => {
      for (const key of ['a', 'b', 'c']) await accept(key);
      await handedOver();
      const gone = await store.forgetting.delivery(inLane('b').id);
      expect(gone?.workflowIds).toEqual(['b']);
      expect(await start('b')).toBeUndefined();
      expect((await store.forgetting.delivery(inLane('a').id))?.workflowIds).toEqual(['a']);
      expect(await entries()).toEqual(['a runs', 'c waits']);
      expect(await store.lanes.toAskAbout({ limit: 5, before: Date.now() })).toMatchObject([{ workflowId: 'a' }]);
      await leave('a');
      expect(await handedOver()).toEqual(['c']);
    });

    test('forgetting a delivery whose run nobody has begun to start lets the next on', async () => {
      for (const key of ['a', 'b']) await accept(key);
      await store.forgetting.delivery(inLane('a').id);
      expect(await handedOver()).toEqual(['b']);
    });

    test('lanes are forgotten but for those that somebody is in or holds up', async () => {
      for (const lane of ['busy', 'idle', 'other', 'paused']) await enter(`run of ${lane}`, { lane });
      await store.lanes.setMode({ lane: 'paused', mode: 'paused', by: 'ada' });
      await leave('run of idle', 'run of other', 'run of paused');
      expect(await store.forgetting.lanes(['busy', 'gone', 'idle', 'paused'])).toBe(1);
      const left = await store.lanes.list({ limit: 10, named: '' });
      expect(left.map(({ lane }) => lane)).toEqual(['busy', 'other', 'paused']);
      await enter('run of idle', { lane: 'idle' });
      expect(await entries('idle')).toEqual(['run of idle runs']);
    });

    test('Temporal is asked about who holds a lane that refuses, though nobody waits for it', async () => {
      await accept('a', { onBusy: 'reject' });
      await handedOver();
      expect(await start('a')).toMatchObject({ state: 'done' });
      const asked = await store.lanes.toAskAbout({ limit: 5, before: Date.now() + 1_000 });
      expect(asked.map(({ workflowId }) => workflowId)).toEqual(['a']);
    });

    test('what has not begun can be taken out, with the reason, and lets the next on', async () => {
      for (const key of ['a', 'b', 'c']) await accept(key);
      expect(await store.lanes.takeOut({ workflowId: 'b', because: 'cancelled by ada' })).toBe(true);
      expect(await start('b')).toMatchObject({ state: 'refused', because: 'cancelled by ada' });
      expect(await store.lanes.takeOut({ workflowId: 'a', because: 'cancelled by ada' })).toBe(true);
      expect(await handedOver()).toEqual(['c']);
      expect(await start('a')).toMatchObject({ state: 'refused' });
    });

    test('what waits to begin has to be told of, with its place, and whoever holds it up; what begins has not', async () => {
      for (const key of ['a', 'b', 'c']) await accept(key, { priority: key === 'c' ? 1 : 3 });
      await enter('inside');
      const about = { automation: 'ci', source: inLane('b').source, part: 0, title: 'the lane deploy' };
      expect(await toTell()).toEqual([
        { ...about, ...of('b'), state: 'waits', place: 2, after: 'c' },
        { ...about, ...of('c'), state: 'waits', place: 1, after: 'a' },
      ]);
      expect(await toTell({ limit: 1 })).toMatchObject([{ workflowId: 'b' }]);
      const [{ arrived } = { arrived: 0 }] = await store.lanes.toTell({ ...ALL, limit: 1 });
      expect(await toTell({ after: arrived })).toMatchObject([{ workflowId: 'c' }]);
      expect(await toTell({ before: Date.now() - 60_000 })).toEqual([]);
      await store.lanes.setMode({ lane: 'deploy', mode: 'paused', by: 'ada', reason: 'a freeze' });
      expect(await toTell({ limit: 1 })).toMatchObject([{ paused: { by: 'ada', reason: 'a freeze' } }]);
    });

    test('what was told is kept, and a run that begins is told that it has to follow it up', async () => {
      for (const key of ['a', 'b', 'c']) await accept(key);
      await handedOver();
      const told = ['a', 'b', 'nobody'].map((workflowId) => ({ workflowId, words: 'queued: 1st\0' }));
      expect(await store.lanes.noteTold(told)).toEqual(['b']);
      expect(await toTell({ limit: 1 })).toMatchObject([{ workflowId: 'b', told: 'queued: 1st\u2400' }]);
      await leave('a');
      const claimed = await store.inbox.claim({ limit: 5, leaseMs: 60_000 });
      expect(claimed).toMatchObject([{ workflowId: 'b', how: { lane: 'the lane deploy', told: true } }]);
      await leave('b');
      expect((await store.inbox.claim({ limit: 5, leaseMs: 60_000 }))[0]).toHaveProperty('how', {
        lane: 'the lane deploy',
      });
    });

    test('it is told once how the waiting of a run has ended that never begins', async () => {
      await accept('a');
      for (const key of ['b', 'c', 'd']) await accept(key, { onBusy: 'keep-newest' });
      // Of what was superseded before anybody heard of it there is nothing to say.
      expect(await toTell()).toMatchObject([{ workflowId: 'd', state: 'waits' }]);
      await store.lanes.noteTold([{ workflowId: 'd', words: 'queued' }]);
      await accept('e', { onBusy: 'keep-newest' });
      await accept('f', { onBusy: 'reject' });
      await store.lanes.takeOut({ workflowId: 'e', because: 'cancelled by ada' });
      const ended = (await toTell()).filter(({ state }) => state !== 'waits');
      // What has ended within one millisecond is in no order.
      expect(ended.sort((one, other) => (one.workflowId < other.workflowId ? -1 : 1))).toMatchObject([
        { workflowId: 'd', state: 'superseded', by: 'e', told: 'queued' },
        { workflowId: 'e', state: 'refused', because: 'cancelled by ada' },
        { workflowId: 'f', state: 'refused', because: 'a runs in the lane' },
      ]);
      const all = ['d', 'e', 'f'].map((workflowId) => ({ workflowId }));
      expect(await store.lanes.noteTold([...all, { workflowId: 'a' }])).toEqual(['d', 'e', 'f']);
      expect(await toTell()).toEqual([]);
    });

    test('what may have begun is not taken out, nor what has begun by itself, nor what is in no lane', async () => {
      await accept('a');
      await store.inbox.claim({ limit: 5, leaseMs: 60_000 });
      await enter('x', { lane: 'inside' });
      for (const workflowId of ['a', 'x', 'nobody'])
        expect(await store.lanes.takeOut({ workflowId, because: 'cancelled' })).toBe(false);
      expect(await entries()).toEqual(['a runs']);
    });
  });
}
