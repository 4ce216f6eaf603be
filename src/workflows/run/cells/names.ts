import { patched } from '@temporalio/workflow';
import type { Cell } from './cell.js';

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

/** Returns a name in one cell. One that would be too long has the cell's number, and from the second on of those that are short alike a number of its own. */
export function nameWith(name: string, { suffix, place }: Cell, max = MAX_NAME): string {
  const whole = `${name}-${suffix}`;
  if (whole.length <= max) return whole;
  const short = `${name.slice(0, max - 4)}-${place}`;
  const alike = shortened.get(short) ?? [];
  if (!alike.includes(whole)) shortened.set(short, [...alike, whole]);
  const nth = (shortened.get(short) ?? []).indexOf(whole) + 1;
  const end = `-${place}.${nth}`;
  return nth === 1 ? short : `${name.slice(0, max - end.length)}${end}`;
}
