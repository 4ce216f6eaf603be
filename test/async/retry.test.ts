import { expect, test, vi } from 'vitest';
import { backoffMs } from '../../src/async/backoff.js';
import { retry } from '../../src/async/retry.js';

const failing = (times: number) => {
  const work = vi.fn(async () => {
    if (work.mock.calls.length <= times) throw new TypeError(`failure ${work.mock.calls.length}`);
    return 'done';
  });
  return work;
};

test('work is tried again after the pause for as many tries as have failed', async () => {
  const pauses: number[] = [];
  const pauseMs = (tries: number) => {
    pauses.push(tries);
    return 1;
  };
  expect(await retry(failing(2), { again: () => true, pauseMs })).toBe('done');
  expect(pauses).toEqual([1, 2]);
});

test('the last error is thrown when another try is not worth it', async () => {
  const work = failing(9);
  await expect(retry(work, { again: (_, tries) => tries < 3, pauseMs: () => 0 })).rejects.toThrow('failure 3');
  expect(work).toHaveBeenCalledTimes(3);
});

test('pauses double up to the longest, and their upper half is random', () => {
  const between = (failures: number, [low, high]: [number, number]) => {
    const ms = backoffMs(failures, { firstMs: 100, maxMs: 1_000 });
    expect(ms).toBeGreaterThanOrEqual(low);
    expect(ms).toBeLessThanOrEqual(high);
  };
  between(1, [50, 100]);
  between(2, [100, 200]);
  between(9, [500, 1_000]);
  between(5_000, [500, 1_000]);
});
