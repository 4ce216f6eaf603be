import { CancellationScope, patched, workflowInfo } from '@temporalio/workflow';
import { contextOf } from '../../../runs/status-context.js';
import { type Cell, currentCell, inCell, type KnownJob, type KnownJobs } from './cell.js';
import { nameWith, statusNameInCell } from './names.js';
import { reportInCell } from './statuses.js';

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
export function reportUnrunJobs(cell: Cell, because: string): void {
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
