import { CancellationScope, patched } from '@temporalio/workflow';
import type { StatusInput } from '../../../activities/contract/index.js';

/** A cell of a matrix while its part of the run is under way. */
export interface Cell {
  /** Tells its jobs apart from those of the other cells: letters, digits, `.`, `_` and `-`. */
  readonly suffix: string;
  /** From 1. */
  readonly place: number;
  /** Takes what its jobs report on their commits, where the matrix has one status for all. */
  readonly statuses: CellStatuses | undefined;
  /** Its jobs and builds, also those that others of their name have followed. */
  jobs: readonly CellJob[];
  /** Those that are under way. */
  readonly open: Set<Promise<unknown>>;
  /** What the jobs of all cells of its matrix are called, and are about. */
  readonly known: KnownJobs;
  /** Why it is being cancelled, where another cell is the reason. */
  cancelledBecause?: string;
  /** The cell that the whole matrix is in. */
  readonly around: Cell | undefined;
}

/** A job or a build of a cell. */
interface CellJob {
  readonly name: string;
  /** Undefined while it is under way. */
  passed: boolean | undefined;
  /** It had ended when the next one of its name began. */
  isOutdone: boolean;
  /** It runs elsewhere. */
  readonly isBuild: boolean;
}

/** A job of a cell, by which those of cells that never begin are known. */
export interface KnownJob {
  /** As its author has named it. */
  readonly name: string;
  readonly on: Pick<StatusInput, 'source' | 'repository' | 'sha'>;
  /** The cells of matrices within the cell that it is in, the outermost first. */
  readonly within: readonly Cell[];
  /** Those of the matrix that have begun it. */
  readonly cells: Set<Cell>;
}

/** What is known of the jobs of a matrix. */
export interface KnownJobs {
  /** Those that any cell has begun, each once. */
  readonly jobs: Map<string, KnownJob>;
  /** The cells that have passed, and so have begun all of theirs. */
  readonly passed: Set<Cell>;
}

/** What the jobs of all cells have reported, by their common status. */
export type CellStatuses = Map<string, { readonly status: StatusInput; readonly suffix: string }[]>;

/** The cell that each scope is for. Module state: the workflow sandbox gives each run its own. */
const cells = new WeakMap<CancellationScope, Cell>();

/** Does work as a part of a cell, within the scope by which the cell can be cancelled. */
export function inCell<T>(cell: Cell, scope: CancellationScope, work: () => Promise<T>): Promise<T> {
  cells.set(scope, cell);
  return scope.run(work);
}

/** Returns the cell that the code at work is a part of. */
export function currentCell(): Cell | undefined {
  for (let scope: CancellationScope | undefined = CancellationScope.current(); scope; scope = scope.parent) {
    const cell = cells.get(scope);
    if (cell) return cell;
  }
  return undefined;
}

/**
 * Keeps that a job or a build of the cell at work begins, for that and those around it: it counts in the place of one of its name that
 * has ended. Returns what is told whether it passed.
 */
export function beginInCell(name: string, { isBuild = false } = {}): (passed: boolean) => void {
  const job: CellJob = { name, passed: undefined, isOutdone: false, isBuild };
  for (let cell = currentCell(); cell !== undefined; cell = cell.around) {
    for (const other of cell.jobs) other.isOutdone ||= other.name === name && other.passed !== undefined;
    cell.jobs = [...cell.jobs, job];
  }
  return (passed) => {
    job.passed = passed;
  };
}

/** In runs that an older version started such cells have passed. */
const BY_ITS_JOBS = 'cells-by-their-jobs';
/** In runs that an older version started a build that did not pass counts, though it was tried again. */
const BY_LAST_BUILD = 'cells-by-the-last-try-of-a-build';

/** Returns whether a job or a build of a cell has not passed: of several of one name that do not run at once, the last. */
export function hasRedJob({ jobs }: Cell): boolean {
  const red = jobs.filter(({ passed, isOutdone, isBuild }) => passed === false && (isBuild || !isOutdone));
  if (red.length === 0 || !patched(BY_ITS_JOBS)) return false;
  return red.some(({ isOutdone }) => !isOutdone) || !patched(BY_LAST_BUILD);
}

/** Has the cell at work, and those around it, not end before a job or a build of it: its author may have begun it without waiting. */
export function keepCellOpen<T>(work: Promise<T>): Promise<T> {
  for (let cell = currentCell(); cell !== undefined; cell = cell.around) {
    const { open } = cell;
    open.add(work);
    const end = () => void open.delete(work);
    work.then(end, end);
  }
  return work;
}

/** Returns why the cell at work is being cancelled; undefined where it is the run that is. */
export function cellCancelledBecause(): string | undefined {
  for (let cell = currentCell(); cell !== undefined; cell = cell.around)
    if (cell.cancelledBecause !== undefined) return cell.cancelledBecause;
  return undefined;
}
