import { CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { TableInput } from '../../activities/contract/index.js';
import { pullRequestOf, repositoryOf } from '../../events/accessors.js';
import type { HookyardEvent, RunOutcome } from '../../events/event.js';
import { code, plain } from '../../events/markdown.js';
import { truncate } from '../../events/truncate.js';
import { lookup } from './activities.js';
import { reasonOf } from './failure.js';
import { MARKS, progress } from './progress.js';
import { resultOrder } from './result-order.js';

/** In rows: providers take comments of 32,000 characters and more. */
const MAX_ROWS = 50;
/** In characters, of a cell. */
const MAX_CELL = 300;

/** The comment that the run keeps. Module state: the workflow sandbox gives each run its own. */
let kept: Omit<TableInput, 'body'> | undefined;

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
  const decisive = progress.decisive();
  const rows = decisive.slice(0, MAX_ROWS).map(({ what, outcome, detail }) => {
    // The lines below are the steps of a job.
    const [first = ''] = detail.split('\n');
    return `| ${MARKS[outcome]} | ${cell(plain(what))} | ${cell(first) || outcome} |`;
  });
  const more = decisive.length - rows.length;
  return [
    `${code(automation)}: ${outcome ?? 'has begun'}`,
    ...(rows.length > 0 ? ['', '| | part | |', '|---|---|---|', ...rows] : []),
    ...(more > 0 ? ['', `and ${more} more`] : []),
  ].join('\n');
}

/** Cuts Markdown before an escape that would be halved; a bar would end the cell. */
function cell(markdown: string): string {
  const cut = truncate(markdown, MAX_CELL);
  const whole = cut === markdown ? markdown : cut.replace(/\\*…$/, '…');
  return whole.replace(/(?<!\\)\|/g, '\\|');
}
