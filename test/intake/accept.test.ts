import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { type Accepted, accept } from '../../src/intake/accept.js';
import type { Decision } from '../../src/intake/decide.js';
import { NO_WINDOW } from '../../src/intake/delivery.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { Inbox, Store } from '../../src/store/store.js';
import { aDelivery } from '../store/a-delivery.js';
import { tempFolder } from '../support/temp-folder.js';
import { branchDeletedEvent, pullRequestEvent, pushEvent } from '../triggers/sample-events.js';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const START = Date.parse('2026-11-24T08:00:00Z');

let store: Store;
let inbox: Pick<Inbox, 'accept' | 'list' | 'body'>;
/** What was read of the inbox beside accepting. */
let read: string[];
let at = START;
beforeAll(async () => {
  store = await openSqliteStore({ path: join(await tempFolder('accept'), 'store.db') });
});
beforeEach(() => {
  read = [];
  inbox = {
    accept: store.inbox.accept,
    list: (filter) => {
      read.push('list');
      return store.inbox.list(filter);
    },
    body: (id) => {
      read.push('body');
      return store.inbox.body(id);
    },
  };
  at += 3_600_000;
});
afterAll(() => store.close());

const decided = (sha: string): Decision => ({ events: [pushEvent({ commit: { sha } })], verdicts: [] });
/** Accepts a delivery that has a body of its own, or that of the given name. */
function come(key: string, decision: Decision, { body = key, eventName = 'push', repeatedSince = START } = {}) {
  at += 1;
  const {
    events: _,
    verdicts: __,
    ...delivery
  } = aDelivery(key, { eventName, receivedAt: at, body: Buffer.from(body) });
  return accept({ ...delivery, repeatedSince }, decision, { inbox });
}
const keyOf = ({ kept }: Accepted) => kept.key;

test('a delivery that is new, and one that is known by its key, is looked for no further', async () => {
  expect(await come('k1', decided(A), { body: 'known' })).toMatchObject({ kept: { key: 'k1' } });
  expect(await come('k1', decided(B))).toMatchObject({ kept: { key: 'k1' }, repeats: 'key' });
  expect(read).toEqual([]);
});

test('a body that came before is looked for in between, and read only where its ref was elsewhere', async () => {
  await come('m1', decided(A), { body: 'move' });
  expect(await come('m2', decided(A), { body: 'move' })).toMatchObject({ kept: { key: 'm1' }, repeats: 'body' });
  expect(read).toEqual(['list']);
  await come('m3', decided(B));
  const again = await come('m4', decided(A), { body: 'move' });
  expect([keyOf(again), again.repeats]).toEqual(['m4', undefined]);
  expect(read).toEqual(['list', 'list', 'body']);
  expect(`${await store.inbox.body(again.kept.id)}`).toBe('move');
});

test('a key that comes again under another name of the event is known by its key', async () => {
  await come('n1', decided(A), { body: 'named' });
  expect(await come('n1', decided(A), { body: 'named', eventName: 'create' })).toMatchObject({ repeats: 'key' });
});

describe('a pull request whose events are told of in several ways', () => {
  const told = (telling: string, ...events: HookyardEvent[]): Decision => ({ events, verdicts: [], telling });
  const closed = pullRequestEvent({ action: 'closed' });

  test('is closed once, whatever bytes tell of it and of what else, and is kept with its own once a ref was elsewhere', async () => {
    for (const [telling, events] of [
      ['alone', [closed]],
      ['with a push', [closed, pushEvent({ commit: { sha: A } })]],
    ] as const) {
      await come(`${telling} 1`, told(telling, ...events));
      expect(await come(`${telling} 2`, told(telling, ...events))).toMatchObject({ kept: { key: `${telling} 1` } });
    }
    await come('elsewhere', decided(B));
    const again = await come('later', told('with a push', closed, pushEvent({ commit: { sha: A } })));
    expect([keyOf(again), `${await store.inbox.body(again.kept.id)}`]).toEqual(['later', 'later']);
  });

  test('is opened by each that has bytes of its own', async () => {
    const opened = told('opens', pullRequestEvent({ action: 'opened' }));
    for (const key of ['o1', 'o2']) expect(keyOf(await come(key, opened))).toBe(key);
  });
});

