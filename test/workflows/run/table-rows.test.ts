import { expect, test } from 'vitest';
import type { TableRow } from '../../../src/runs/handed-on.js';
import { rowsShown, tableCell } from '../../../src/workflows/run/table-rows.js';

const rows = (count: number, outcome: (n: number) => TableRow['outcome']) =>
  Array.from({ length: count }, (_, n): TableRow => ({ what: `Job ${n}`, outcome: outcome(n), detail: '' }));

test('where there are more rows than room, those that did not pass are shown first of all, in their places', () => {
  const few = rows(50, (n) => (n === 49 ? 'failed' : 'passed'));
  expect(rowsShown(few)).toEqual(few);
  const many = rows(10_000, (n) => (n % 5_000 === 4_999 ? 'failed' : 'passed'));
  const shown = rowsShown(many);
  expect(shown).toHaveLength(50);
  expect(shown.slice(0, 48)).toEqual(many.slice(0, 48));
  expect(shown.slice(48).map(({ what }) => what)).toEqual(['Job 4999', 'Job 9999']);
  expect(rowsShown(rows(200, () => 'cancelled'))).toHaveLength(50);
});

test('a cell ends neither the row nor an escape, however often it is cut', () => {
  const long = `${'x'.repeat(298)}\\| and more`;
  const cut = tableCell(long);
  expect(cut).toBe(`${'x'.repeat(298)}…`);
  for (const text of [long, 'a | b', 'a \\| b', '']) expect(tableCell(tableCell(text))).toBe(tableCell(text));
  expect(tableCell('a | b')).toBe('a \\| b');
});
