import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { synthesisedKey } from '../../src/events/synthesised-key.js';
import { findSynthesised } from '../../src/intake/late-delivery.js';
import { lastLeft } from '../../src/intake/left-in-between.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import type { DeliveryRecord, Inbox, Store } from '../../src/store/store.js';
import { aDelivery } from '../store/a-delivery.js';
import { tempFolder } from '../support/temp-folder.js';
import {
  branchDeletedEvent,
  pullRequestEvent,
  pushEvent,
  releaseEvent,
  statusEvent,
  tagDeletedEvent,
  tagEvent,
} from '../triggers/sample-events.js';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const START = Date.parse('2026-11-24T08:00:00Z');

let store: Store;
let kept = 0;
/** A source of its own for each test. */
let hub = '';
beforeAll(async () => {
  store = await openSqliteStore({ path: join(await tempFolder('far-back'), 'store.db') });
});
beforeEach(() => {
  hub = `hub-${kept}`;
});
afterAll(() => store.close());

/** Keeps a delivery that came `at` so many milliseconds, and returns it as the inbox lists it. */
async function keep(at: number, events: readonly HookyardEvent[] = [], more: { source?: string; key?: string } = {}) {
  kept += 1;
  const key = more.key ?? `k${kept}`;
  const row = aDelivery(key, { source: hub, ...more, receivedAt: START + at, events, verdicts: [] });
  expect(await store.inbox.accept(row)).toEqual({ stored: true });
  return (await store.inbox.find(row.id)) as DeliveryRecord;
}

/** Keeps so many deliveries of something else, one each millisecond or all in one. */
const keepOthers = (count: number, at: (n: number) => number, source = hub) =>
  Promise.all(Array.from({ length: count }, (_, n) => keep(at(n), [], { source })));

const move = (sha: string, more: Partial<ReturnType<typeof pushEvent>> = {}) => pushEvent({ commit: { sha }, ...more });
const { repository } = pushEvent();

describe('when the same body comes again,', () => {
  const left = (first: DeliveryRecord, events: readonly HookyardEvent[] = [move(A)]) =>
    lastLeft({ source: hub, events }, { first, inbox: store.inbox });

  test('a move in between is found hundreds of deliveries back', async () => {
    const first = await keep(0, [move(A)]);
    await keep(1, [move(B)]);
    await keepOthers(450, (n) => 2 + n);
    expect(await left(first)).toBe(START + 1);
  });

  test('a move in between is found among many that came in one millisecond', async () => {
    const first = await keep(0, [move(A)]);
    await keep(1, [move(B)]);
    await keepOthers(20, () => 1);
    await keepOthers(190, (n) => 2 + n);
    expect(await left(first)).toBe(START + 1);
  });

  test('the newest of several moves counts, also one of the same millisecond as the first', async () => {
    const first = await keep(0, [move(A)]);
    await keep(0, [move(B)]);
    expect(await left(first)).toBe(START);
    await keep(2, [move(C)]);
    await keep(3, []);
    expect(await left(first)).toBe(START + 2);
  });

  test.each<[string, HookyardEvent]>([
    ['another branch', move(B, { ref: 'refs/heads/other', branch: 'other' })],
    ['a branch of that name in another repository', move(B, { repository: { ...repository, id: '2' } })],
    ['the same branch at the same commit', move(A)],
    ['a pull request at another commit', pullRequestEvent({ commit: { sha: B } })],
    ['a release', releaseEvent()],
  ])('what came in between of %s is no move of the branch', async (_, event) => {
    const first = await keep(0, [move(A)]);
    await keep(1, [event]);
    expect(await left(first)).toBeUndefined();
  });

  test.each<[string, HookyardEvent, HookyardEvent]>([
    ['a branch that was deleted', move(A), branchDeletedEvent()],
    ['a tag that was made elsewhere', tagEvent({ commit: { sha: A } }), tagEvent({ commit: { sha: B } })],
    ['a tag that was deleted', tagEvent(), tagDeletedEvent()],
    ['a deleted branch that was made anew', branchDeletedEvent(), move(A)],
    ['a deleted tag that was made anew', tagDeletedEvent(), tagEvent()],
  ])('what came in between of %s is a move of the ref', async (_, event, meanwhile) => {
    const first = await keep(0, [event]);
    await keep(1, [meanwhile]);
    expect(await left(first, [event])).toBe(START + 1);
  });

  test('what came in the same millisecond before the first is no move in between', async () => {
    await keep(0, [move(B)]);
    const first = await keep(0, [move(A)]);
    expect(await left(first)).toBeUndefined();
  });

  test('a ref that a delivery names twice was elsewhere where neither was', async () => {
    const twice = [move(A), move(B)];
    const first = await keep(0, twice);
    await keep(1, [move(B)]);
    expect(await left(first, twice)).toBeUndefined();
    await keep(2, [move(C)]);
    expect(await left(first, twice)).toBe(START + 2);
  });

  test('what another source told, or what came before the first, is no move in between', async () => {
    await keep(0, [move(B)]);
    const first = await keep(1, [move(A)]);
    await keep(2, [move(B)], { source: `${hub}-other` });
    expect(await left(first)).toBeUndefined();
  });

  test('a first delivery that is no longer there is not looked for further back than its time', async () => {
    const first = await keep(5, [move(A)]);
    await keep(4, [move(B)]);
    expect(await left({ ...first, id: 'gone', receivedAt: START + 6 })).toBeUndefined();
  });

  test('a delivery that moves several branches was elsewhere if one of them was', async () => {
    const other = move(A, { ref: 'refs/heads/other', branch: 'other' });
    const first = await keep(0, [move(A), other]);
    await keep(1, [move(C, { ref: 'refs/heads/third', branch: 'third' }), { ...other, commit: { sha: B } }]);
    expect(await left(first, [move(A), other])).toBe(START + 1);
  });

  test('events that move nothing have nowhere to be in between', async () => {
    const first = await keep(0, [pullRequestEvent()]);
    await keep(1, [move(B), pullRequestEvent({ commit: { sha: B } }), releaseEvent({ tag: 'v9' })]);
    expect(await left(first, [pullRequestEvent()])).toBeUndefined();
  });
});

