import { expect, test, vi } from 'vitest';
import { clockWasSetBack, now } from '../../../../src/activities/job/trees/clock.js';

const at = { wallMs: 1_000_000, monotonicMs: 5_000 };

test.each([
  ['went on', 60_000, 60_000, false],
  ['was set forward', 3_660_000, 60_000, false],
  ['was set back by a second', 59_000, 60_000, true],
  ['was set back before the beginning', -10_000, 60_000, true],
  ['was read a little later', 59_995, 60_000, false],
])('a clock that %s', (_, wall, monotonic, isBack) => {
  const then = { wallMs: at.wallMs + wall, monotonicMs: at.monotonicMs + monotonic };
  expect(clockWasSetBack(at, then)).toBe(isBack);
});

test('the clocks of this machine are in step', () => {
  expect(clockWasSetBack(now())).toBe(false);
});

test('where a process has to wait for the CPU between the two clocks, it reads them again', () => {
  const since = now();
  const real = performance.now.bind(performance);
  let reads = 0;
  // It waits half a second before the second reading of this one.
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => real() + (++reads === 2 ? 500 : 0));
  try {
    expect(clockWasSetBack(since)).toBe(false);
    expect(reads).toBeGreaterThan(2);
  } finally {
    clock.mockRestore();
  }
});
