import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mapAtOnce } from '../../src/async/at-once.js';

test('no more than so many are worked on at once, all are, and the results are in order', async () => {
  let now = 0;
  let most = 0;
  const doubled = await mapAtOnce([5, 4, 3, 2, 1, 0, 6], 3, async (n) => {
    now += 1;
    most = Math.max(most, now);
    await wait(n);
    now -= 1;
    return 2 * n;
  });
  expect([doubled, most]).toEqual([[10, 8, 6, 4, 2, 0, 12], 3]);
});

test('nothing is begun after one has failed', async () => {
  const begun: number[] = [];
  const work = async (n: number) => {
    begun.push(n);
    if (n === 2) throw new Error('the second');
  };
  await expect(mapAtOnce([1, 2, 3, 4], 2, work)).rejects.toThrow('the second');
  expect(begun).toEqual([1, 2]);
});