const by = (id: string) => `it came late: a look for missed deliveries has made ${id} of it`;

describe('what a look for missed deliveries has made', () => {
  const late = async (events: readonly HookyardEvent[]) => [
    ...(await findSynthesised(events, { source: hub, inbox: store.inbox })),
  ];
  const keepMade = (at: number, event: Parameters<typeof synthesisedKey>[0] & HookyardEvent, source = hub) =>
    keep(at, [event], { key: synthesisedKey(event), source });
  test('is known hundreds of deliveries later', async () => {
    const made = await keepMade(0, move(B, { before: A }));
    await keepOthers(450, (n) => 1 + n);
    expect(await late([move(B, { before: A })])).toEqual([[0, by(made.id)]]);
  });

  test('is known among many deliveries that came in one millisecond', async () => {
    const made = await keepMade(0, move(B, { before: A }));
    await keepOthers(20, () => 0);
    await keepOthers(190, (n) => 1 + n);
    expect(await late([move(B, { before: A })])).toEqual([[0, by(made.id)]]);
  });

  test('of another source is another', async () => {
    await keepMade(0, move(B, { before: A }), `${hub}-other`);
    expect(await late([move(B, { before: A })])).toEqual([]);
  });

  test('is told of each part by itself, wherever it stands', async () => {
    const other = move(C, { before: A, ref: 'refs/heads/other', branch: 'other' });
    const one = await keepMade(0, other);
    const two = await keepMade(1, tagEvent({ commit: { sha: A } }));
    const parts = [move(B, { before: A }), other, tagEvent({ commit: { sha: A } })];
    expect(await late(parts)).toEqual([
      [2, by(two.id)],
      [1, by(one.id)],
    ]);
  });

  test.each<[string, Parameters<typeof synthesisedKey>[0] & HookyardEvent, HookyardEvent, boolean]>([
    ['a push, and a push from elsewhere to it', move(B, { before: A }), move(B, { before: C }), true],
    ['a tag, and the tag', tagEvent(), tagEvent(), true],
    [
      'a tag, and the tag in another repository',
      tagEvent(),
      tagEvent({ repository: { ...repository, fullName: 'acme/other' } }),
      false,
    ],
    ['a published release, and that', releaseEvent(), releaseEvent(), true],
    ['a published release, and an edited one', releaseEvent(), releaseEvent({ action: 'edited' }), false],
  ])('is told apart from what else came: %s', async (_, event, came, isLate) => {
    await keepMade(0, event);
    expect(await late([came])).toHaveLength(isLate ? 1 : 0);
  });

  test.each(['opened', 'reopened', 'synchronize'] as const)('of a pull request is known as %s', async (action) => {
    const at = { updatedAt: '2026-11-24T08:00:00.000Z' };
    await keepMade(0, pullRequestEvent({ action: 'opened' }, at));
    expect(await late([pullRequestEvent({ action }, at)])).toHaveLength(1);
  });

  test('of a pull request is not known for what it brings no code by', async () => {
    const at = { updatedAt: '2026-11-24T08:00:00.000Z' };
    await keepMade(0, pullRequestEvent({ action: 'opened' }, at));
    for (const action of ['closed', 'labeled', 'edited'] as const)
      expect(await late([pullRequestEvent({ action }, at)])).toEqual([]);
  });

  test.each<[string, HookyardEvent, number]>([
    ['the branch went on', move(C, { before: B }), 0],
    ['another branch went on', move(C, { before: B, ref: 'refs/heads/other', branch: 'other' }), 1],
    ['the branch of another repository went on', move(C, { before: B, repository: { ...repository, id: '2' } }), 1],
    ['nothing of the branch was told', releaseEvent(), 1],
    ['the branch was deleted', branchDeletedEvent(), 0],
    ['another branch was deleted', branchDeletedEvent({ ref: 'refs/heads/other', branch: 'other' }), 1],
    ['the branch went on from elsewhere', move(A, { before: C }), 1],
  ])('of a push from elsewhere counts unless the branch left it meanwhile: %s', async (_, meanwhile, count) => {
    await keepMade(0, move(B, { before: A }));
    await keep(1, [meanwhile]);
    expect(await late([move(B, { before: C })])).toHaveLength(count);
  });

  test('of a push from elsewhere does not count where the branch left it meanwhile for another place yet', async () => {
    await keepMade(0, move(B, { before: A }));
    await keep(1, [move(A, { before: B })]);
    expect(await late([move(B, { before: C })])).toEqual([]);
  });

  test.each<[string, readonly HookyardEvent[], number]>([
    ['nothing', [], 1],
    ['a move on', [move(B, { before: A }), move(C, { before: B })], 1],
    ['a move on and back', [move(C, { before: B }), move(A, { before: C })], 0],
    ['a move on and back and on', [move(C, { before: B }), move(A, { before: C }), move(C, { before: A })], 0],
  ])('of a push counts unless the branch came back to where it was pushed from: %s', async (_, meanwhile, count) => {
    await keepMade(0, move(B, { before: A }));
    for (const [n, event] of meanwhile.entries()) await keep(1 + n, [event]);
    expect(await late([move(B, { before: A })])).toHaveLength(count);
  });

  test.each<[string, readonly HookyardEvent[], number]>([
    ['went on', [move(C, { before: B })], 1],
    ['went on and its checks failed', [move(C, { before: B }), statusEvent({ branch: 'main' })], 1],
    ['was deleted', [branchDeletedEvent()], 0],
    ['went on, and was deleted', [move(C, { before: B }), branchDeletedEvent()], 0],
  ])('of a new branch counts unless it can be new once more, where it %s meanwhile', async (_, meanwhile, count) => {
    const { before: __, ...made } = move(B);
    await keepMade(0, made);
    for (const [n, event] of meanwhile.entries()) await keep(1 + n, [event]);
    expect(await late([made])).toHaveLength(count);
  });

  test.each<[string, Parameters<typeof synthesisedKey>[0] & HookyardEvent]>([
    ['a push', move(B, { before: A })],
    ['a tag', tagEvent()],
    ['a release', releaseEvent()],
    ['a pull request', pullRequestEvent({}, { updatedAt: '2026-11-24T08:00:00.000Z' })],
  ])('and was ignored has started nothing, so that %s of its own delivery does', async (_, event) => {
    await keep(0, [], { key: synthesisedKey(event) });
    await keep(1, [move(C, { before: B })]);
    expect(await late([event])).toEqual([]);
  });

  test.each<[string, HookyardEvent, number]>([
    ['the tag went elsewhere', tagEvent({ commit: { sha: B } }), 0],
    ['the tag was deleted', tagDeletedEvent(), 0],
    ['another tag was made', tagEvent({ tag: 'v9', ref: 'refs/tags/v9' }), 1],
    ['a tag of that name was made in another repository', tagEvent({ repository: { ...repository, id: '2' } }), 1],
    ['a release of the tag was published', releaseEvent({ tag: 'v1.2.0' }), 1],
  ])('of a tag counts unless the tag was elsewhere meanwhile: %s', async (_, meanwhile, count) => {
    await keepMade(0, tagEvent());
    await keep(1, [meanwhile]);
    expect(await late([tagEvent()])).toHaveLength(count);
  });

  test.each<[string, HookyardEvent, number]>([
    ['the release was deleted', releaseEvent({ action: 'deleted' }), 0],
    ['another was', releaseEvent({ action: 'deleted', tag: 'v9' }), 1],
    ['its tag was made anew', tagEvent({ tag: 'v1', ref: 'refs/tags/v1' }), 1],
  ])('of a release counts unless the release was changed meanwhile: %s', async (_, meanwhile, count) => {
    await keepMade(0, releaseEvent());
    await keep(1, [meanwhile]);
    expect(await late([releaseEvent()])).toHaveLength(count);
  });
});

