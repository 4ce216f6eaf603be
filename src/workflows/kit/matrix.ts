import { CancellationScope, condition, isCancellation, patched } from '@temporalio/workflow';
import { plain } from '../../events/markdown.js';
import { type OptionTable, readOptions, yesOrNo } from '../../triggers/options.js';
import {
  type Cell,
  type CellStatuses,
  currentCell,
  hasRedJob,
  inCell,
  keepCellOpen,
  reportInCell,
  reportTogether,
} from '../run/cell.js';
import { type Axes, type AxisValue, cellInWords, cellsOf, suffixesOf } from '../run/matrix-cells.js';
import { progress } from '../run/progress.js';

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

/** How a cell has ended. */
export type CellResult<C, R> =
  /** `failed`: its result says `passed: false`, or says nothing of that, and a job or a build of it has not passed. */
  | { readonly cell: C; readonly outcome: 'passed' | 'failed'; readonly result: R }
  /** Another cell did not pass first. */
  | { readonly cell: C; readonly outcome: 'cancelled'; readonly because: string };

/** How a matrix has ended. */
export interface MatrixResult<C, R> {
  /** Whether all cells have passed. */
  readonly passed: boolean;
  /** In the order of the values, those that were included last. */
  readonly cells: readonly CellResult<C, R>[];
}

/**
 * Runs a function for each combination of values, at once or so many at a time, and returns how each has ended. Jobs of a cell have
 * its values in their names: `test` is `test-20-linux`. A cell ends with its function, and with the jobs and builds that this has begun
 * and not waited for. It has failed if what the function returns says `passed: false`, as
 * results of jobs do, or if it says nothing of that and one of its jobs or builds has not passed. Throws what a cell throws, once
 * the others have ended; and on a matrix of no cells or of more than 256.
 *
 * @example
 * import { automation, matrix, push, runJob } from 'hookyard/workflow';
 *
 * export const ci = automation({ on: push(), checks: ['test'] }, async (event) => {
 *   const axes = { node: [20, 24], database: ['sqlite', 'postgres'] };
 *   const { passed, cells } = await matrix(
 *     axes,
 *     (m) =>
 *       runJob(event, {
 *         name: 'test',
 *         steps: ['./use-node "$NODE"', 'npm ci', 'npm test'],
 *         env: { NODE: String(m.node), DATABASE: m.database },
 *       }),
 *     { limit: 2, exclude: [{ node: 20, database: 'postgres' }], status: 'one' },
 *   );
 *   if (!passed) throw new Error(`not on ${cells.find(({ outcome }) => outcome === 'failed')?.cell.node}`);
 * });
 */
export function matrix<const A extends Axes, R, const I extends Readonly<Record<keyof A, AxisValue>> = never>(
  axes: A,
  run: (cell: MatrixCell<A> | I) => Promise<R>,
  options: MatrixOptions<A, I> = {},
): Promise<MatrixResult<MatrixCell<A> | I, R>> {
  return keepCellOpen(progress.track(runAll(axes, run, options)));
}

const BY_ITS_JOBS = 'cells-by-their-jobs';
const WAITS_FOR_JOBS = 'cells-wait-for-their-jobs';

async function runAll<A extends Axes, R, I extends Readonly<Record<keyof A, AxisValue>>>(
  axes: A,
  run: (cell: MatrixCell<A> | I) => Promise<R>,
  options: MatrixOptions<A, I>,
): Promise<MatrixResult<MatrixCell<A> | I, R>> {
  type C = MatrixCell<A> | I;
  const {
    failFast = true,
    status = 'each',
    ...how
  } = readOptions('matrix', options, OPTIONS as OptionTable<typeof options>);
  const all = cellsOf(axes, how) as readonly C[];
  const limit = Math.min(how.limit ?? all.length, all.length);
  const suffixes = suffixesOf(all);
  const statuses: CellStatuses | undefined = status === 'one' ? new Map() : undefined;
  const around = currentCell();
  const results = new Map<C, CellResult<C, R>>();
  const open = new Map<Cell, CancellationScope>();
  let failed: string | undefined;
  let thrown: { readonly error: unknown } | undefined;
  let next = 0;

  const stopOthers = (because: string) => {
    failed ??= because;
    if (!failFast) return;
    for (const [each, scope] of open) {
      each.cancelledBecause ??= `cancelled: ${failed}`;
      scope.cancel();
    }
  };
  const runCell = async (values: C, cell: Cell) => {
    const scope = new CancellationScope();
    open.set(cell, scope);
    try {
      const result = await inCell(cell, scope, async () => {
        const returned = await run(values);
        // In runs that an older version started a cell ends with its function.
        if (cell.open.size > 0 && patched(WAITS_FOR_JOBS)) await condition(() => cell.open.size === 0);
        return returned;
      });
      const isRed = hasFailed(result, cell);
      results.set(values, { cell: values, outcome: isRed ? 'failed' : 'passed', result });
      open.delete(cell);
      if (isRed) stopOthers(`${cellInWords(values)} did not pass`);
    } catch (error) {
      open.delete(cell);
      const because = cell.cancelledBecause;
      if (because !== undefined && isCancellation(error))
        return void results.set(values, { cell: values, outcome: 'cancelled', because });
      thrown ??= { error };
      stopOthers(isCancellation(error) ? 'the run was cancelled' : `${cellInWords(values)} threw an error`);
    }
  };
  const inTurn = async () => {
    for (let place = next++; place < all.length; place = next++) {
      const values = all[place] as C;
      if (failed !== undefined && failFast) {
        const because = `not begun: ${failed}`;
        results.set(values, { cell: values, outcome: 'cancelled', because });
        progress.step(`Cell ${cellInWords(values)}`).end('cancelled', plain(because));
      } else {
        await runCell(values, {
          suffix: suffixes[place] ?? '',
          place: place + 1,
          statuses,
          around,
          jobs: [],
          open: new Set(),
        });
      }
    }
  };

  await Promise.all(Array.from({ length: limit }, inTurn));
  if (statuses) reportTogether(statuses, reportInCell);
  if (thrown) throw thrown.error;
  const cells = all.flatMap((values) => results.get(values) ?? []);
  return { passed: cells.every(({ outcome }) => outcome === 'passed'), cells };
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

function hasFailed(result: unknown, cell: Cell): boolean {
  const says = typeof result === 'object' && result !== null && 'passed' in result ? result.passed : undefined;
  if (typeof says === 'boolean') return !says;
  // In runs that an older version started such cells have passed.
  return hasRedJob(cell) && patched(BY_ITS_JOBS);
}
