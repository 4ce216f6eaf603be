import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  noteRequested,
  planRequests,
  type RedeliveryRequests,
} from '../../../src/activities/reconcile/redelivery-requests.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const BEGIN = Date.parse('2026-01-01T00:00:00Z');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: BEGIN });
});
afterEach(() => {
  vi.useRealTimers();
});

const missing = (...keys: string[]) => keys.map((key) => ({ key, attempt: `of ${key}` }));

/** One page of a look that begins now: what is asked for, and given up. */
function look(open: RedeliveryRequests, keys: string[], { asked = false, days = 3, began = Date.now() } = {}) {
  const judged = planRequests(missing(...keys), open, { began, asked, days });
  const done = judged.due.map(({ key }) => key);
  noteRequested(open, { fresh: judged.fresh, done, answered: [], began, asked });
  return { asked: done, givenUp: judged.givenUp.map(({ key }) => key), beyond: judged.beyond, fresh: judged.fresh };
}

test('a delivery that is always refused is asked for less and less often, and then given up', () => {
  const open: RedeliveryRequests = new Map();
  const minutes: number[] = [];
  let givenUp: number | undefined;
  for (let minute = 0; minute < 6 * 24 * 60; minute += 10) {
    vi.setSystemTime(BEGIN + minute * MINUTE);
    const page = look(open, ['always refused']);
    if (page.asked.length > 0) minutes.push(minute);
    if (page.givenUp.length > 0) givenUp ??= minute;
  }
  expect(minutes.slice(0, 6)).toEqual([0, 10, 20, 40, 70, 100]);
  expect(minutes.at(-1)).toBeLessThanOrEqual(3 * 24 * 60);
  expect(minutes.length).toBeLessThan(150);
  expect(givenUp).toBe(3 * 24 * 60 + 10);
});

test('somebody who asks is refused nothing, and makes what was given up begin anew', () => {
  const open: RedeliveryRequests = new Map();
  look(open, ['k']);
  vi.setSystemTime(BEGIN + 4 * DAY);
  expect(look(open, ['k'])).toMatchObject({ asked: [], givenUp: ['k'] });
  vi.setSystemTime(BEGIN + 4 * DAY + MINUTE);
  expect(look(open, ['k'], { asked: true })).toMatchObject({ asked: ['k'], givenUp: [] });
  vi.setSystemTime(BEGIN + 4 * DAY + 2 * MINUTE);
  expect(look(open, ['k'])).toMatchObject({ asked: ['k'], givenUp: [] });
});

test.each([false, true])(
  'a delivery whose attempts are on several pages is dealt with once (asked for: %s)',
  (asked) => {
    const open: RedeliveryRequests = new Map();
    const began = Date.now();
    expect(look(open, ['a', 'b'], { began, asked }).asked).toEqual(['a', 'b']);
    expect(look(open, ['b', 'c'], { began, asked })).toMatchObject({ asked: ['c'], fresh: missing('c') });
    // What waits is told once as well.
    for (const minute of [1, 2]) {
      vi.setSystemTime(BEGIN + minute * MINUTE);
      look(open, ['a']);
    }
    const third = Date.now() + MINUTE;
    expect(look(open, ['a'], { began: third })).toMatchObject({ asked: [], fresh: missing('a') });
    expect(look(open, ['a'], { began: third })).toMatchObject({ asked: [], fresh: [] });
  },
);

test('what there is no room to remember is not asked for, and told', () => {
  const open: RedeliveryRequests = new Map();
  const many = Array.from({ length: 5_001 }, (_, number) => `key ${number}`);
  expect(look(open, many)).toMatchObject({ asked: many.slice(0, 5_000), beyond: 1 });
  open.delete('key 7');
  vi.setSystemTime(BEGIN + MINUTE);
  expect(look(open, ['key 5000'])).toMatchObject({ asked: ['key 5000'], beyond: 0 });
});

test('what is given up takes no room, and somebody who asks has as much again', () => {
  const old = { first: BEGIN - 10 * DAY, last: BEGIN - DAY, pass: BEGIN - DAY };
  const open: RedeliveryRequests = new Map(Array.from({ length: 5_000 }, (_, number) => [`old ${number}`, old]));
  expect(look(open, ['new'])).toMatchObject({ asked: ['new'], beyond: 0 });
  const recent = { first: BEGIN - MINUTE, last: BEGIN - MINUTE, pass: BEGIN - MINUTE };
  const full: RedeliveryRequests = new Map(Array.from({ length: 5_000 }, (_, number) => [`key ${number}`, recent]));
  expect(look(full, ['new'])).toMatchObject({ asked: [], beyond: 1 });
  expect(look(full, ['new'], { asked: true })).toMatchObject({ asked: ['new'], beyond: 0 });
});

test('a clock that was ahead makes nothing wait', () => {
  const open: RedeliveryRequests = new Map([
    ['k', { first: BEGIN + DAY, last: BEGIN + 2 * DAY, pass: BEGIN + 2 * DAY }],
  ]);
  expect(look(open, ['k']).asked).toEqual(['k']);
});