test('a delivery whose bytes are gone, since those of the first were deleted, repeats the first', async () => {
  await come('g1', decided(A), { body: 'gone' });
  await come('g2', decided(B));
  inbox = { ...inbox, body: async () => undefined };
  expect(await come('g3', decided(A), { body: 'gone' })).toMatchObject({ kept: { key: 'g1' }, repeats: 'body' });
});

test('of a branch that goes wherever it likes, each move is new, and each that is sent again is a repeat', async () => {
  const heads = fc.array(fc.constantFrom(A, B, C, undefined), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(heads, fc.array(fc.nat(2), { minLength: 8, maxLength: 8 }), async (stops, copies) => {
      const branch = `b${at}`;
      const ref = `refs/heads/${branch}`;
      let before: string | undefined;
      for (const [n, after] of stops.entries()) {
        if (after === before) continue;
        const event = after ? pushEvent({ ref, branch, commit: { sha: after } }) : branchDeletedEvent({ ref, branch });
        const body = JSON.stringify({ ref, before, after });
        const keys = Array.from({ length: 1 + (copies[n] ?? 0) }, (_, copy) => `${branch}-${n}-${copy}`);
        for (const key of keys) {
          const { kept, repeats } = await come(key, { events: [event], verdicts: [] }, { body });
          expect([kept.key, repeats]).toEqual([keys[0], key === keys[0] ? undefined : 'body']);
        }
        before = after;
      }
    }),
    { numRuns: 40 },
  );
});

describe('what two hooks tell', () => {
  const telling = (what: string): Decision => ({ ...decided(A), telling: what }) as Decision;
  const told = (key: string, what: string, eventName: string) =>
    come(key, telling(what), { eventName, repeatedSince: NO_WINDOW });

  test('is known by the first telling also where the second comes twice at once', async () => {
    await told('t1', 'twice', 'push');
    const both = await Promise.all([told('t2', 'twice', 'system'), told('t2', 'twice', 'system')]);
    for (const one of both) expect(one).toMatchObject({ kept: { key: 't1' }, repeats: 'event' });
  });

  test('more than fifty times, after the fiftieth counts as new: none is lost', async () => {
    for (let n = 1; n <= 52; n++) await told(`one-${n}`, 'often', 'push');
    const repeated: string[] = [];
    for (let n = 1; n <= 50; n++) repeated.push(keyOf(await told(`two-${n}`, 'often', 'system')));
    expect(repeated).toEqual(Array.from({ length: 50 }, (_, n) => `one-${n + 1}`));
    for (const key of ['two-51', 'two-52'])
      expect(await told(key, 'often', 'system')).toEqual({ kept: expect.objectContaining({ key }) });
  });

  const closing = (what: string): Decision => ({
    ...{ events: [pullRequestEvent({ action: 'closed' })], verdicts: [], telling: what },
  });

  test('of a closing is known as long as bodies are where the source has a window of its own for them', async () => {
    await come('w1', closing('window'), { eventName: 'merged' });
    expect(await come('w2', closing('window'), { eventName: 'updated' })).toMatchObject({
      kept: { key: 'w1' },
      repeats: 'event',
    });
    expect(await come('w3', closing('window'), { eventName: 'merged' })).toMatchObject({ repeats: 'body' });
    expect(keyOf(await come('w4', closing('another'), { eventName: 'merged' }))).toBe('w4');
    expect(keyOf(await come('w5', closing('window'), { eventName: 'merged', repeatedSince: at + 1 }))).toBe('w5');
  });

  test('of anything else is no repeat there unless the bytes are the same: two people may approve within a second', async () => {
    await come('p1', telling('second'), { eventName: 'hook', body: 'approved by one' });
    expect(keyOf(await come('p2', telling('second'), { eventName: 'hook', body: 'approved by another' }))).toBe('p2');
    expect(await come('p3', telling('second'), { eventName: 'hook', body: 'approved by one' })).toMatchObject({
      kept: { key: 'p1' },
      repeats: 'body',
    });
  });

  test('is kept with its own body where its ref was elsewhere in between', async () => {
    await come('b1', telling('moves'), { body: 'as a push', eventName: 'push' });
    await come('b2', decided(B));
    const { kept } = await come('b3', telling('moves'), { body: 'as a system hook', eventName: 'system' });
    expect(`${await store.inbox.body(kept.id)}`).toBe('as a system hook');
  });
});
