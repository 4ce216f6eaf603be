import { expect, test } from 'vitest';
import { retryAfterMs } from '../../src/http/retry-after.js';

const NOW = Date.UTC(2026, 10, 27, 12);

test.each([
  ['20', 20_000],
  ['0', 1_000],
  ['90.5', 90_500],
  ['60, 60', 60_000],
  ['5,120', 120_000],
  ['99999999999999999999', 3_600_000],
  ['Fri, 27 Nov 2026 12:00:30 GMT', 30_000],
  ['Friday, 27-Nov-26 12:00:30 GMT', 30_000],
  ['2026-11-27T12:00:30Z', 30_000],
  ['Fri, 27 Nov 2026 11:00:00 GMT', 1_000],
] as const)('%s asks for %i ms', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});

test.each(['', '-1', '+60', '60;', '1e3', 'never', '1m0s', '12:00 or so', 'Infinity'])(
  '%j asks for nothing, and is no date long ago that asks for next to no wait',
  (header) => {
    expect(retryAfterMs(header, NOW)).toBeUndefined();
  },
);
