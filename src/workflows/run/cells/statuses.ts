import type { StatusInput } from '../../../activities/contract/index.js';
import { reportInBackground } from '../report-status.js';
import { type CellStatuses, currentCell } from './cell.js';

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
