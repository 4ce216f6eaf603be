import { expect, test } from 'vitest';
import { counted } from '../../../src/server/page/counted.js';
import { lengthOf } from '../../../src/server/page/views/parts/time.js';

test.each([
  [0, '0 s'],
  [-5, '0 s'],
  [0.2, '1 ms'],
  [99, '99 ms'],
  [100, '0.1 s'],
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

test('one of something is called so, and none and several by another word', () => {
  expect([0, 1, 2].map((number) => counted(number, 'line'))).toEqual(['0 lines', '1 line', '2 lines']);
  expect([1, 2].map((number) => counted(number, 'delivery', 'deliveries'))).toEqual(['1 delivery', '2 deliveries']);
});