describe('the inbox is read no further than need be:', () => {
  /** Counts the pages that are read of the store's inbox. */
  const counted = () => {
    const asked = { pages: 0, keys: [] as string[] };
    const list: Inbox['list'] = (filter) => {
      asked.pages += 1;
      return store.inbox.list(filter);
    };
    const has: Inbox['has'] = (source, keys) => {
      asked.keys.push(...keys);
      return store.inbox.has(source, keys);
    };
    return { asked, inbox: { list, has } };
  };

  test('not at all for events that are no moves, or that nothing is made of', async () => {
    const first = await keep(0, [pullRequestEvent()]);
    const { asked, inbox } = counted();
    const events = [pullRequestEvent({ action: 'closed' }), releaseEvent({ action: 'edited' }), statusEvent()];
    expect(await lastLeft({ source: hub, events }, { first, inbox })).toBeUndefined();
    expect(await findSynthesised(events, { source: hub, inbox })).toEqual(new Map());
    expect(asked).toEqual({ pages: 0, keys: [] });
  });

  test('not for what is not known by its key', async () => {
    await keep(0, [move(B)]);
    const { asked, inbox } = counted();
    expect(await findSynthesised([move(B)], { source: hub, inbox })).toEqual(new Map());
    expect(asked).toEqual({ pages: 0, keys: [synthesisedKey(move(B))] });
  });

  test('one page where it holds less than a page, or what is looked for', async () => {
    const first = await keep(0, [move(A)]);
    const { asked, inbox } = counted();
    expect(await lastLeft({ source: hub, events: [move(A)] }, { first: { ...first, id: 'gone' }, inbox })).toBe(
      undefined,
    );
    expect(asked.pages).toBe(1);
    await keepOthers(199, (n) => 1 + n);
    const made = await keep(300, [move(B, { before: A })], { key: synthesisedKey(move(B)) });
    expect(await findSynthesised([move(B, { before: A })], { source: hub, inbox })).toEqual(
      new Map([[0, by(made.id)]]),
    );
    expect(asked.pages).toBe(2);
  });
});

