import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type {
  Dispatch,
  LinesAsked,
  LogSearch,
  NewDelivery,
  NewLogLine,
  OutboundAttempt,
  Store,
} from '../../src/store/store.js';
import { AmbiguousDeliveryError, LARGE_BODY, RecordVersionError, StoreClosedError } from '../../src/store/store.js';
import { aDelivery } from './a-delivery.js';

/** What every store keeps to. `open` gives an empty one; `remove` is called after it has been closed. */
export function describeStore(name: string, open: () => Promise<{ store: Store; remove(): Promise<void> }>): void {
  describe(`${name}: the inbox`, () => {
    const fresh = useFreshStore(open);

    test('the inbox keeps a delivery and everything about it', async () => {
      const { inbox } = fresh();
      const body = Buffer.from([0, 1, 2, 255, 0]);
      const delivery = aDelivery('k1', { body });
      expect(await inbox.accept(delivery)).toEqual({ stored: true });
      const { body: _body, bodyHash, repeatedSince, ...kept } = delivery;
      expect(await inbox.find(delivery.id)).toEqual({
        ...kept,
        bodyBytes: 5,
        dispatches: [{ workflowId: 'ci/hub/k1', automation: 'ci', state: 'pending', attempts: 0 }],
      });
      expect(await inbox.body(delivery.id)).toEqual(body);
    });

    test("the inbox leaves the caller's bytes as they were", async () => {
      const { inbox } = fresh();
      const all = Buffer.from('before-the body-after');
      const body = all.subarray(7, 15);
      await inbox.accept(aDelivery('view', { body }));
      expect(all.toString()).toBe('before-the body-after');
      expect((await inbox.body(aDelivery('view').id))?.toString()).toBe('the body');
    });

    test('the inbox keeps a body whose memory is given back as soon as it is stored', async () => {
      const { inbox } = fresh();
      const memory = new ArrayBuffer(100_000, { maxByteLength: 200_000 });
      const body = Buffer.from(memory).fill('x');
      await inbox.accept(aDelivery('lent', { body }));
      memory.resize(0);
      expect((await inbox.body(aDelivery('lent').id))?.equals(Buffer.alloc(100_000, 'x'))).toBe(true);
    });

    test.each([
      ['an empty body', 0],
      ['a body of 3 MB', 3_000_000],
    ])('the inbox keeps %s', async (_, length) => {
      const { inbox } = fresh();
      const delivery = aDelivery('sized', { body: Buffer.alloc(length, 'x') });
      await inbox.accept(delivery);
      const body = await inbox.body(delivery.id);
      expect(body?.length).toBe(length);
      expect(body?.equals(Buffer.alloc(length, 'x'))).toBe(true);
      expect((await inbox.find(delivery.id))?.bodyBytes).toBe(length);
    });

    test('the inbox keeps why a delivery was ignored, and starts nothing for it', async () => {
      const { inbox } = fresh();
      const rest = aDelivery('ping', { events: [] });
      await inbox.accept({ ...rest, eventName: 'ping', ignored: 'a ping', verdicts: [] });
      const found = await inbox.find(rest.id);
      expect(found).toMatchObject({ events: [], ignored: 'a ping', verdicts: [], dispatches: [] });
      expect(await inbox.claim({ limit: 10, leaseMs: 1000 })).toEqual([]);
    });

    test('the inbox answers a known key of the same source with the first delivery, even if the body differs', async () => {
      const { inbox } = fresh();
      const first = aDelivery('k', { body: Buffer.from('one') });
      await inbox.accept(first);
      const second = await inbox.accept(aDelivery('k', { body: Buffer.from('two') }));
      expect(second).toMatchObject({ stored: false, repeats: 'key', first: { id: first.id } });
      expect(second).toHaveProperty('first', await inbox.find(first.id));
      expect((await inbox.body(first.id))?.toString()).toBe('one');
      expect(await inbox.claim({ limit: 10, leaseMs: 1000 })).toHaveLength(1);
    });

    test('the inbox keeps the same key of another source', async () => {
      const { inbox } = fresh();
      await inbox.accept(aDelivery('k', { source: 'hub' }));
      expect(await inbox.accept(aDelivery('k', { source: 'lab' }))).toEqual({ stored: true });
    });

    test('the inbox answers a known body under a new key within the window, and only there', async () => {
      const { inbox } = fresh();
      const body = Buffer.from('captured');
      const first = aDelivery('original', { body, receivedAt: 1_000_000 });
      await inbox.accept(first);
      const again = (key: string, repeatedSince: number) =>
        inbox.accept(aDelivery(key, { body, receivedAt: 2_000_000, repeatedSince }));
      expect(await again('replayed', 1_000_000)).toMatchObject({
        stored: false,
        repeats: 'body',
        first: { id: first.id },
      });
      expect(await again('later', 1_000_001)).toEqual({ stored: true });
      expect(await inbox.accept(aDelivery('elsewhere', { body, source: 'lab', repeatedSince: 0 }))).toEqual({
        stored: true,
      });
    });

    test('the inbox answers only a known body of an event of another name, where that is asked for', async () => {
      const { inbox } = fresh();
      const told = (key: string, eventName: string, receivedAt: number) =>
        inbox.accept(
          aDelivery(key, { bodyHash: 'told', eventName, receivedAt, repeatedSince: 0, repeatsOtherEvents: true }),
        );
      const together = await Promise.all([
        told('1', 'push', 1_000),
        told('2', 'push', 1_001),
        told('3', 'create', 1_002),
      ]);
      expect(together.map(({ stored }) => stored)).toEqual([true, true, false]);
      expect(await told('4', 'push', 1_003)).toEqual({ stored: true });
      expect(await told('5', 'create', 1_004)).toMatchObject({ repeats: 'body', first: { key: '1' } });
    });

    test("the inbox looks at a delivery's key before its body", async () => {
      const { inbox } = fresh();
      await inbox.accept(aDelivery('a', { body: Buffer.from('A') }));
      await inbox.accept(aDelivery('b', { body: Buffer.from('B') }));
      const answer = await inbox.accept(aDelivery('a', { body: Buffer.from('B') }));
      expect(answer).toMatchObject({ repeats: 'key', first: { key: 'a' } });
    });

    test('the inbox stores one of many that arrive at once with the same key', async () => {
      const { inbox } = fresh();
      const answers = await Promise.all(Array.from({ length: 20 }, () => inbox.accept(aDelivery('same'))));
      expect(answers.filter(({ stored }) => stored)).toHaveLength(1);
      expect(await inbox.claim({ limit: 10, leaseMs: 1000 })).toHaveLength(1);
    });

    test('the inbox refuses what it cannot keep, without harm to what arrives with it', async () => {
      const { inbox } = fresh();
      const taken = aDelivery('taken');
      await inbox.accept(taken);
      const results = await Promise.allSettled([
        inbox.accept(aDelivery('good-1')),
        // A bug of the caller: two different deliveries under one id.
        inbox.accept(aDelivery('bad', { id: taken.id })),
        // Another: a run's id that belongs to another delivery. This one fails when half of it is written.
        inbox.accept(aDelivery('half', { verdicts: taken.verdicts })),
        inbox.accept(aDelivery('good-2')),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
      expect(await inbox.find('good-1')).toBeDefined();
      expect(await inbox.find('bad')).toBeUndefined();
      expect(await inbox.find('half')).toBeUndefined();
      expect(await inbox.find('good-2')).toBeDefined();
    });

    test('the inbox stores one of many that arrive at once with the same body', async () => {
      const { inbox } = fresh();
      const body = Buffer.from('captured');
      const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
      const answers = await Promise.all(keys.map((key) => inbox.accept(aDelivery(key, { body }))));
      const repeats = answers.filter((answer) => !answer.stored);
      expect(repeats).toHaveLength(19);
      const [kept] = await inbox.list({ limit: 10 });
      for (const repeat of repeats) expect(repeat).toMatchObject({ repeats: 'body', first: { id: kept?.id } });
      expect(await inbox.claim({ limit: 10, leaseMs: 1000 })).toHaveLength(1);
    });

    test('the inbox answers each of many that arrive at once by what it is itself', async () => {
      const { inbox } = fresh();
      const one = { body: Buffer.from('one'), receivedAt: 5000 };
      const two = { body: Buffer.from('two'), receivedAt: 5000 };
      await inbox.accept(aDelivery('known', one));
      const answers = await Promise.all([
        inbox.accept(aDelivery('new', two)),
        inbox.accept(aDelivery('known', two)),
        inbox.accept(aDelivery('new', one)),
        inbox.accept(aDelivery('other', { ...one, receivedAt: 4000 })),
        inbox.accept(aDelivery('outside', { ...one, repeatedSince: 5001 })),
        inbox.accept(aDelivery('late', two)),
      ]);
      expect(answers).toMatchObject([
        { stored: true },
        { stored: false, repeats: 'key', first: { key: 'known' } },
        { stored: false, repeats: 'key', first: { key: 'new' } },
        { stored: false, repeats: 'body', first: { key: 'known' } },
        { stored: true },
        { stored: false, repeats: 'body', first: { key: 'new' } },
      ]);
      expect((await inbox.body(aDelivery('new').id))?.toString()).toBe('two');
    });

    test('the inbox keeps each of many that arrive at once with its own body and starts', async () => {
      const { inbox } = fresh();
      const keys = Array.from({ length: 250 }, (_, index) => `k${index}`);
      // Lengths from nothing to some; bytes that are no text.
      const bodyOf = (index: number) => Buffer.alloc(index === 7 ? 0 : 10 + index * 3, Buffer.from([index, 0, 255]));
      await Promise.all(keys.map((key, index) => inbox.accept(aDelivery(key, { body: bodyOf(index), bodyHash: key }))));
      for (const [index, key] of keys.entries()) {
        const { id } = aDelivery(key);
        expect(await inbox.find(id)).toMatchObject({ key, dispatches: [{ workflowId: `ci/hub/${key}` }] });
        expect((await inbox.body(id))?.equals(bodyOf(index)), key).toBe(true);
      }
    });

    test('the inbox keeps NUL characters in events and reasons, and holds no name with one, rather than half of it', async () => {
      const { inbox } = fresh();
      const plain = aDelivery('odd');
      const events = plain.events.map((event) => ({ ...event, commit: { sha: 'a'.repeat(40), message: 'a\0b' } }));
      const verdicts = [{ automation: 'ci', outcome: 'skip', because: 'is a\0b', workflowId: 'ci/hub/odd' }] as const;
      await inbox.accept({ ...plain, events: events as NewDelivery['events'], verdicts, ignored: 'x\0y' });
      expect(await inbox.find('odd')).toMatchObject({ events, verdicts, ignored: 'x\u2400y' });
      const [claimed] = await inbox.claim({ limit: 1, leaseMs: 1000 });
      expect(claimed).toMatchObject({ event: { commit: { message: 'a\0b' } }, how: { skip: 'is a\0b' } });
      expect(await inbox.findStart('ci/hub/odd')).toMatchObject({ deliveryId: plain.id });
      await expect(inbox.accept(aDelivery('a\0b'))).rejects.toThrow('NUL');
      expect(await inbox.list({ limit: 2 })).toHaveLength(1);
    });

    test('the inbox finds a delivery by id, by a unique beginning of it, and by key', async () => {
      const { inbox } = fresh();
      await inbox.accept(aDelivery('key-1', { id: 'abcdef111', receivedAt: 1000 }));
      await inbox.accept(aDelivery('key-2', { id: 'abcdef222', receivedAt: 2000 }));
      await inbox.accept(aDelivery('key-1', { id: 'zzzzzzzzz', receivedAt: 3000, source: 'lab' }));
      const idOf = async (idOrKey: string, source?: string) => (await inbox.find(idOrKey, { source }))?.id;
      expect(await idOf('abcdef111')).toBe('abcdef111');
      expect(await idOf('abcdef2')).toBe('abcdef222');
      expect(await idOf('zzzzz')).toBeUndefined();
      expect(await idOf('zzzzzz')).toBe('zzzzzzzzz');
      expect(await idOf('key-2')).toBe('abcdef222');
      expect(await idOf('key-1', 'hub')).toBe('abcdef111');
      expect(await idOf('key-1', 'lab')).toBe('zzzzzzzzz');
      expect(await idOf('key-2', 'lab')).toBeUndefined();
      expect(await idOf('abcdef111', 'lab')).toBeUndefined();
      expect(await idOf('abcdef', 'lab')).toBeUndefined();
      expect(await idOf('nothing-like-it')).toBeUndefined();
      expect(await idOf('abcd%f')).toBeUndefined();
      expect(await idOf('abcdef1\0')).toBeUndefined();
      expect(await inbox.body('unknown')).toBeUndefined();
    });

    test('the inbox says what is meant where that may be several: a key of two sources, a beginning, a key like a beginning', async () => {
      const { inbox } = fresh();
      await inbox.accept(aDelivery('key-1', { id: 'abcdef111', receivedAt: 1000 }));
      await inbox.accept(aDelivery('key-2', { id: 'abcdef222', receivedAt: 2000 }));
      await inbox.accept(aDelivery('key-1', { id: 'zzzzzzzzz', receivedAt: 3000, source: 'lab' }));
      await inbox.accept(aDelivery('zzzzzz', { id: 'yyyyyyyyy', receivedAt: 4000, source: 'shop' }));
      await inbox.accept(aDelivery('abcdef222', { id: 'xxxxxxxxx', receivedAt: 5000, source: 'shop' }));
      const meant = (idOrKey: string) =>
        inbox.find(idOrKey).then(
          () => undefined,
          (error: AmbiguousDeliveryError) => error.meanings.map(({ id, source }) => `${source} ${id}`),
        );
      expect(await meant('key-1')).toEqual(['lab zzzzzzzzz', 'hub abcdef111']);
      expect(await meant('abcdef')).toEqual(['hub abcdef222', 'hub abcdef111']);
      expect(await meant('zzzzzz')).toEqual(['shop yyyyyyyyy', 'lab zzzzzzzzz']);
      await expect(inbox.find('key-1')).rejects.toBeInstanceOf(AmbiguousDeliveryError);
      // A whole id always means its own, so that there is a way to name each.
      expect((await inbox.find('abcdef222'))?.id).toBe('abcdef222');
      expect((await inbox.find('abcdef222', { source: 'shop' }))?.id).toBe('xxxxxxxxx');
    });

    test('the inbox finds a start by its workflow id, and nothing else by one', async () => {
      const { inbox } = fresh();
      await inbox.accept(aDelivery('k'));
      await inbox.signal({ id: 'ci/hub/signal', workflowId: 'ci/hub/k', signal: 's', payload: 1 });
      expect(await inbox.findStart('ci/hub/k')).toEqual({
        workflowId: 'ci/hub/k',
        automation: 'ci',
        state: 'pending',
        attempts: 0,
        deliveryId: aDelivery('k').id,
      });
      await inbox.settle([{ id: 'ci/hub/k', outcome: 'done', runId: 'r' }]);
      expect(await inbox.findStart('ci/hub/k')).toMatchObject({ state: 'done', runId: 'r' });
      for (const id of ['ci/hub', 'ci/hub/signal', 'k', 'ci/hub/k\0'])
        expect(await inbox.findStart(id)).toBeUndefined();
    });

    test('the inbox lists deliveries newest first, a page at a time, by source', async () => {
      const { inbox } = fresh();
      for (const [index, source] of ['hub', 'lab', 'hub', 'hub'].entries()) {
        await inbox.accept(aDelivery(`k${index}`, { source, receivedAt: 1000 + index }));
      }
      const keys = async (filter: Parameters<typeof inbox.list>[0]) => (await inbox.list(filter)).map(({ key }) => key);
      expect(await keys({ limit: 10 })).toEqual(['k3', 'k2', 'k1', 'k0']);
      expect(await keys({ limit: 2 })).toEqual(['k3', 'k2']);
      expect(await keys({ limit: 2, before: 1002 })).toEqual(['k1', 'k0']);
      expect(await keys({ limit: 10, source: 'hub' })).toEqual(['k3', 'k2', 'k0']);
      expect(await keys({ limit: 1, source: 'hub', before: 1002 })).toEqual(['k0']);
    });

    test('what came before and is like a delivery is of its source, event name and repository, newest first', async () => {
      const { inbox } = fresh();
      const of = (id: string): NewDelivery['events'] => {
        const [push] = aDelivery('x').events;
        if (push?.kind !== 'push') throw new Error('the sample is a push');
        return [{ ...push, repository: { ...push.repository, id } }];
      };
      const none = { events: [], ignored: 'a ping', verdicts: [] };
      const came: readonly [string, Partial<NewDelivery>][] = [
        ['first', { events: of('1') }],
        ['other repository', { events: of('2') }],
        ['other source', { events: of('1'), source: 'lab' }],
        ['other event', { events: of('1'), eventName: 'ping' }],
        ['second', { events: of('1') }],
        ['ignored', { ...none }],
        ['third', { events: of('1') }],
        ['ignored again', { ...none }],
        ['later', { events: of('1') }],
      ];
      for (const [key, change] of came) await inbox.accept(aDelivery(key, { receivedAt: 1000, ...change }));
      const earlier = async (key: string, limit = 9) => {
        const than = await inbox.find(key);
        const found = await inbox.earlierAlike({ id: than?.id ?? '', limit });
        return found.map((one) => one.key);
      };
      expect(await earlier('third')).toEqual(['second', 'first']);
      expect(await earlier('third', 1)).toEqual(['second']);
      expect(await earlier('first')).toEqual([]);
      expect(await earlier('other source')).toEqual([]);
      expect(await earlier('ignored again')).toEqual(['ignored']);
      expect(await earlier('nothing has this key')).toEqual([]);
    });

    test('the inbox lists the deliveries of a repository, by its name in any case, a page at a time', async () => {
      const { inbox } = fresh();
      const of = (fullName: string, key: string, receivedAt: number, changes: Partial<NewDelivery> = {}) => {
        const [event] = aDelivery(key).events;
        if (event?.kind !== 'push') throw new Error('a delivery is of a push');
        const events = [{ ...event, repository: { ...event.repository, fullName } }];
        return inbox.accept(aDelivery(key, { receivedAt, events, ...changes }));
      };
      await of('Ada/Engine', 'k0', 1000);
      await of('ada/engines', 'other', 1001);
      await of('ada/engine', 'k1', 1001);
      await of('ADA/ENGINE', 'k2', 1002, { source: 'lab' });
      await of('ada/engine', 'k3', 1002);
      await inbox.accept(aDelivery('of none', { receivedAt: 1003, events: [] }));
      const keys = async (filter: Parameters<typeof inbox.list>[0]) => (await inbox.list(filter)).map(({ key }) => key);
      const repository = 'ada/Engine';
      expect(await keys({ limit: 10, repository })).toEqual(['k3', 'k2', 'k1', 'k0']);
      expect(await keys({ limit: 3, repository })).toEqual(['k3', 'k2', 'k1']);
      expect(await keys({ limit: 3, repository, before: 1001 })).toEqual(['k0']);
      expect(await keys({ limit: 10, repository, source: 'hub', before: 1002 })).toEqual(['k1', 'k0']);
      expect(await keys({ limit: 10, repository: 'ada' })).toEqual([]);
      expect(await keys({ limit: 10, repository: 'a\0' })).toEqual([]);
      await inbox.settle(
        ['other', 'k0'].map((key) => ({ id: `ci/hub/${key}`, outcome: 'failed' as const, error: 'x' })),
      );
      expect(await keys({ limit: 10, failed: true })).toEqual(['other', 'k0']);
      expect(await keys({ limit: 10, failed: true, repository })).toEqual(['k0']);
      const [newest] = await inbox.list({ limit: 1, repository });
      await fresh().forgetting.delivery(newest?.id ?? '');
      expect(await keys({ limit: 10, repository })).toEqual(['k2', 'k1', 'k0']);
    });

    test('the inbox lists the deliveries with starts that failed or wait, and all of them where there are many such', async () => {
      const { inbox } = fresh();
      for (const [index, key] of ['k0', 'k1', 'k2', 'k3'].entries())
        await inbox.accept(aDelivery(key, { receivedAt: 1000 + index, ...(key === 'k1' && { source: 'lab' }) }));
      const keys = async (filter: Parameters<typeof inbox.list>[0]) => (await inbox.list(filter)).map(({ key }) => key);
      expect(await keys({ limit: 10, maybe: 'failed' })).toEqual([]);
      await inbox.settle([
        { id: 'ci/hub/k0', outcome: 'failed', error: 'x' },
        { id: 'ci/lab/k1', outcome: 'failed', error: 'x' },
        { id: 'ci/hub/k2', outcome: 'done' },
      ]);
      // What was asked for again has failed before, and waits now.
      const again = { workflowId: 'ci/hub/k0/again', automation: 'ci', part: 0 };
      await inbox.startAgain({ deliveryId: aDelivery('k0').id, starts: [again] });
      expect(await keys({ limit: 10, maybe: 'failed' })).toEqual(['k1', 'k0']);
      expect(await keys({ limit: 1, maybe: 'failed' })).toEqual(['k1']);
      expect(await keys({ limit: 10, maybe: 'failed', before: 1001 })).toEqual(['k0']);
      expect(await keys({ limit: 10, maybe: 'failed', source: 'hub', repository: 'ADA/engine' })).toEqual(['k0']);
      expect(await keys({ limit: 10, maybe: 'failed', repository: 'ada/other' })).toEqual([]);
      expect(await keys({ limit: 10, maybe: 'waiting' })).toEqual(['k3', 'k0']);
      await Promise.all(Array.from({ length: 2_000 }, (_, n) => inbox.accept(aDelivery(`w${n}`, { receivedAt: 500 }))));
      expect(await keys({ limit: 5, maybe: 'waiting' })).toEqual(['k3', 'k2', 'k1', 'k0', expect.stringMatching(/^w/)]);
      expect(await keys({ limit: 10, maybe: 'failed' })).toEqual(['k1', 'k0']);
    });

    test('the inbox tells when deliveries came, newest first, since a time', async () => {
      const { inbox } = fresh();
      expect(await inbox.arrivalTimes({ since: 0, limit: 5 })).toEqual([]);
      for (const receivedAt of [1000, 3000, 2000, 2000])
        await inbox.accept(aDelivery(`at-${Math.random()}`, { receivedAt }));
      expect(await inbox.arrivalTimes({ since: 2000, limit: 5 })).toEqual([3000, 2000, 2000]);
      expect(await inbox.arrivalTimes({ since: 0, limit: 2 })).toEqual([3000, 2000]);
    });
  });

  describe(`${name}: dispatches`, () => {
    const fresh = useFreshStore(open);

    test('dispatches are leased oldest first, once, with what is to be started', async () => {
      const { inbox } = fresh();
      const delivery = aDelivery('newer', { receivedAt: 2000 });
      await inbox.accept(delivery);
      await inbox.accept(aDelivery('older', { receivedAt: 1000 }));
      const [older, ...others] = await inbox.claim({ limit: 1, leaseMs: 60_000 });
      expect(others).toEqual([]);
      expect(older?.workflowId).toBe('ci/hub/older');
      expect(await inbox.claim({ limit: 5, leaseMs: 60_000 })).toEqual<Dispatch[]>([
        {
          kind: 'start',
          id: 'ci/hub/newer',
          workflowId: 'ci/hub/newer',
          automation: 'ci',
          event: delivery.events[0] as (typeof delivery.events)[0],
          since: 2000,
          attempt: 1,
        },
      ]);
      expect(await inbox.claim({ limit: 5, leaseMs: 60_000 })).toEqual([]);
      expect((await inbox.find('newer'))?.dispatches).toMatchObject([{ state: 'pending', attempts: 1 }]);
    });

    test('dispatches of sources take turns, however many of one wait in front, and keep their order within a source', async () => {
      const { inbox } = fresh();
      const accept = (source: string, count: number, from: number) =>
        Array.from({ length: count }, (_, n) => inbox.accept(aDelivery(`${n}`, { source, receivedAt: from + n })));
      await Promise.all([...accept('hub', 20, 1000), ...accept('lab', 3, 2000), ...accept('shop', 1, 3000)]);
      const claim = async (limit: number) =>
        (await inbox.claim({ limit, leaseMs: 60_000 })).map(({ workflowId }) => workflowId.slice('ci/'.length));
      expect(await claim(4)).toEqual(['hub/0', 'lab/0', 'shop/0', 'hub/1']);
      // Behind the one whose turn was the last, not from the beginning.
      expect(await claim(2)).toEqual(['lab/1', 'hub/2']);
      expect(await claim(1)).toEqual(['lab/2']);
      // A source that has nothing waits for nobody, and nobody for it.
      expect(await claim(3)).toEqual(['hub/3', 'hub/4', 'hub/5']);
      await inbox.accept(aDelivery('late', { source: 'shop', receivedAt: 4000 }));
      expect(await claim(1)).toEqual(['shop/late']);
      expect(await claim(100)).toEqual(Array.from({ length: 14 }, (_, n) => `hub/${n + 6}`));
      expect(await claim(100)).toEqual([]);
    });

    test('dispatches that are claimed one by one never make another source wait for more than one of each', async () => {
      const { inbox } = fresh();
      const names = Array.from({ length: 12 }, (_, n) => `s${n + 10}`);
      await Promise.all(
        names.flatMap((source) => [1, 2, 3].map((n) => inbox.accept(aDelivery(`k${n}`, { source, receivedAt: n })))),
      );
      const turns: string[] = [];
      for (let n = 0; n < names.length * 3; n++) {
        const [claimed] = await inbox.claim({ limit: 1, leaseMs: 60_000 });
        turns.push(claimed?.workflowId ?? 'none');
      }
      expect(turns).toEqual([1, 2, 3].flatMap((n) => names.map((source) => `ci/${source}/k${n}`)));
    });

    test('dispatches that were added later, that are tried again and that are signals wait for their turn too', async () => {
      const { inbox } = fresh();
      for (const [n, source] of ['hub', 'hub', 'hub', 'lab'].entries())
        await inbox.accept(aDelivery(`k${n}`, { source, receivedAt: 1000 + n }));
      const claim = async (limit: number) =>
        (await inbox.claim({ limit, leaseMs: 60_000 })).map(({ id }) => id.slice(-2));
      expect(await claim(2)).toEqual(['k0', 'k3']);
      await inbox.startAgain({
        deliveryId: aDelivery('k3', { source: 'lab' }).id,
        starts: [{ workflowId: 'ci/lab/k3/replay-k9', automation: 'ci', part: 0 }],
      });
      await inbox.signal({ id: 's1', workflowId: 'ci/hub/k0', signal: 'built', payload: 1 });
      await inbox.settle([{ id: 'ci/hub/k0', outcome: 'retry', dueAt: 0, error: 'no answer' }]);
      expect(await claim(1)).toEqual(['s1']);
      expect(await claim(4)).toEqual(['k0', 'k9', 'k1', 'k2']);
    });

    test('a delivery has one dispatch for each automation that it starts', async () => {
      const { inbox } = fresh();
      const start = (automation: string) =>
        ({ automation, outcome: 'start', because: 'all', workflowId: `${automation}/hub/k` }) as const;
      await inbox.accept(aDelivery('k', { verdicts: [start('ci'), start('lint')] }));
      const claimed = await inbox.claim({ limit: 5, leaseMs: 1000 });
      expect(claimed.map(({ workflowId }) => workflowId).sort()).toEqual(['ci/hub/k', 'lint/hub/k']);
    });

    test('dispatches are each about one of the events of their delivery, and know when they are skipped', async () => {
      const { inbox } = fresh();
      const [push] = aDelivery('k').events;
      const events = ['main', 'dev'].map((branch) => ({ ...push, branch })) as NewDelivery['events'];
      const verdict = { automation: 'ci', because: 'all', workflowId: 'ci/hub/k' };
      await inbox.accept(
        aDelivery('k', {
          events,
          verdicts: [
            { ...verdict, outcome: 'start' },
            { ...verdict, outcome: 'start', workflowId: 'ci/hub/k/2', part: 1 },
            { automation: 'lint', outcome: 'skip', because: 'a draft', workflowId: 'lint/hub/k/2', part: 1 },
          ],
        }),
      );
      expect((await inbox.find('k'))?.events).toEqual(events);
      const claimed = await inbox.claim({ limit: 5, leaseMs: 1000 });
      expect(claimed).toMatchObject([
        { workflowId: 'ci/hub/k', event: { branch: 'main' } },
        { workflowId: 'ci/hub/k/2', event: { branch: 'dev' } },
        { workflowId: 'lint/hub/k/2', event: { branch: 'dev' }, how: { skip: 'a draft' } },
      ]);
      expect(claimed[0]).not.toHaveProperty('how');
    });

    test('dispatches can be added to a delivery later, each once', async () => {
      const { inbox } = fresh();
      await inbox.accept(aDelivery('k'));
      const { id: deliveryId, dispatches } = (await inbox.find('k')) ?? {};
      const again = {
        deliveryId: deliveryId ?? '',
        starts: [{ workflowId: 'ci/hub/k/replay-1', automation: 'ci', part: 0, how: { once: 'pressed-1' } }],
      };
      expect(await inbox.startAgain(again)).toBe(true);
      expect(await inbox.startAgain(again)).toBe(true);
      expect((await inbox.find('k'))?.dispatches.map(({ once }) => once)).toEqual([undefined, 'pressed-1']);
      const claimed = await inbox.claim({ limit: 10, leaseMs: 60_000 });
      expect(claimed.map(({ workflowId }) => workflowId)).toEqual([dispatches?.[0]?.workflowId, 'ci/hub/k/replay-1']);
      expect((await inbox.find('k'))?.dispatches).toHaveLength(2);
      expect(await inbox.startAgain({ ...again, deliveryId: 'nowhere' })).toBe(false);
    });

    test('dispatches are due again when a lease ends without a settlement', async () => {
      const { inbox } = fresh();
      await inbox.accept(aDelivery('k'));
      await inbox.claim({ limit: 1, leaseMs: 0 });
      expect(await inbox.claim({ limit: 1, leaseMs: 60_000 })).toMatchObject([{ attempt: 2 }]);
      expect(await inbox.nextDue()).toBeGreaterThan(Date.now() + 30_000);
    });

    test('dispatches are due at once, the oldest first, when all leases are ended, and what is done stays done', async () => {
      const { inbox } = fresh();
      for (const [index, key] of ['done', 'leased', 'retried', 'waiting'].entries())
        await inbox.accept(aDelivery(key, { receivedAt: 1_000 + index }));
      await inbox.claim({ limit: 3, leaseMs: 60_000 });
      await inbox.settle([
        { id: 'ci/hub/done', outcome: 'done' },
        { id: 'ci/hub/retried', outcome: 'retry', dueAt: Date.now() + 30_000, error: 'no answer' },
      ]);
      await inbox.endLeases();
      const due = await inbox.claim({ limit: 10, leaseMs: 60_000 });
      expect(due.map(({ id, attempt }) => [id, attempt])).toEqual([
        ['ci/hub/leased', 2],
        ['ci/hub/retried', 2],
        ['ci/hub/waiting', 1],
      ]);
    });

    test('dispatches that a clock a day ahead has put off are due as soon as it is right', async () => {
      const { inbox } = fresh();
      await inbox.accept(aDelivery('k'));
      const aDay = 24 * 3_600_000;
      await inbox.claim({ limit: 1, leaseMs: aDay });
      // On purpose, it could be.
      expect(await inbox.claim({ limit: 1, leaseMs: aDay })).toEqual([]);
      expect(await inbox.claim({ limit: 1, leaseMs: 60_000 })).toMatchObject([{ attempt: 2, event: { kind: 'push' } }]);
      expect(await inbox.claim({ limit: 1, leaseMs: 60_000 })).toEqual([]);
    });

    test('dispatches are done with a run, and never claimed again', async () => {
      const { inbox } = fresh();
      await inbox.accept(aDelivery('k'));
      await inbox.claim({ limit: 1, leaseMs: 0 });
      await inbox.settle([{ id: 'ci/hub/k', outcome: 'done', runId: 'run-1' }]);
      expect(await inbox.claim({ limit: 1, leaseMs: 0 })).toEqual([]);
      expect((await inbox.find('k'))?.dispatches).toEqual([
        { workflowId: 'ci/hub/k', automation: 'ci', state: 'done', attempts: 1, runId: 'run-1' },
      ]);
    });

    test('dispatches wait until a retry is due, and remember the error', async () => {
      const { inbox } = fresh();
      await inbox.accept(aDelivery('k'));
      await inbox.claim({ limit: 1, leaseMs: 60_000 });
      const dueAt = Date.now() + 30_000;
      await inbox.settle([{ id: 'ci/hub/k', outcome: 'retry', dueAt, error: 'no\0answer' }]);
      expect(await inbox.nextDue()).toBe(dueAt);
      expect(await inbox.claim({ limit: 1, leaseMs: 1000 })).toEqual([]);
      const [dispatch] = (await inbox.find('k'))?.dispatches ?? [];
      expect(dispatch).toMatchObject({ state: 'pending', attempts: 1 });
      expect(dispatch?.error).toMatch(/^no.answer$/);
      await inbox.settle([{ id: 'ci/hub/k', outcome: 'retry', dueAt: 0, error: 'still none' }]);
      expect(await inbox.claim({ limit: 1, leaseMs: 1000 })).toMatchObject([{ attempt: 2 }]);
    });

    test('dispatches that failed for good are found by it', async () => {
      const { inbox } = fresh();
      for (const [index, key] of ['a', 'b', 'c'].entries()) {
        await inbox.accept(aDelivery(key, { receivedAt: 1000 + index, source: key === 'c' ? 'lab' : 'hub' }));
      }
      await inbox.settle([
        { id: 'ci/hub/a', outcome: 'failed', error: 'no such queue' },
        { id: 'ci/hub/b', outcome: 'done' },
        { id: 'ci/lab/c', outcome: 'failed', error: 'no such queue' },
      ]);
      const failed = await inbox.list({ limit: 10, failed: true });
      expect(failed.map(({ key }) => key)).toEqual(['c', 'a']);
      expect(failed[0]?.dispatches).toMatchObject([{ state: 'failed', error: 'no such queue' }]);
      expect(await inbox.list({ limit: 10, failed: true, source: 'hub' })).toMatchObject([{ key: 'a' }]);
      expect(await inbox.list({ limit: 10, failed: true, before: 1002 })).toMatchObject([{ key: 'a' }]);
      expect(await inbox.list({ limit: 1, failed: true })).toMatchObject([{ key: 'c' }]);
      expect(await inbox.claim({ limit: 10, leaseMs: 1000 })).toEqual([]);
    });

    test('dispatches that failed for good are neither counted nor listed once they were asked for again', async () => {
      const { inbox } = fresh();
      const start = (automation: string, part: number) =>
        ({ automation, outcome: 'start', because: 'all', workflowId: `${automation}/${part}`, part }) as const;
      const all = [start('ci', 0), start('ci', 1), start('lint', 0)];
      const delivery = aDelivery('k', { receivedAt: 1000, verdicts: all });
      await inbox.accept({ ...delivery, events: [...delivery.events, ...delivery.events] });
      await inbox.settle(all.map(({ workflowId: id }) => ({ id, outcome: 'failed', error: 'no such queue' })));
      const again = ({ automation, part, workflowId }: (typeof all)[0], count: number) =>
        inbox.startAgain({
          deliveryId: delivery.id,
          starts: [{ automation, part, workflowId: `${workflowId}/replay-${count}` }],
        });
      const failed = async () => {
        const listed = await inbox.list({ limit: 10, failed: true, before: 1001 });
        return [(await inbox.backlog()).failed, listed.length];
      };
      expect(await failed()).toEqual([3, 1]);
      await again(all[0] as (typeof all)[0], 1);
      expect(await failed()).toEqual([2, 1]);
      await again(all[1] as (typeof all)[0], 1);
      await again(all[2] as (typeof all)[0], 1);
      expect(await failed()).toEqual([0, 0]);
      await inbox.settle([
        { id: 'ci/0/replay-1', outcome: 'done' },
        { id: 'ci/1/replay-1', outcome: 'failed', error: 'still no such queue' },
        { id: 'lint/0/replay-1', outcome: 'done' },
      ]);
      expect(await failed()).toEqual([1, 1]);
      await again(all[1] as (typeof all)[0], 2);
      await inbox.settle([{ id: 'ci/1/replay-2', outcome: 'done' }]);
      expect(await failed()).toEqual([0, 0]);
      expect(await inbox.backlog()).toEqual({ pending: 0, failed: 0, failedSignals: 0, waiting: 0 });
    });

    test('dispatches that failed for good all count where more failed than are looked up one by one', async () => {
      const { inbox } = fresh();
      const keys = Array.from({ length: 101 }, (_, index) => `k${index}`);
      const starts = (key: string) =>
        Array.from({ length: key === 'k0' ? 1 : 100 }, (_, index) => ({
          automation: `ci${index}`,
          outcome: 'start' as const,
          because: 'all',
          workflowId: `ci${index}/hub/${key}`,
        }));
      await Promise.all(keys.map((key) => inbox.accept(aDelivery(key, { verdicts: starts(key) }))));
      const ids = keys.flatMap((key) => starts(key).map(({ workflowId }) => workflowId));
      await inbox.settle(ids.map((id) => ({ id, outcome: 'failed', error: 'x' })));
      const again = { workflowId: 'ci5/hub/k1/replay-1', automation: 'ci5', part: 0 };
      await inbox.startAgain({ deliveryId: aDelivery('k1').id, starts: [again] });
      expect(await inbox.backlog()).toMatchObject({ pending: 1, failed: 10_001 });
      await inbox.settle([{ id: 'ci0/hub/k0', outcome: 'done' }]);
      expect(await inbox.backlog()).toMatchObject({ pending: 1, failed: 9_999 });
    });

    test('dispatches stay done when a slower holder reports something else, and become done when it succeeded', async () => {
      const { inbox } = fresh();
      await inbox.accept(aDelivery('k'));
      await inbox.settle([{ id: 'ci/hub/k', outcome: 'failed', error: 'late' }]);
      await inbox.settle([{ id: 'ci/hub/k', outcome: 'retry', dueAt: 0, error: 'later' }]);
      expect(await inbox.claim({ limit: 1, leaseMs: 1000 })).toEqual([]);
      await inbox.settle([{ id: 'ci/hub/k', outcome: 'done', runId: 'r' }]);
      await inbox.settle([{ id: 'ci/hub/k', outcome: 'failed', error: 'last' }]);
      await inbox.settle([{ id: 'ci/hub/k', outcome: 'done', runId: 'other' }]);
      expect((await inbox.find('k'))?.dispatches).toMatchObject([{ state: 'done', runId: 'r' }]);
    });

    test('dispatches may be settled twice in one breath', async () => {
      const { inbox } = fresh();
      await inbox.accept(aDelivery('k'));
      await inbox.settle([
        { id: 'ci/hub/k', outcome: 'retry', dueAt: 5, error: 'first' },
        { id: 'nowhere', outcome: 'done' },
        { id: 'ci/hub/k', outcome: 'done', runId: 'r' },
        { id: 'ci/hub/k', outcome: 'failed', error: 'last' },
      ]);
      expect((await inbox.find('k'))?.dispatches).toMatchObject([{ state: 'done', runId: 'r', error: 'first' }]);
    });

    test('dispatches are counted', async () => {
      const { inbox } = fresh();
      expect(await inbox.backlog()).toEqual({ pending: 0, failed: 0, failedSignals: 0, waiting: 0 });
      expect(await inbox.nextDue()).toBeUndefined();
      for (const index of [1, 2, 3, 4]) await inbox.accept(aDelivery(`k${index}`, { receivedAt: 1000 * index }));
      await inbox.claim({ limit: 2, leaseMs: 60_000 });
      expect(await inbox.backlog()).toEqual({ pending: 4, failed: 0, failedSignals: 0, waiting: 0, oldest: 1000 });
      expect(await inbox.nextDue()).toBe(3000);
      await inbox.settle([
        { id: 'ci/hub/k1', outcome: 'done' },
        { id: 'ci/hub/k3', outcome: 'failed', error: 'x' },
      ]);
      expect(await inbox.backlog()).toEqual({ pending: 2, failed: 1, failedSignals: 0, waiting: 0, oldest: 2000 });
    });

    test('dispatches go to one of several who claim at once', async () => {
      const { inbox } = fresh();
      await Promise.all(Array.from({ length: 50 }, (_, index) => inbox.accept(aDelivery(`k${index}`))));
      const claims = await Promise.all(Array.from({ length: 20 }, () => inbox.claim({ limit: 5, leaseMs: 60_000 })));
      const ids = claims.flat().map(({ id }) => id);
      expect(ids).toHaveLength(50);
      expect(new Set(ids).size).toBe(50);
    });

    test('dispatches can be signals, which are kept once', async () => {
      const { inbox } = fresh();
      const signal = { id: 's1', workflowId: 'ci/hub/k', signal: 'built', payload: { passed: true, text: 'a\0b' } };
      expect(await inbox.signal(signal)).toBe(true);
      expect(await inbox.signal({ ...signal, payload: 'other' })).toBe(false);
      expect(await inbox.backlog()).toMatchObject({ pending: 1 });
      expect(await inbox.claim({ limit: 5, leaseMs: 0 })).toEqual<Dispatch[]>([
        { kind: 'signal', id: 's1', workflowId: 'ci/hub/k', signal: 'built', payload: signal.payload, attempt: 1 },
      ]);
      await inbox.settle([{ id: 's1', outcome: 'done' }]);
      expect(await inbox.signal(signal)).toBe(false);
      expect(await inbox.claim({ limit: 5, leaseMs: 0 })).toEqual([]);
    });

    test('dispatches that are signals and failed for good are counted apart, and listed with no delivery', async () => {
      const { inbox } = fresh();
      for (const id of ['s1', 's2']) await inbox.signal({ id, workflowId: 'ci/hub/k', signal: 'built', payload: 1 });
      await inbox.settle([{ id: 's1', outcome: 'failed', error: 'too large' }]);
      expect(await inbox.backlog()).toMatchObject({ pending: 1, failed: 0, failedSignals: 1 });
      expect(await inbox.list({ limit: 10, failed: true })).toEqual([]);
    });

    test.each([undefined, null, 0, '', [1]])('dispatches can be signals that carry %j', async (payload) => {
      const { inbox } = fresh();
      await inbox.signal({ id: 's', workflowId: 'w', signal: 'x', payload });
      expect(await inbox.claim({ limit: 1, leaseMs: 1000 })).toMatchObject([{ payload }]);
    });
  });

  describe(`${name}: pruning deliveries`, () => {
    const fresh = useFreshStore(open);

    test('pruning deliveries takes old ones in slices, oldest first, with everything about them', async () => {
      const { inbox } = fresh();
      for (const index of [1, 2, 3, 4]) {
        await inbox.accept(aDelivery(`k${index}`, { receivedAt: 1000 * index }));
        const id = `ci/hub/k${index}`;
        await inbox.settle([index === 2 ? { id, outcome: 'failed', error: 'x' } : { id, outcome: 'done' }]);
      }
      expect(await inbox.prune({ before: 4000, limit: 2 })).toBe(2);
      expect((await inbox.list({ limit: 10 })).map(({ key }) => key)).toEqual(['k4', 'k3']);
      expect(await inbox.body(aDelivery('k1').id)).toBeUndefined();
      expect(await inbox.prune({ before: 4000, limit: 2 })).toBe(1);
      expect(await inbox.prune({ before: 4000, limit: 2 })).toBe(0);
      expect(await inbox.backlog()).toEqual({ pending: 0, failed: 0, failedSignals: 0, waiting: 0 });
      // Its key and its run's id are free again.
      expect(await inbox.accept(aDelivery('k1'))).toEqual({ stored: true });
    });

    test('pruning deliveries takes as many as it is asked to, however many that are', async () => {
      const { inbox } = fresh();
      const keys = Array.from({ length: 70 }, (_, index) => `k${index}`);
      await Promise.all(keys.map((key) => inbox.accept(aDelivery(key, { receivedAt: 1000, verdicts: [] }))));
      await inbox.signal({ id: 's', workflowId: 'w', signal: 'x', payload: 1 });
      await inbox.settle([{ id: 's', outcome: 'done' }]);
      expect(await inbox.prune({ before: 2000, limit: 60 })).toBe(60);
      expect(await inbox.list({ limit: 100 })).toHaveLength(10);
      expect(await inbox.prune({ before: Date.now() + 1000, limit: 60 })).toBe(11);
      expect(await inbox.prune({ before: 2000, limit: 60 })).toBe(0);
    });

    test('pruning deliveries leaves what still has something pending', async () => {
      const { inbox } = fresh();
      const start = (automation: string) =>
        ({ automation, outcome: 'start', because: 'all', workflowId: `${automation}/hub/k` }) as const;
      await inbox.accept(aDelivery('k', { receivedAt: 1000, verdicts: [start('ci'), start('lint')] }));
      await inbox.settle([{ id: 'ci/hub/k', outcome: 'done' }]);
      await inbox.accept(aDelivery('done', { receivedAt: 1000, verdicts: [] }));
      // It keeps back no other one.
      expect(await inbox.prune({ before: 2000, limit: 10 })).toBe(1);
      expect((await inbox.list({ limit: 10 })).map(({ key }) => key)).toEqual(['k']);
      await inbox.settle([{ id: 'lint/hub/k', outcome: 'failed', error: 'x' }]);
      expect(await inbox.prune({ before: 2000, limit: 10 })).toBe(1);
    });

    test('pruning large bodies takes old ones of what is settled, and keeps the rest of their deliveries', async () => {
      const { inbox } = fresh();
      const large = Buffer.alloc(LARGE_BODY + 1, 'x');
      const accept = (key: string, receivedAt: number, body: Buffer) =>
        inbox.accept(aDelivery(key, { receivedAt, body: Buffer.from(body), bodyHash: key }));
      await accept('small', 1000, Buffer.alloc(LARGE_BODY, 'x'));
      for (const n of [1, 2, 3]) await accept(`large${n}`, 1000 + n, large);
      await accept('waits', 1000, large);
      await accept('young', 5000, large);
      const settled = ['small', 'large1', 'large2', 'large3', 'young'];
      await inbox.settle(settled.map((key) => ({ id: `ci/hub/${key}`, outcome: 'done' })));
      expect(await inbox.pruneLargeBodies({ before: 2000, limit: 1 })).toBe(1);
      expect(await inbox.body(aDelivery('large1').id)).toBeUndefined();
      expect(await inbox.pruneLargeBodies({ before: 2000, limit: 10 })).toBe(2);
      expect(await inbox.pruneLargeBodies({ before: 2000, limit: 10 })).toBe(0);
      const kept = async (key: string) => (await inbox.body(aDelivery(key).id)) !== undefined;
      expect(await Promise.all(['small', 'large3', 'waits', 'young'].map(kept))).toEqual([true, false, true, true]);
      const found = await inbox.find('large3');
      expect(found).toMatchObject({ bodyBytes: large.length, bodyDeleted: true, dispatches: [{ state: 'done' }] });
      expect(await inbox.find('young')).not.toHaveProperty('bodyDeleted');
      // A repeat is still known for one.
      expect(await accept('large3', 6000, large)).toMatchObject({ stored: false, repeats: 'key' });
      expect(await inbox.prune({ before: 2000, limit: 10 })).toBe(4);
    });

    test('pruning deliveries takes old signals that are settled', async () => {
      const { inbox } = fresh();
      for (const id of ['s1', 's2', 's3']) await inbox.signal({ id, workflowId: 'w', signal: 'x', payload: 1 });
      await inbox.settle([
        { id: 's1', outcome: 'done' },
        { id: 's2', outcome: 'failed', error: 'gone' },
      ]);
      expect(await inbox.prune({ before: 1000, limit: 10 })).toBe(0);
      expect(await inbox.backlog()).toMatchObject({ pending: 1, failedSignals: 1 });
      expect(await inbox.prune({ before: Date.now() + 1000, limit: 1 })).toBe(1);
      expect(await inbox.prune({ before: Date.now() + 1000, limit: 10 })).toBe(1);
      expect(await inbox.backlog()).toMatchObject({ pending: 1, failed: 0, failedSignals: 0, waiting: 0 });
    });

    test('takes what has nothing pending, whatever else waits', async () => {
      const { inbox } = fresh();
      for (const key of ['k1', 'k2', 'k3']) await inbox.accept(aDelivery(key, { receivedAt: 1000 }));
      const [first] = await inbox.claim({ limit: 1, leaseMs: 1_000 });
      await inbox.settle([{ id: first?.id ?? '', outcome: 'done' }]);
      expect(await inbox.prune({ before: 2000, limit: 10 })).toBe(1);
      expect((await inbox.list({ limit: 10 })).map(({ key }) => key).sort()).toEqual(['k2', 'k3']);
    });
  });

  describe(`${name}: logs`, () => {
    const fresh = useFreshStore(open);
    const job = { workflowId: 'ci/hub/1', job: 'build' };
    const line = (text: string, changes: Partial<NewLogLine> = {}): NewLogLine => ({
      at: 1000,
      stream: 'stdout',
      attempt: 1,
      text,
      ...changes,
    });
    const all = { after: 0, limit: 10_000 };

    test('logs number the lines of a job from 1, over calls and attempts', async () => {
      const { logs } = fresh();
      const first = line('Größe ✓ \u{1f680}', { step: 'npm ci' });
      await logs.append(job, [first, line('', { stream: 'stderr' })]);
      await logs.append(job, []);
      await logs.append(job, [line('again', { attempt: 2, stream: 'note' })]);
      await logs.append({ ...job, job: 'test' }, [line('other')]);
      expect(await logs.read(job, all)).toEqual([
        { ...first, number: 1 },
        { ...line('', { stream: 'stderr' }), number: 2 },
        { ...line('again', { attempt: 2, stream: 'note' }), number: 3 },
      ]);
      expect(await logs.read({ ...job, job: 'test' }, all)).toMatchObject([{ number: 1, text: 'other' }]);
    });

    test('logs are read on from a number', async () => {
      const { logs } = fresh();
      await logs.append(
        job,
        ['a', 'b', 'c', 'd'].map((text) => line(text)),
      );
      const texts = async (after: number, limit: number) =>
        (await logs.read(job, { after, limit })).map(({ text }) => text);
      expect(await texts(0, 2)).toEqual(['a', 'b']);
      expect(await texts(2, 2)).toEqual(['c', 'd']);
      expect(await texts(4, 2)).toEqual([]);
      expect(await logs.read({ workflowId: 'none', job: 'none' }, all)).toEqual([]);
    });

    test('logs are read backwards from a number, and between two', async () => {
      const { logs } = fresh();
      await logs.append(
        job,
        ['a', 'b', 'c', 'd', 'e'].map((text) => line(text)),
      );
      const texts = async (asked: LinesAsked) => (await logs.read(job, asked)).map(({ text }) => text).join('');
      expect(await texts({ after: 0, before: 4, limit: 2, newest: true })).toBe('bc');
      expect(await texts({ after: 0, limit: 2, newest: true })).toBe('de');
      expect(await texts({ after: 1, before: 4, limit: 9 })).toBe('bc');
      expect(await texts({ after: 2, before: 4, limit: 9, newest: true })).toBe('c');
      expect(await texts({ after: 0, before: 1, limit: 9, newest: true })).toBe('');
    });

    test('logs tell their first and last line, and what Hookyard itself has said', async () => {
      const { logs } = fresh();
      expect(await logs.extent(job)).toBeUndefined();
      await logs.append(job, [line('old', { at: 1 }), line('step 1', { stream: 'note' }), line('x'), line('y')]);
      await logs.append(job, [line('step 2', { stream: 'note' }), line('z')]);
      await logs.append({ ...job, job: 'other' }, [line('not this', { stream: 'note' })]);
      const notes = async (asked: Partial<LinesAsked>) =>
        (await logs.read(job, { after: 0, limit: 9, notes: true, ...asked })).map(({ text, number }) => [number, text]);
      expect(await notes({})).toEqual([
        [2, 'step 1'],
        [5, 'step 2'],
      ]);
      expect(await notes({ newest: true, limit: 1 })).toEqual([[5, 'step 2']]);
      expect(await notes({ after: 2 })).toEqual([[5, 'step 2']]);
      expect(await logs.extent(job)).toEqual({ first: 1, last: 6 });
      await logs.prune({ before: 2, limit: 9 });
      expect(await logs.extent(job)).toEqual({ first: 2, last: 6 });
    });

    test('logs are searched for texts as they are, whatever the case, in the lines that are asked for', async () => {
      const { logs } = fresh();
      await logs.append(
        job,
        ['100% Done', 'a_b', 'axb', 'Ärger', 'back\\slash', '100 done', 'ÄRGER done', "'); DROP"].map((text) =>
          line(text),
        ),
      );
      await logs.append({ ...job, job: 'other' }, [line('done')]);
      const find = async (texts: string[], more: Partial<LogSearch> = {}) => {
        const { lines, count } = await logs.search(job, { texts, from: 1, to: 100, limit: 10, ...more });
        return [count, ...lines.map(({ number }) => number)];
      };
      expect(await find(['DONE'])).toEqual([3, 1, 6, 7]);
      expect(await find(['0% d'])).toEqual([1, 1]);
      expect(await find(['A_B'])).toEqual([1, 2]);
      expect(await find(['k\\s'])).toEqual([1, 5]);
      expect(await find(["');"])).toEqual([1, 8]);
      expect(await find(['ärger'])).toEqual([2, 4, 7]);
      expect(await find(['slash', 'drop'])).toEqual([2, 5, 8]);
      expect(await find(['done'], { limit: 1 })).toEqual([3, 1]);
      expect(await find(['done'], { limit: 2, newest: true })).toEqual([3, 6, 7]);
      expect(await find(['done'], { from: 2, to: 6 })).toEqual([1, 6]);
      expect(await find(['nowhere'])).toEqual([0]);
    });

    test('logs give no number twice when several write at once', async () => {
      const { logs } = fresh();
      await Promise.all(
        Array.from({ length: 20 }, (_, writer) => logs.append(job, [line(`${writer} a`), line(`${writer} b`)])),
      );
      const lines = await logs.read(job, all);
      expect(lines.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
      // What was appended together stays together.
      for (let at = 0; at < 40; at += 2) expect(lines[at]?.text[0]).toBe(lines[at + 1]?.text[0]);
    });

    test("logs hold a build's raw output", async () => {
      const { logs } = fresh();
      await logs.append(job, [line('zero\0byte, \u001b[31mred\u001b[0m, half \ud83d'), line('x'.repeat(100_000))]);
      const [odd, long] = await logs.read(job, all);
      expect(odd?.text.startsWith('zero')).toBe(true);
      expect(odd?.text.slice(5)).toMatch(/^byte, .\[31mred.\[0m, half .$/);
      expect(long?.text).toHaveLength(100_000);
    });

    test("logs name a run's jobs in order of their first line", async () => {
      const { logs } = fresh();
      for (const name of ['zebra', 'ant', 'zebra']) await logs.append({ ...job, job: name }, [line('x')]);
      await logs.append({ workflowId: 'other', job: 'mouse' }, [line('x')]);
      expect(await logs.jobs(job.workflowId)).toEqual(['zebra', 'ant']);
      expect(await logs.jobs('unknown')).toEqual([]);
    });

    test('logs are pruned by age, in slices, without a number coming twice', async () => {
      const { logs } = fresh();
      await logs.append(
        job,
        [1000, 2000, 3000, 4000].map((at) => line(`${at}`, { at })),
      );
      await logs.append({ ...job, job: 'old' }, [line('x', { at: 500 })]);
      expect(await logs.prune({ before: 4000, limit: 2 })).toBe(2);
      expect(await logs.prune({ before: 4000, limit: 9 })).toBe(2);
      expect(await logs.prune({ before: 4000, limit: 9 })).toBe(0);
      await logs.append(job, [line('new')]);
      expect((await logs.read(job, all)).map(({ number }) => number)).toEqual([4, 5]);
      expect(await logs.jobs(job.workflowId)).toEqual(['build']);
    });
  });

  describe(`${name}: synced records`, () => {
    const fresh = useFreshStore(open);
    const issue = (version: number | string, data: unknown = { version }) => ({
      collection: 'issues',
      key: 'ada/engine#1',
      version,
      data,
    });

    test('synced records are written when new or newer, and read back', async () => {
      const { records } = fresh();
      const before = Date.now();
      expect(await records.upsert(issue(1, { title: 'Größe', labels: ['a'], odd: 'a\0b' }))).toBe('written');
      const stored = await records.get('issues', 'ada/engine#1');
      expect(stored).toMatchObject(issue(1, { title: 'Größe', labels: ['a'], odd: 'a\0b' }));
      expect(stored?.updatedAt).toBeGreaterThanOrEqual(before);
      expect(await records.upsert(issue(2))).toBe('written');
      expect(await records.get('issues', 'ada/engine#1')).toMatchObject({ version: 2, data: { version: 2 } });
      expect(await records.get('issues', 'other')).toBeUndefined();
      expect(await records.get('other', 'ada/engine#1')).toBeUndefined();
    });

    test('synced records keep the newest version, in whatever order versions arrive', async () => {
      const { records } = fresh();
      expect(await records.upsert(issue(10))).toBe('written');
      expect(await records.upsert(issue(9))).toBe('older');
      expect(await records.upsert(issue(10, 'same version'))).toBe('unchanged');
      expect(await records.get('issues', 'ada/engine#1')).toMatchObject({ version: 10, data: { version: 10 } });
      const outcomes = await Promise.all([30, 12, 31, 30, 11].map((version) => records.upsert(issue(version))));
      expect(outcomes.filter((outcome) => outcome === 'written').length).toBeGreaterThan(0);
      expect(await records.get('issues', 'ada/engine#1')).toMatchObject({ version: 31, data: { version: 31 } });
    });

    test.each([
      ['numbers by value', 9, 10],
      ['fractions', 1.25, 1.5],
      ['large numbers', Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER],
      ['times as text', '2026-01-02T03:04:05Z', '2026-01-02T03:04:06Z'],
      ['text by code unit', '\u{1f680}', '\uffff'],
      ['text by case', 'Z', 'a'],
    ])('synced records compare %s', async (_, older, newer) => {
      const { records } = fresh();
      expect(await records.upsert(issue(older))).toBe('written');
      expect(await records.upsert(issue(older))).toBe('unchanged');
      expect(await records.upsert(issue(newer))).toBe('written');
      expect(await records.upsert(issue(older))).toBe('older');
      expect((await records.get('issues', 'ada/engine#1'))?.version).toBe(newer);
    });

    test('synced records refuse a version of another kind and say what to do', async () => {
      const { records } = fresh();
      await records.upsert(issue(1));
      const error = await records.upsert(issue('2')).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RecordVersionError);
      expect((error as Error).message).toMatch(/ada\/engine#1 of issues .* another collection/);
      expect((await records.get('issues', 'ada/engine#1'))?.version).toBe(1);
      await expect(records.upsert(issue(Number.NaN))).rejects.toThrow('finite number or a string');
      await expect(records.upsert(issue(true as unknown as number))).rejects.toThrow('finite number or a string');
    });

    test.each([
      [1, 2],
      ['a', 'b'],
    ])('a record is removed only in the version that was meant: %s, not %s', async (version, newer) => {
      const { records } = fresh();
      const { collection, key } = issue(version);
      await records.upsert(issue(newer));
      expect(await records.remove({ collection, key, version })).toBe(false);
      expect((await records.get(collection, key))?.version).toBe(newer);
      expect(await records.remove({ collection, key, version: newer })).toBe(true);
      expect(await records.get(collection, key)).toBeUndefined();
      expect(await records.remove({ collection, key, version: newer })).toBe(false);
      expect(await records.upsert(issue(version))).toBe('written');
    });

    test('synced records are listed by key, a page at a time', async () => {
      const { records } = fresh();
      for (const key of ['b', 'a', 'B', 'é', '']) await records.upsert({ collection: 'c', key, version: 1, data: key });
      await records.upsert({ collection: 'd', key: 'x', version: 1, data: 1 });
      const keys = async (options: { limit: number; after?: string }) =>
        (await records.list('c', options)).map(({ key }) => key);
      expect(await keys({ limit: 10 })).toEqual(['', 'B', 'a', 'b', 'é']);
      expect(await keys({ limit: 2, after: 'B' })).toEqual(['a', 'b']);
      expect(await keys({ limit: 2, after: 'é' })).toEqual([]);
    });
  });

  describe(`${name}: outbound attempts`, () => {
    const fresh = useFreshStore(open);
    const attempt = (at: number, changes: Partial<OutboundAttempt> = {}): OutboundAttempt => ({
      messageId: 'm1',
      endpoint: 'crm',
      attempt: 1,
      at,
      durationMs: 12.5,
      ...changes,
    });

    test('outbound attempts are listed newest first, by message and endpoint', async () => {
      const { attempts } = fresh();
      const failed = attempt(1000, { error: 'no answer' });
      const answered = attempt(2000, { attempt: 2, status: 200, answer: 'ok' });
      for (const each of [failed, answered, attempt(3000, { messageId: 'm2', endpoint: 'chat' })]) {
        await attempts.add(each);
      }
      expect(await attempts.list({ messageId: 'm1', limit: 10 })).toEqual([answered, failed]);
      expect(await attempts.list({ endpoint: 'chat', limit: 10 })).toMatchObject([{ messageId: 'm2' }]);
      expect(await attempts.list({ messageId: 'm1', endpoint: 'chat', limit: 10 })).toEqual([]);
      expect((await attempts.list({ limit: 2 })).map(({ at }) => at)).toEqual([3000, 2000]);
      expect((await attempts.list({ before: 3000, limit: 2 })).map(({ at }) => at)).toEqual([2000, 1000]);
      expect(await attempts.list({ before: 1000, limit: 2 })).toEqual([]);
    });

    test('outbound attempts keep the first 16 kB of an answer, whole characters only', async () => {
      const { attempts } = fresh();
      await attempts.add(attempt(1, { answer: `x${'é'.repeat(20_000)}` }));
      const [stored] = await attempts.list({ limit: 1 });
      expect(stored?.answer).toBe(`x${'é'.repeat(8191)}`);
    });

    test('outbound attempts are pruned by age, in slices', async () => {
      const { attempts } = fresh();
      for (const at of [1000, 2000, 3000, 4000]) await attempts.add(attempt(at));
      expect(await attempts.prune({ before: 4000, limit: 2 })).toBe(2);
      expect(await attempts.prune({ before: 4000, limit: 2 })).toBe(1);
      expect((await attempts.list({ limit: 10 })).map(({ at }) => at)).toEqual([4000]);
    });
  });

  describe(`${name}: forgetting`, () => {
    const fresh = useFreshStore(open);
    const write = async (run: string) => {
      const line = { at: 1, stream: 'stdout', attempt: 1, text: 'a canary' } as const;
      await fresh().logs.append({ workflowId: run, job: 'test' }, [line, line, line]);
      const attempt = { messageId: `msg_${run}`, endpoint: 'partner', run, attempt: 1, at: 1, durationMs: 1 };
      await fresh().attempts.add({ ...attempt, answer: 'a canary' });
      await fresh().records.upsert({ collection: 'orders', key: run, version: 1, data: 'a canary', run });
    };

    test('leaves of a delivery what tells that it comes again, which starts nothing, and nothing of what it said', async () => {
      const delivery = aDelivery('k1');
      await fresh().inbox.accept(aDelivery('k1'));
      await fresh().inbox.accept(aDelivery('k2'));
      const gone = await fresh().forgetting.delivery(delivery.id);
      expect(gone).toEqual({ bodyBytes: delivery.body.byteLength, workflowIds: ['ci/hub/k1'] });
      expect(await fresh().forgetting.delivery(delivery.id)).toBeUndefined();
      const [, left] = await fresh().inbox.list({ limit: 10 });
      expect(left).toMatchObject({
        id: delivery.id,
        headers: {},
        events: [],
        verdicts: [],
        dispatches: [],
        bodyBytes: 0,
      });
      expect(JSON.stringify(left)).not.toContain('k1');
      expect(await fresh().inbox.body(delivery.id)).toBeUndefined();
      expect(await fresh().inbox.find('k1')).toBeUndefined();
      expect(await fresh().inbox.has('hub', ['k1', 'k2', 'k3'])).toEqual(new Set(['k1', 'k2']));
      expect(await fresh().inbox.accept(aDelivery('k1'))).toMatchObject({ repeats: 'key', first: { id: delivery.id } });
      const again = aDelivery('new', { body: Buffer.from(delivery.body), bodyHash: delivery.bodyHash });
      expect(await fresh().inbox.accept(again)).toMatchObject({ repeats: 'body', first: { id: delivery.id } });
      expect(await fresh().inbox.accept(aDelivery('k1', { source: 'other' }))).toEqual({ stored: true });
      const claimed = await fresh().inbox.claim({ limit: 10, leaseMs: 1_000 });
      expect(claimed.map(({ workflowId }) => workflowId).sort()).toEqual(['ci/hub/k2', 'ci/other/k1']);
      expect(await fresh().inbox.prune({ before: Date.now() + 1_000, limit: 10 })).toBe(1);
    });

    test('takes what a run has written in slices, and nothing of another run', async () => {
      await write('ci/hub/k1');
      await write('ci/hub/k2');
      const all = { lines: 3, attempts: 1, records: 1 };
      expect(await fresh().forgetting.run('ci/hub/k1', { limit: 2, dryRun: true })).toEqual(all);
      expect(await fresh().forgetting.run('ci/hub/k1', { limit: 2 })).toEqual({ ...all, lines: 2 });
      expect(await fresh().forgetting.run('ci/hub/k1', { limit: 2 })).toEqual({ lines: 1, attempts: 0, records: 0 });
      expect(await fresh().logs.jobs('ci/hub/k1')).toEqual([]);
      expect(await fresh().logs.jobs('ci/hub/k2')).toEqual(['test']);
      expect(await fresh().attempts.list({ limit: 10 })).toMatchObject([{ run: 'ci/hub/k2' }]);
      expect(await fresh().records.list('orders', { limit: 10 })).toMatchObject([{ key: 'ci/hub/k2' }]);
    });

    test('takes what was said to a run, settled or not, and nothing that was said to another', async () => {
      const { inbox, forgetting } = fresh();
      const said = (id: string, workflowId: string) =>
        inbox.signal({ id, workflowId, signal: 'approved', payload: { by: 'a canary' } });
      await said('s1', 'ci/hub/k1');
      await inbox.settle((await inbox.claim({ limit: 5, leaseMs: 1_000 })).map(({ id }) => ({ id, outcome: 'done' })));
      await said('s2', 'ci/hub/k1');
      await said('s3', 'ci/hub/k2');
      await forgetting.run('ci/hub/k1', { limit: 10, dryRun: true });
      expect(await said('s1', 'ci/hub/k1')).toBe(false);
      await forgetting.run('ci/hub/k1', { limit: 10 });
      expect((await inbox.claim({ limit: 5, leaseMs: 1_000 })).map(({ id }) => id)).toEqual(['s3']);
      // Nothing is left of them.
      expect([await said('s1', 'ci/hub/k1'), await said('s2', 'ci/hub/k1')]).toEqual([true, true]);
    });

    test('a record belongs to the run that has written it last', async () => {
      const record = { collection: 'orders', key: '7', data: 1 };
      await fresh().records.upsert({ ...record, version: 1, run: 'one' });
      await fresh().records.upsert({ ...record, version: 2, run: 'two' });
      expect(await fresh().forgetting.run('one', { limit: 10 })).toMatchObject({ records: 0 });
      expect(await fresh().forgetting.run('two', { limit: 10 })).toMatchObject({ records: 1 });
    });

    test('all records can be gone through in pages', async () => {
      for (const key of ['a', 'b', 'c'])
        await fresh().records.upsert({ collection: key, key, version: key, data: { key } });
      const first = await fresh().forgetting.records({ after: 0, limit: 2 });
      expect(first).toMatchObject([
        { collection: 'a', version: 'a', data: { key: 'a' } },
        { collection: 'b', key: 'b' },
      ]);
      const rest = await fresh().forgetting.records({ after: first[1]?.place ?? 0, limit: 2 });
      expect(rest.map(({ key }) => key)).toEqual(['c']);
    });
  });

  describe(`${name}: closing`, () => {
    test('a store that is closed finishes what is under way and refuses what comes after', async () => {
      const { store, remove } = await open();
      try {
        const underWay = Array.from({ length: 30 }, (_, index) => store.inbox.accept(aDelivery(`k${index}`)));
        const closed = store.close();
        await expect(store.inbox.accept(aDelivery('late'))).rejects.toBeInstanceOf(StoreClosedError);
        expect(await Promise.all(underWay)).toEqual(Array.from({ length: 30 }, () => ({ stored: true })));
        await closed;
        await store.close();
        for (const call of [
          () => store.inbox.backlog(),
          () => store.logs.jobs('x'),
          () => store.records.get('x', 'y'),
          () => store.attempts.list({ limit: 1 }),
        ]) {
          await expect(call()).rejects.toBeInstanceOf(StoreClosedError);
        }
      } finally {
        await store.close();
        await remove();
      }
    });
  });
}

/** An empty store for each test of a group. */
function useFreshStore(open: () => Promise<{ store: Store; remove(): Promise<void> }>): () => Store {
  let current: Awaited<ReturnType<typeof open>> | undefined;
  beforeEach(async () => {
    current = await open();
  });
  afterEach(async () => {
    await current?.store.close();
    await current?.remove();
    current = undefined;
  });
  return () => {
    if (!current) throw new Error('no store is open outside of a test');
    return current.store;
  };
}
