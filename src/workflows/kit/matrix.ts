import { CancellationScope, condition, isCancellation, patched } from '@temporalio/workflow';
import { plain } from '../../events/markdown.js';
import {
  type Cell,
  type CellStatuses,
  currentCell,
  hasRedJob,
  inCell,
  type KnownJobs,
  keepCellOpen,
} from '../run/cells/cell.js';
import { reportUnrunJobs } from '../run/cells/report-unrun-jobs.js';
import { reportInCell, reportTogether } from '../run/cells/statuses.js';
import { endThrown } from '../run/end-thrown.js';
import { type Axes, type AxisValue, cellInWords, cellsOf, suffixesOf } from '../run/matrix-cells.js';
import { progress } from '../run/progress.js';
import { type MatrixCell, type MatrixOptions, readMatrixOptions } from './matrix-options.js';

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
  const end: MatrixEnd = { isTold: false };
  const cells = runAll(axes, run, { options, end });
  // Beside what the author does with it, who may not wait for it at all.
  cells.catch((error) => end.isTold || isCancellation(error) || endThrown('Matrix', error));
  return keepCellOpen(progress.track(cells));
}

/** What is known of a matrix that may throw. */
interface MatrixEnd {
  /** A job or a build of the cell that has thrown tells of it. */
  isTold: boolean;
}

const WAITS_FOR_JOBS = 'cells-wait-for-their-jobs';
const WAITS_ANYHOW = 'cells-wait-for-their-jobs-however-they-end';

async function runAll<A extends Axes, R, I extends Readonly<Record<keyof A, AxisValue>>>(
  axes: A,
  run: (cell: MatrixCell<A> | I) => Promise<R>,
  { options, end }: { readonly options: MatrixOptions<A, I>; readonly end: MatrixEnd },
): Promise<MatrixResult<MatrixCell<A> | I, R>> {
  type C = MatrixCell<A> | I;
  const { failFast = true, status = 'each', ...how } = readMatrixOptions(options);
  const all = cellsOf(axes, how) as readonly C[];
  const limit = Math.min(how.limit ?? all.length, all.length);
  const suffixes = suffixesOf(all);
  const statuses: CellStatuses | undefined = status === 'one' ? new Map() : undefined;
  const around = currentCell();
  const known: KnownJobs = { jobs: new Map(), passed: new Set() };
  const results = new Map<C, CellResult<C, R>>();
  const open = new Map<Cell, CancellationScope>();
  let failed: string | undefined;
  let thrown: { readonly error: unknown; readonly cell: Cell } | undefined;
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
      else known.passed.add(cell);
    } catch (error) {
      const isCancelled = isCancellation(error);
      const because = isCancelled ? cell.cancelledBecause : undefined;
      const hasJobs = cell.open.size > 0 && patched(WAITS_ANYHOW);
      if (!hasJobs) open.delete(cell);
      if (because === undefined) {
        thrown ??= { error, cell };
        // With jobs of its own that it has not waited for.
        stopOthers(isCancelled ? 'the run was cancelled' : `${cellInWords(values)} threw an error`);
      }
      if (hasJobs) await CancellationScope.nonCancellable(() => condition(() => cell.open.size === 0));
      open.delete(cell);
      if (because !== undefined) results.set(values, { cell: values, outcome: 'cancelled', because });
    }
  };
  const inTurn = async () => {
    for (let place = next++; place < all.length; place = next++) {
      const values = all[place] as C;
      const cell: Cell = {
        ...{ suffix: suffixes[place] ?? '', place: place + 1, statuses, around, known },
        ...{ jobs: [], open: new Set<Promise<unknown>>() },
      };
      if (failed !== undefined && failFast) {
        const because = `not begun: ${failed}`;
        results.set(values, { cell: values, outcome: 'cancelled', because });
        progress.step(`Cell ${cellInWords(values)}`).end('cancelled', plain(because));
        reportUnrunJobs(cell, because);
      } else {
        await runCell(values, cell);
      }
    }
  };

  await Promise.all(Array.from({ length: limit }, inTurn));
  if (statuses) reportTogether(statuses, reportInCell);
  if (thrown) {
    end.isTold = hasRedJob(thrown.cell);
    throw thrown.error;
  }
  const cells = all.flatMap((values) => results.get(values) ?? []);
  return { passed: cells.every(({ outcome }) => outcome === 'passed'), cells };
}

function hasFailed(result: unknown, cell: Cell): boolean {
  const says = typeof result === 'object' && result !== null && 'passed' in result ? result.passed : undefined;
  if (typeof says === 'boolean') return !says;
  return hasRedJob(cell);
}
