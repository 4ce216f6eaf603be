import { type OptionTable, readOptions, yesOrNo } from '../../triggers/options.js';
import type { Axes } from '../run/matrix-cells.js';

/** One combination of a matrix's values. */
export type MatrixCell<A extends Axes> = { readonly [K in keyof A]: A[K][number] };

/** How the cells of a matrix run. */
export interface MatrixOptions<A extends Axes, I> {
  /** Whether the first cell that does not pass has the others cancelled, and no more begun. Default: `true`. */
  readonly failFast?: boolean;
  /** How many run at once. Default: all. */
  readonly limit?: number;
  /** Combinations that are left out: all that have these values. */
  readonly exclude?: readonly Partial<MatrixCell<A>>[];
  /** Combinations that are added, with values for all names. */
  readonly include?: readonly I[];
  /**
   * `'each'`: each cell's jobs have commit statuses of their own, `hookyard/<automation>/<job>-<values>`. `'one'`: a job has one for
   * all cells, `hookyard/<automation>/<job>`, which ends when they all have. Default: `'each'`.
   */
  readonly status?: 'each' | 'one';
}

/** Returns options as they were given. Throws a `TriggerError` for one that there is none, or that makes no sense. */
export function readMatrixOptions<A extends Axes, I>(options: MatrixOptions<A, I>): MatrixOptions<A, I> {
  return readOptions('matrix', options, OPTIONS as OptionTable<typeof options>);
}

const OPTIONS: OptionTable<MatrixOptions<Axes, unknown>> = {
  failFast: yesOrNo,
  limit: (value) => (Number.isInteger(value) && Number(value) >= 1 ? undefined : 'a whole number from 1 on'),
  exclude: listOfCells,
  include: listOfCells,
  status: (value) => (value === 'each' || value === 'one' ? undefined : '"each" or "one"'),
};

function listOfCells(value: unknown): string | undefined {
  const isList = Array.isArray(value) && value.every((cell) => typeof cell === 'object' && cell !== null);
  return isList ? undefined : 'a list of objects with values';
}
