import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { WAIT_SIGNAL } from '../../src/runs/names.js';
import type { NewDelivery, NewWait, Store } from '../../src/store/store.js';
import { comment, pullRequest, push } from '../../src/triggers/index.js';
import { aboutOf } from '../../src/waits/about.js';
import { aComment, aPullRequest, aPush } from '../waits/an-event.js';
import { aDelivery } from './a-delivery.js';

type Opened = { store: Store; remove(): Promise<void> };

const PLACE = { source: 'hub', repository: '1' };
const HOUR = 3_600_000;

/** What waits do in every store. `open` gives an empty one; `remove` is called after it has been closed. */
export function describeWaits(name: string, open: () => Promise<Opened>): void {
  let opened: Opened;
  let store: Store;
  let begin: NewDelivery;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
    begin = await arrives('begin', aPullRequest());
  });
  afterEach(async () => {
    await store.close();
    await opened.remove();
  });

  /** A delivery that starts nothing. */
  const arrives = async (key: string, ...events: HookyardEvent[]) => {
    const delivery = aDelivery(key, { events, verdicts: [] });
    await store.inbox.accept(delivery);
    return delivery;
  };
  const aWait = (id: string, changes: Partial<NewWait> = {}): NewWait => ({
    ...{ ...PLACE, id, workflowId: 'preview/1', runId: 'r', title: 'a comment or a push about #7' },
    ...{ on: [comment(), push()], about: aboutOf(aPullRequest()), until: Date.now() + HOUR },
    after: { deliveryId: begin.id, receivedAt: begin.receivedAt },
    ...changes,
  });
  /** Looks until there is nothing more to compare; returns which run got which delivery. */
  const look = async () => {
    const given: string[] = [];
    for (;;) {
      const [place] = await store.waits.toLookAt({ limit: 10 });
      if (!place) return given;
      const looked = await store.waits.look(place);
      given.push(...looked.given.map(({ workflowId, deliveryId }) => `${workflowId} ${deliveryId}`));
    }
  };
  /** The signals that are due, as `wait: text of the comment`. */
  const told = async () => {
    const claimed = await store.inbox.claim({ limit: 100, leaseMs: 60_000 });
    await store.inbox.settle(claimed.map(({ id }) => ({ id, outcome: 'done' })));
    return claimed.map((one) => {
      if (one.kind !== 'signal') throw new Error('a run was started');
      expect(one.signal).toBe(WAIT_SIGNAL);
      const { wait, event } = one.payload as { wait: string; event: HookyardEvent };
      return `${wait}: ${event.kind === 'comment' ? event.comment.body : event.kind}`;
    });
  };
  const says = (body: string) => aComment({ comment: { id: body, body, author: 'ada' } });

  describe(`${name}: waits`, () => {
    test('a run that waits is given the first event that matches, and is told by one signal', async () => {
      await store.waits.open(aWait('w'));
      expect(await look()).toEqual([]);
      await arrives('other', aComment({ number: 8 }));
      const first = await arrives('first', says('first'));
      await arrives('second', says('second'));
      expect(await look()).toEqual([`preview/1 ${first.id}`]);
      expect(await told()).toEqual(['w: first']);
      expect(await look()).toEqual([]);
      expect(await told()).toEqual([]);
    });

    test('what came between the beginning of the run and its wait counts, and what came before does not', async () => {
      begin = await arrives('begins later', aPullRequest({ action: 'reopened' }));
      await arrives('early', says('early'));
      await store.waits.open(aWait('w'));
      await look();
      expect(await told()).toEqual(['w: early']);
      await store.waits.open(aWait('of the delivery', { on: [pullRequest({ actions: ['opened', 'reopened'] })] }));
      expect(await look()).toEqual([]);
    });

    test('one wait after the other is given all events, in their order, and none twice', async () => {
      for (const key of ['a', 'b', 'c']) await arrives(key, says(key));
      const got: string[] = [];
      let { after } = aWait('');
      for (const id of ['1', '2', '3', '4']) {
        await store.waits.open(aWait(id, { after }));
        await look();
        got.push(...(await told()));
        const given = await store.waits.close(id);
        if (given) after = { deliveryId: given.event.deliveryId, receivedAt: 0, inclusive: true };
      }
      expect(got).toEqual(['1: a', '2: b', '3: c']);
    });

    test('waits that are open at once in one run never get the same event, and those of two runs both do', async () => {
      for (const id of ['1', '2']) await store.waits.open(aWait(id));
      await store.waits.open(aWait('3', { workflowId: 'other/1' }));
      await arrives('a', says('a'));
      await look();
      expect(await told()).toEqual(['1: a', '3: a']);
      await arrives('b', says('b'));
      await look();
      expect(await told()).toEqual(['2: b']);
    });

    test('each event of a delivery counts, also after another of the same delivery', async () => {
      await store.waits.open(aWait('1'));
      const both = await arrives('both', aPush('feature'), aPush('feature'));
      await look();
      expect(await told()).toEqual(['1: push']);
      await store.waits.open(aWait('2', { after: { deliveryId: both.id, receivedAt: 0, inclusive: true } }));
      await look();
      expect(await told()).toEqual(['2: push']);
      expect((await store.inbox.find(both.id))?.given).toMatchObject([{ part: 0 }, { part: 1 }]);
    });

    test('what a late delivery tells once more is given to nobody, whoever has got it before, and its other events are', async () => {
      await store.waits.open(aWait('1'));
      await arrives('made by a look', aPush('feature'));
      await look();
      const late = await arrives('late', { ...aPush('feature'), toldBefore: 'it came late' }, says('new'));
      await store.waits.open(aWait('2'));
      await store.waits.open(
        aWait('of another run', {
          workflowId: 'other/1',
          after: { deliveryId: late.id, receivedAt: 0, inclusive: true },
        }),
      );
      await look();
      expect(await told()).toEqual(['1: push', '2: new', 'of another run: new']);
    });

    test('an event that ends a run may be given to a wait of it as well', async () => {
      await store.waits.open(aWait('end', { ends: true }));
      await store.waits.open(aWait('w'));
      await arrives('a', says('a'));
      await look();
      expect(await told()).toEqual(['end: a', 'w: a']);
    });

    test('an event that did not end the run, since it was refused, is not given to its next wait of that sort', async () => {
      await store.waits.open(aWait('1', { ends: true }));
      const refused = await arrives('a', says('a'));
      await look();
      const after = { deliveryId: refused.id, receivedAt: 0, inclusive: true } as const;
      await store.waits.open(aWait('2', { ends: true, after }));
      await arrives('b', says('b'));
      await look();
      expect(await told()).toEqual(['1: a', '2: b']);
    });

    test('events of other sources and repositories are not compared', async () => {
      await store.waits.open(aWait('w'));
      await arrives('elsewhere', aComment({ repository: { ...says('').repository, id: '2' } }));
      await store.inbox.accept(
        aDelivery('else', { source: 'lab', events: [aComment({ source: 'lab' })], verdicts: [] }),
      );
      expect(await store.waits.toLookAt({ limit: 10 })).toEqual([]);
    });

    test('what is received after the time is up does not count', async () => {
      await store.waits.open(aWait('w', { until: begin.receivedAt + 50 }));
      await store.inbox.accept(
        aDelivery('late', { events: [says('late')], verdicts: [], receivedAt: begin.receivedAt + 51 }),
      );
      expect(await look()).toEqual([]);
      await store.inbox.accept(
        aDelivery('in time', { events: [says('in time')], verdicts: [], receivedAt: begin.receivedAt + 50 }),
      );
      await look();
      expect(await told()).toEqual(['w: in time']);
    });

    test('a wait that is closed gets nothing; one that was given its event before says so, each time', async () => {
      await store.waits.open(aWait('1'));
      expect(await store.waits.close('1')).toBeUndefined();
      await arrives('a', says('a'));
      expect(await look()).toEqual([]);
      await store.waits.open(aWait('2'));
      await look();
      for (let i = 0; i < 2; i++) expect(await store.waits.close('2')).toEqual({ event: says('a'), asks: {} });
      expect(await store.waits.close('unknown')).toBeUndefined();
    });

    test('what a wait was given that is cancelled goes to the next of its run, and its signal is taken back', async () => {
      await store.waits.open(aWait('1'));
      const a = await arrives('a', says('a'));
      await look();
      await store.waits.free('1');
      expect(await store.waits.close('1')).toBeUndefined();
      expect(await store.inbox.find(a.id)).not.toHaveProperty('given');
      await store.waits.open(aWait('2'));
      await store.waits.free('unknown');
      await look();
      expect(await told()).toEqual(['2: a']);
      await store.waits.open(aWait('3'));
      await store.waits.free('3');
      expect(await store.waits.list({ limit: 10, workflowId: 'preview/1' })).toEqual([]);
    });

    test('opening a wait again changes nothing, also once it has been given', async () => {
      await store.waits.open(aWait('w'));
      await arrives('a', says('a'));
      await look();
      expect(await store.waits.open(aWait('w'))).toBe(true);
      await arrives('b', says('b'));
      expect(await look()).toEqual([]);
      expect(await told()).toEqual(['w: a']);
    });

    test('a run may have a hundred waits open, and no more', async () => {
      for (let i = 0; i < 100; i++) expect(await store.waits.open(aWait(`w${i}`))).toBe(true);
      expect(await store.waits.open(aWait('one more'))).toBe(false);
      expect(await store.waits.open(aWait('w5'))).toBe(true);
      await store.waits.close('w5');
      expect(await store.waits.open(aWait('one more'))).toBe(true);
    });

    test('all waits of a run are closed at once, and those of another run of the same name stay', async () => {
      for (const [id, runId] of [
        ['1', 'r'],
        ['2', 'r'],
        ['3', 'later'],
      ] as const)
        await store.waits.open(aWait(id, { runId }));
      await store.waits.closeAll({ workflowIds: ['preview/1'], runId: 'r' });
      expect((await store.waits.list({ limit: 10, workflowId: 'preview/1' })).map(({ id }) => id)).toEqual(['3']);
      await store.waits.closeAll({ workflowIds: ['preview/1'] });
      expect(await store.waits.list({ limit: 10, workflowId: 'preview/1' })).toEqual([]);
    });

    test('the open waits of a run are listed', async () => {
      const until = Date.now() + HOUR;
      await store.waits.open(aWait('1', { until }));
      await store.waits.open(aWait('2', { ends: true }));
      await store.waits.open(aWait('3', { workflowId: 'other/1' }));
      const [first, second, ...more] = await store.waits.list({ limit: 10, workflowId: 'preview/1' });
      expect(first).toEqual({
        on: [comment(), push()],
        ...{ id: '1', workflowId: 'preview/1', title: 'a comment or a push about #7', until },
        since: expect.any(Number),
      });
      expect(second).toMatchObject({ id: '2', ends: true });
      expect(more).toEqual([]);
      expect(await store.waits.list({ limit: 1, workflowId: 'preview/1' })).toEqual([first]);
    });

    test('runs with open waits are named to be asked about, each once in a while', async () => {
      await store.waits.open(aWait('1'));
      await store.waits.open(aWait('2'));
      expect(await store.waits.toAskAbout({ limit: 10, before: Date.now() - HOUR })).toEqual([]);
      const before = Date.now() + 1_000;
      expect(await store.waits.toAskAbout({ limit: 10, before })).toEqual(['preview/1']);
      expect(await store.waits.toAskAbout({ limit: 10, before: before - 2_000 })).toEqual([]);
    });

    test('the waits of one run are compared by themselves, however far those of others are behind', async () => {
      await store.waits.open(aWait('far behind', { workflowId: 'other/1' }));
      for (let i = 0; i < 45; i++) await arrives(`other ${i}`, aComment({ number: 8 }));
      const a = await arrives('a', says('a'));
      await store.waits.open(aWait('w'));
      const given: string[] = [];
      for (let more = true; more; ) {
        const looked = await store.waits.look({ ...PLACE, workflowId: 'preview/1' });
        more = looked.more;
        given.push(...looked.given.map(({ workflowId, deliveryId }) => `${workflowId} ${deliveryId}`));
      }
      expect(given).toEqual([`preview/1 ${a.id}`]);
      expect(await look()).toEqual([`other/1 ${a.id}`]);
    });

    test('waits that were opened after a time stay when those before it are closed', async () => {
      await store.waits.open(aWait('w'));
      const open = async () => (await store.waits.list({ limit: 10, workflowId: 'preview/1' })).length;
      await store.waits.closeAll({ workflowIds: ['preview/1'], before: Date.now() - HOUR });
      expect(await open()).toBe(1);
      await store.waits.closeAll({ workflowIds: ['preview/1'], before: Date.now() + HOUR });
      expect(await open()).toBe(0);
    });

    test('many deliveries and many waits are compared page by page', async () => {
      for (let i = 0; i < 45; i++) await arrives(`other ${i}`, aComment({ number: 8 }));
      await arrives('a', says('a'));
      for (let i = 0; i < 30; i++) await store.waits.open(aWait(`w${i}`, { workflowId: `run ${i}` }));
      expect(await look()).toHaveLength(30);
      expect(await told()).toHaveLength(30);
    });

    test('an event that is larger than a run takes is passed over, and told of', async () => {
      await store.waits.open(aWait('w'));
      const large = await arrives('large', says('x'.repeat(1_600_000)));
      await arrives('small', says('small'));
      const looked = await store.waits.look(PLACE);
      expect(looked.tooLarge).toEqual([{ workflowId: 'preview/1', deliveryId: large.id }]);
      expect(await told()).toEqual(['w: small']);
    });

    test('a wait by what is no trigger keeps nobody else from getting an event, and is told of', async () => {
      await store.waits.open(aWait('odd', { workflowId: 'odd/1', on: [{ kind: 'push', branches: 7 } as never] }));
      await store.waits.open(aWait('w'));
      await arrives('a', aPush('feature'));
      const looked = await store.waits.look(PLACE);
      expect(looked.broken).toEqual([{ workflowId: 'odd/1', error: expect.any(Error) }]);
      expect(await told()).toEqual(['w: push']);
      expect(await look()).toEqual([]);
    });

    test('a delivery says which run waited for it, and is not deleted before waits have been compared with it', async () => {
      await store.waits.open(aWait('w'));
      const a = await arrives('a', says('a'));
      const keep = { before: Date.now() + HOUR, limit: 100 };
      expect(await store.inbox.prune(keep)).toBe(1);
      expect(await store.inbox.find(a.id)).not.toHaveProperty('given');
      await look();
      const given = { workflowId: 'preview/1', title: 'a comment or a push about #7', part: 0, at: expect.any(Number) };
      expect((await store.inbox.find(a.id))?.given).toEqual([given]);
      expect((await store.inbox.list({ limit: 1 }))[0]?.given).toEqual([given]);
      await told();
      expect(await store.inbox.prune(keep)).toBe(2);
      expect(await store.waits.close('w')).toBeUndefined();
    });

    test('a run that waits gets what arrives once all that came before was deleted', async () => {
      for (const key of ['x', 'y']) await arrives(key, aComment({ number: 8 }));
      await store.waits.open(aWait('w'));
      expect(await look()).toEqual([]);
      expect(await store.inbox.prune({ before: Date.now() + HOUR, limit: 100 })).toBe(3);
      const first = await arrives('first', says('first'));
      await arrives('second', says('second'));
      expect(await look()).toEqual([`preview/1 ${first.id}`]);
      expect(await told()).toEqual(['w: first']);
    });

    test('waits that were closed long ago are deleted', async () => {
      await store.waits.open(aWait('w'));
      await store.waits.close('w');
      expect(await store.inbox.prune({ before: Date.now() - HOUR, limit: 100 })).toBe(0);
      expect(await store.inbox.prune({ before: Date.now() + HOUR, limit: 100 })).toBe(2);
    });

    test('a delivery that is forgotten is given to nobody, and what was given is forgotten with its signal', async () => {
      await store.waits.open(aWait('1'));
      const a = await arrives('a', says('a'));
      const b = await arrives('b', says('b'));
      expect((await store.forgetting.delivery(a.id))?.workflowIds).toEqual([]);
      await look();
      await store.forgetting.delivery(b.id);
      expect(await told()).toEqual([]);
      expect(await store.waits.close('1')).toBeUndefined();
    });

    test('forgetting a delivery leaves what the runs that waited for it have written, and what else they wait for', async () => {
      await store.waits.open(aWait('1'));
      const a = await arrives('a', says('a'));
      await look();
      await store.waits.open(aWait('2'));
      expect((await store.forgetting.delivery(a.id))?.workflowIds).toEqual([]);
      expect((await store.waits.list({ limit: 10, workflowId: 'preview/1' })).map(({ id }) => id)).toEqual(['2']);
      expect(await store.waits.open(aWait('1'))).toBe(true);
      expect((await store.waits.list({ limit: 10, workflowId: 'preview/1' })).map(({ id }) => id)).toEqual(['2']);
    });

    test('what a run waited for is forgotten with the run', async () => {
      await store.waits.open(aWait('1'));
      await store.forgetting.run('preview/1', { limit: 10 });
      expect(await store.waits.list({ limit: 10, workflowId: 'preview/1' })).toEqual([]);
    });

    test('several that look at once give each event once, and lose none', async () => {
      const runs = Array.from({ length: 10 }, (_, i) => `run ${i}`);
      const numbers = Array.from({ length: 30 }, (_, i) => i);
      const got = new Map<string, string[]>();
      const waitInTurn = async (workflowId: string) => {
        let { after } = aWait('');
        for (let n = 0; n < numbers.length; n++) {
          const id = `${workflowId}/${n}`;
          await store.waits.open(aWait(id, { workflowId, after }));
          let given: Awaited<ReturnType<Store['waits']['close']>>;
          for (const end = Date.now() + 60_000; Date.now() < end && !given; ) {
            await store.waits.look(PLACE);
            if ((await store.waits.list({ limit: 1, workflowId })).length === 0) given = await store.waits.close(id);
          }
          if (given?.event.kind !== 'comment') return;
          got.set(workflowId, [...(got.get(workflowId) ?? []), given.event.comment.body]);
          after = { deliveryId: given.event.deliveryId, receivedAt: 0, inclusive: true };
        }
      };
      const arriving = (async () => {
        for (const n of numbers) await arrives(`n${n}`, says(String(n)));
      })();
      await Promise.all([arriving, ...runs.map(waitInTurn)]);
      for (const run of runs) expect(got.get(run)).toEqual(numbers.map(String));
    }, 180_000);
  });
}
