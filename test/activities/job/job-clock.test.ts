import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createJobClock, MOST_STILL_MS } from '../../../src/activities/job/job-clock.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("what passes while the clock stands still is none of the job's time", () => {
  const clock = createJobClock(1_000);
  vi.advanceTimersByTime(600);
  clock.standStill();
  clock.standStill();
  vi.advanceTimersByTime(60_000);
  clock.goOn();
  expect(clock.endsAt() - Date.now()).toBe(400);
  vi.advanceTimersByTime(399);
  expect(clock.limit.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(clock.limit.aborted).toBe(true);
});

test('a pause of the job itself counts', () => {
  const clock = createJobClock(1_000);
  clock.standStill();
  vi.advanceTimersByTime(900);
  clock.goOn({ counts: true });
  vi.advanceTimersByTime(100);
  expect(clock.limit.aborted).toBe(true);
});

test('it stands still for so long at most, in all', () => {
  const clock = createJobClock(1_000);
  clock.standStill();
  vi.advanceTimersByTime(MOST_STILL_MS - 10);
  clock.goOn();
  clock.standStill();
  vi.advanceTimersByTime(1_009);
  expect(clock.limit.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(clock.limit.aborted).toBe(true);
});

test('once it has ended, nothing aborts', () => {
  const clock = createJobClock(1_000);
  clock.end();
  vi.advanceTimersByTime(2_000);
  expect(clock.limit.aborted).toBe(false);
});