describe('an inbox without end', () => {
  /** Full pages of deliveries of something else, for ever. */
  const endless = () => {
    const befores: (number | undefined)[] = [];
    const list = async ({ limit, before }: { limit: number; before?: number }): Promise<DeliveryRecord[]> => {
      befores.push(before);
      const newest = before ?? START;
      return Array.from({ length: limit }, (_, n) => ({
        ...{ id: `d${newest}-${n}`, source: hub, key: `k${n}`, eventName: 'push', receivedAt: newest - 1 - n },
        ...{ headers: {}, events: [], verdicts: [], bodyBytes: 2, dispatches: [] },
      }));
    };
    return { befores, list };
  };

  test('is read for five thousand deliveries, each page behind the one before', async () => {
    const first = { ...(await endless().list({ limit: 1 }))[0], id: 'first', receivedAt: 0, events: [move(A)] };
    const one = endless();
    const delivery = { source: hub, events: [move(A)] };
    expect(await lastLeft(delivery, { first: first as DeliveryRecord, inbox: one })).toBeUndefined();
    const other = endless();
    const inbox = { ...other, has: async () => new Set([synthesisedKey(move(B))]) };
    expect(await findSynthesised([move(B)], { source: hub, inbox })).toEqual(new Map());
    for (const { befores } of [one, other]) {
      expect(befores).toHaveLength(25);
      expect(befores[0]).toBeGreaterThan(START);
      expect(new Set(befores).size).toBe(25);
    }
  });
});
