import { expect, test } from 'vitest';
import { createTokenBucket } from '../../src/async/token-bucket.js';

test('something may be done so often at once, then at its pace, and never more often at once than at first', () => {
  let now = 0;
  const may = createTokenBucket({ burst: 3, perSecond: 2 }, () => now);
  const times = (count: number) => Array.from({ length: count }, () => may());
  expect(times(4)).toEqual([true, true, true, false]);
  now += 400;
  expect(may()).toBe(false);
  now += 100;
  expect(times(2)).toEqual([true, false]);
  now += 60_000;
  expect(times(4)).toEqual([true, true, true, false]);
});
