import { CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { TableInput } from '../../activities/contract/index.js';
import { pullRequestOf, repositoryOf } from '../../events/accessors.js';
import type { HookyardEvent, RunOutcome } from '../../events/event.js';
import { code, plain } from '../../events/markdown.js';
import type { KeptTable, TableRow } from '../../runs/handed-on.js';
import { lookup } from './activities.js';
import { reasonOf } from './failure.js';
import { MARKS, progress } from './progress.js';
import { resultOrder } from './result-order.js';
import { rowsShown, tableCell } from './table-rows.js';

/** The comment that the run keeps. Module state: the workflow sandbox gives each run its own. */
let kept: Omit<TableInput, 'body'> | undefined;
/** Of the parts of the run before this one. */
let rowsBefore: readonly TableRow[] = [];

/** Writes the run's table as a comment on the event's pull request, now and once the run has ended. Returns why it can't. */
export async function keepTable(event: HookyardEvent): Promise<string | undefined> {
  const number = pullRequestOf(event);
  const repository = repositoryOf(event);
  if (number === undefined || repository === undefined) return `the ${event.kind} event is about no pull request`;
  const { id: repositoryId, fullName } = repository;
  const automation = workflowInfo().workflowType;
  kept = { source: event.source, repository: fullName, repositoryId, number, automation, order: resultOrder(event) };
  await write(kept, undefined);
  return undefined;
}

/** Returns the table for the next part of the run; undefined if it keeps none. */
export function tableToHandOn(): KeptTable | undefined {
  return kept && { of: kept, rows: rowsShown(rows()).map((row) => ({ ...row, detail: tableCell(row.detail) })) };
}

/** Goes on with the table of the part before; `failed`: what of it has failed, and is a step of this part too. */
export function goOnWithTable({ of, rows }: KeptTable, failed: string | undefined): void {
  kept = of;
  rowsBefore = rows.filter(({ what }) => what !== failed);
}

/** Writes how the run has ended into the comment that it keeps; undefined if it keeps none. Never rejects. */
export function endTable(outcome: RunOutcome): Promise<void> | undefined {
  const table = kept;
  return table && CancellationScope.nonCancellable(() => write(table, outcome));
}

/** The comment is no reason to fail, nor to stay open for long. */
async function write(table: Omit<TableInput, 'body'>, outcome: RunOutcome | undefined): Promise<void> {
  const body = tableOf(table.automation, outcome);
  try {
    const result = await lookup.writeTable.executeWithOptions({ summary: outcome ?? 'begun' }, [{ ...table, body }]);
    if (!result.written) progress.step('Table').end('passed', `not written: ${plain(result.because)}`);
  } catch (error) {
    if (isCancellation(error)) throw error;
    progress.step('Table').fail(reasonOf(error));
  }
}

function tableOf(automation: string, outcome: RunOutcome | undefined): string {
  const all = rows();
  const shown = rowsShown(all);
  const lines = shown.map(
    ({ what, outcome, detail }) =>
      `| ${MARKS[outcome]} | ${tableCell(plain(what))} | ${tableCell(detail) || outcome} |`,
  );
  const more = all.length - shown.length;
  return [
    `${code(automation)}: ${outcome ?? 'has begun'}`,
    ...(lines.length > 0 ? ['', '| | part | |', '|---|---|---|', ...lines] : []),
    ...(more > 0 ? ['', `and ${more} more`] : []),
  ].join('\n');
}

function rows(): readonly TableRow[] {
  const own = progress.decisive().map(({ what, outcome, detail }): TableRow => {
    // The lines below are the steps of a job.
    const [first = ''] = detail.split('\n');
    return { what, outcome, detail: first };
  });
  return [...rowsBefore, ...own];
}
