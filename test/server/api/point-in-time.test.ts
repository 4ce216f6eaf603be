import { expect, test } from 'vitest';
import { timeOf } from '../../../src/server/api/point-in-time.js';

test.each([
  '2026-02-30',
  '2026-02-29',
  '2026-11-31',
  '2026-13-01',
  '2026-00-10',
  '2026-02-30T10:00',
  '2026-04-31T10:00Z',
])('the day of %s is in no calendar, and no other is taken for it', (text) => {
  for (const zone of ['here', 'UTC'] as const) expect(timeOf(text, { zone })).toBeUndefined();
});

test.each([
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2026-12-31T23:59', '2026-12-31T23:59:00.000Z'],
  ['2026-03-01T00:30+02:00', '2026-02-28T22:30:00.000Z'],
])('%s is a point in time', (text, at) => {
  expect(new Date(timeOf(text, { zone: 'UTC' }) ?? 0).toISOString()).toBe(at);
});
