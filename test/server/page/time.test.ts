import { expect, test } from 'vitest';
import { lengthOf } from '../../../src/server/page/views/parts/time.js';

test.each([
  [0, '0 s'],
  [-5, '0 s'],
  [4_270, '4.2 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [200_000, '3 min 20 s'],
  [3_600_000, '1 h'],
  [5_000_000, '1 h 23 min'],
  [187_200_000, '2 d 4 h'],
])('%i ms are %s', (ms, words) => {
  expect(lengthOf(ms)).toBe(words);
});
