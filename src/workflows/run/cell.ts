import { CancellationScope, patched, workflowInfo } from '@temporalio/workflow';
import type { StatusInput } from '../../activities/contract/index.js';
import { contextOf } from '../../runs/status-context.js';
import { reportInBackground } from './report-status.js';

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
interface KnownJob {
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

/** Keeps what a job of the cell at work is called, and of which commit it reports, for that and those around it. */
export function noteInCells(name: string, { source, repository, sha }: KnownJob['on']): void {
  const on = { source, repository, sha };
  let within: readonly Cell[] = [];
  for (let cell = currentCell(); cell !== undefined; cell = cell.around) {
    const { jobs } = cell.known;
    const key = JSON.stringify([name, on, within.map(({ suffix }) => suffix)]);
    jobs.set(key, { name, on, within, cells: new Set(jobs.get(key)?.cells).add(cell) });
    within = [cell, ...within];
  }
}

/** In runs that an older version started nothing is said of such cells. */
const REPORTS_NOT_BEGUN = 'reports-cells-not-begun';
/** In runs that an older version started it is said for the jobs of any cell. */
const OF_ALL_CELLS = 'reports-jobs-of-all-cells-not-begun';

/**
 * Reports, for a cell that is never begun, that the jobs did not run which the others of its matrix have: a merge may wait for their
 * statuses. Where all cells have one, that has ended.
 */
export function reportNotBegun(cell: Cell, because: string): void {
  const { jobs } = cell.known;
  if (cell.statuses !== undefined || jobs.size === 0 || !patched(REPORTS_NOT_BEGUN)) return;
  const told = jobsToTell(cell.known);
  void inCell(cell, new CancellationScope({ cancellable: false }), async () => {
    for (const { name, on, within } of told) {
      const own = statusNameInCell(name, cell);
      const whole = within.reduce((all, one) => (one.statuses === undefined ? nameWith(all, one) : all), own);
      const context = contextOf(workflowInfo().workflowType, whole);
      reportInCell({ ...on, context, state: 'error', description: because });
    }
  });
}

function jobsToTell(known: KnownJobs): readonly KnownJob[] {
  const common = jobsOfAll(known);
  return common.length === known.jobs.size || !patched(OF_ALL_CELLS) ? [...known.jobs.values()] : common;
}

/**
 * Returns the jobs that a cell surely has: those that no other lacks. One that has passed lacks what it has not begun, one that was cut off
 * what others had begun before what it has. One that has passed with no job at all says nothing of the others. Nobody would ever lift the
 * red status of a job that there is not.
 */
function jobsOfAll({ jobs, passed }: KnownJobs): readonly KnownJob[] {
  const all = [...jobs.values()];
  const cells = [...new Set(all.flatMap((job) => [...job.cells]))];
  const wentPast = (cell: Cell, place: number) => all.slice(place + 1).some((job) => job.cells.has(cell));
  const isLacking = (cell: Cell, job: KnownJob, place: number) =>
    !job.cells.has(cell) && (passed.has(cell) || wentPast(cell, place));
  // What comes after the job that cut a cell off may be of a single cell: it takes two to know it.
  const isShared = (job: KnownJob) => job.cells.size > 1 || cells.length === 1;
  return all.filter((job, place) => isShared(job) && !cells.some((cell) => isLacking(cell, job, place)));
}

/** In characters: what a job may be called, and an artifact. */
const [MAX_NAME, MAX_ARTIFACT_NAME] = [50, 100];
/** In runs that an older version started artifacts are called as briefly as jobs. */
const LONG_ARTIFACT_NAMES = 'artifact-names-of-100-characters';

/** Returns the name of a job in a cell, or the name as it is in none. `max`: in characters. */
export function nameInCell(name: string, cell: Cell | undefined, max = MAX_NAME): string {
  return cell === undefined ? name : nameWith(nameInCell(name, cell.around, max), cell, max);
}

/** Returns the name of an artifact in a cell, or the name as it is in none. */
export function artifactNameInCell(name: string, cell: Cell | undefined): string {
  const [brief, whole] = [nameInCell(name, cell), nameInCell(name, cell, MAX_ARTIFACT_NAME)];
  return brief === whole || !patched(LONG_ARTIFACT_NAMES) ? brief : whole;
}

/** Returns what an artifact is called that was kept in a cell, or in those around it, the nearest first; none in no cell. */
export function artifactNamesInCells(name: string, cell: Cell | undefined): readonly string[] {
  return cell === undefined ? [] : [artifactNameInCell(name, cell), ...artifactNamesInCells(name, cell.around)];
}

/** Returns the name of a job's commit status in a cell: its own, or one for all cells; or the name as it is in none. */
export function statusNameInCell(name: string, cell: Cell | undefined): string {
  if (cell === undefined) return name;
  const around = statusNameInCell(name, cell.around);
  return cell.statuses === undefined ? nameWith(around, cell) : around;
}

/** By the short name: the names that would be too long, in their order. Module state: the workflow sandbox gives each run its own. */
const shortened = new Map<string, string[]>();

/** A name that would be too long has the cell's number, and from the second on of those that are short alike a number of its own. */
function nameWith(name: string, { suffix, place }: Cell, max = MAX_NAME): string {
  const whole = `${name}-${suffix}`;
  if (whole.length <= max) return whole;
  const short = `${name.slice(0, max - 4)}-${place}`;
  const alike = shortened.get(short) ?? [];
  if (!alike.includes(whole)) shortened.set(short, [...alike, whole]);
  const nth = (shortened.get(short) ?? []).indexOf(whole) + 1;
  const end = `-${place}.${nth}`;
  return nth === 1 ? short : `${name.slice(0, max - end.length)}${end}`;
}

/** Reports on a commit, or keeps it for the one status that all cells of the matrix have. */
export function reportInCell(status: StatusInput): void {
  let suffix = '';
  for (let cell = currentCell(); cell !== undefined; cell = cell.around) {
    suffix = suffix === '' ? cell.suffix : `${cell.suffix}-${suffix}`;
    if (cell.statuses === undefined) continue;
    const { source, repository, sha, context } = status;
    const name = JSON.stringify([source, repository, sha, context]);
    cell.statuses.set(name, [...(cell.statuses.get(name) ?? []), { status, suffix }]);
    return;
  }
  reportInBackground(status);
}

/** Returns why the cell at work is being cancelled; undefined where it is the run that is. */
export function cellCancelledBecause(): string | undefined {
  for (let cell = currentCell(); cell !== undefined; cell = cell.around)
    if (cell.cancelledBecause !== undefined) return cell.cancelledBecause;
  return undefined;
}

/** Reports the one status that all cells have, for each that their jobs have reported, now that they have ended. */
export function reportTogether(statuses: CellStatuses, report: (status: StatusInput) => void): void {
  for (const reported of statuses.values()) {
    // Of several reports of one cell, the last is how its job has ended.
    const last = [...new Map(reported.map((each) => [each.suffix, each])).values()];
    const red = last.filter(({ status }) => status.state !== 'success');
    const [first] = red.filter(({ status }) => status.state === 'failure').concat(red);
    const [any] = last;
    if (any === undefined) continue;
    if (last.length === 1) report(any.status);
    else if (first === undefined) report({ ...any.status, description: `all ${last.length} passed` });
    else
      report({
        ...first.status,
        state: red.some(({ status }) => status.state === 'failure') ? 'failure' : 'error',
        description: `${red.length} of ${last.length} did not pass; ${first.suffix}: ${first.status.description}`,
      });
  }
}
