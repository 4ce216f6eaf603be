import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPutSchedules } from '../../../src/cli/processes/put-schedules.js';
import { keepLog } from '../../support/harness/log.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Puts Schedules at a start of which that comes, and returns how often they were put by then, and two minutes later. */
async function started(comes: () => Promise<boolean>, isStopping = false) {
  const put = vi.fn(comes);
  const { log, lines } = keepLog();
  await createPutSchedules({ put, stopping: () => isStopping, log })();
  const first = put.mock.calls.length;
  await vi.advanceTimersByTimeAsync(120_000);
  return { times: [first, put.mock.calls.length], lines: lines() };
}

test.each<[string, () => Promise<boolean>, number]>([
  ['all is as it is to be', async () => true, 1],
  ['some lack search attributes', async () => false, 2],
  ['Temporal has refused one, and others may lack search attributes', () => Promise.reject(new Error('refused')), 2],
])('where %s, Schedules are put once more at most', async (_, comes, times) => {
  expect((await started(comes)).times).toEqual([1, times]);
});

test('why Schedules could not be put is told, and a process that stops does not try again', async () => {
  const { times, lines } = await started(() => Promise.reject(new Error('Temporal is away')), true);
  expect(times).toEqual([1, 1]);
  expect(lines).toContainEqual(expect.objectContaining({ because: 'Temporal is away' }));
});

test('Schedules are put one after the other', async () => {
  const ends: (() => void)[] = [];
  const put = vi.fn(() => new Promise<boolean>((resolve) => ends.push(() => resolve(true))));
  const all = createPutSchedules({ put, stopping: () => false, log: keepLog().log });
  const both = Promise.all([all(), all()]);
  await vi.advanceTimersByTimeAsync(0);
  expect(put).toHaveBeenCalledTimes(1);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(put).toHaveBeenCalledTimes(2);
  ends[1]?.();
  await both;
});
