import { truncate } from '../../events/truncate.js';
import type { TableRow } from '../../runs/handed-on.js';

/** In rows: providers take comments of 32,000 characters and more. */
const MAX_ROWS = 50;
/** In characters, of a cell. */
const MAX_CELL = 300;

/** Returns the rows that there is room for, in their order: those that have not passed before others. */
export function rowsShown(all: readonly TableRow[]): readonly TableRow[] {
  const passed = all.filter(({ outcome }) => outcome === 'passed');
  const others = all.length - passed.length;
  const left = new Set(passed.slice(0, Math.max(0, MAX_ROWS - others)));
  return all.filter((row) => row.outcome !== 'passed' || left.has(row)).slice(0, MAX_ROWS);
}

/** Returns Markdown for a cell, cut before an escape that would be halved; a bar would end the cell. */
export function tableCell(markdown: string): string {
  const cut = truncate(markdown, MAX_CELL);
  const whole = cut === markdown ? markdown : cut.replace(/\\*…$/, '…');
  return whole.replace(/(?<!\\)\|/g, '\\|');
}
