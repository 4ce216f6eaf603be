import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRefusalLog } from '../../src/server/refusal-log.js';
import { keepLog } from '../support/harness/log.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const wrong = { source: 'github', because: 'no secret verifies it' };
const many = (count: number, work: (n: number) => boolean) => Array.from({ length: count }, (_, n) => work(n));

test('refusals in masses have twenty lines a minute, and one that says how many more there were', () => {
  const kept = keepLog();
  const refusals = createRefusalLog(kept.log);
  expect(many(1_000, () => refusals.isLogged(wrong)).filter(Boolean)).toHaveLength(20);
  expect(refusals.isLogged({ ...wrong, source: 'gitlab' })).toBe(true);
  expect(refusals.isLogged({ ...wrong, because: 'it is too large' })).toBe(true);
  vi.advanceTimersByTime(60_000);
  expect(kept.lines('further requests were refused')).toMatchObject([{ ...wrong, count: 980 }]);
  expect(refusals.isLogged(wrong)).toBe(true);
});

test('refusals for ever new reasons are told of together', () => {
  const kept = keepLog();
  const refusals = createRefusalLog(kept.log);
  const logged = many(10_000, (n) => refusals.isLogged({ source: undefined, because: `reason ${n}` })).filter(Boolean);
  expect(logged).toHaveLength(220);
  vi.advanceTimersByTime(60_000);
  expect(kept.lines('further requests were refused')).toMatchObject([{ because: 'other reasons', count: 9_780 }]);
});

test('what is told of together is not said to be of the source that was refused first', () => {
  const kept = keepLog();
  const refusals = createRefusalLog(kept.log);
  many(300, (n) => refusals.isLogged({ source: n % 2 === 0 ? 'github' : 'gitlab', because: `reason ${n}` }));
  vi.advanceTimersByTime(60_000);
  expect(kept.lines('further requests were refused').map(({ source }) => source)).toEqual([undefined]);
});
