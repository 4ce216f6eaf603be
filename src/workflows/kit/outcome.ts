import { upsertMemo } from '@temporalio/workflow';
import { plain } from '../../events/markdown.js';
import { truncate } from '../../events/truncate.js';
import { OUTCOME_MEMO } from '../../runs/names.js';
import { progress, type RunResult } from '../run/progress.js';

/** In characters. */
const MAX_MEMO = 500;
const OUTCOMES: readonly string[] = ['passed', 'failed', 'skipped'] satisfies RunResult['outcome'][];

/**
 * Sets how the run ends, whatever its builds have come to, once its function is done: what `completed` automations, `hookyard runs`
 * and Temporal are told. The last call counts. A run that throws or is cancelled ends as that. Commit statuses of jobs stay what
 * the jobs have said. Throws on another outcome, and without a reason.
 *
 * @example
 * import { automation, outcome, push, runJob } from 'hookyard/workflow';
 *
 * export const ci = automation({ on: push() }, async (event) => {
 *   const unit = await runJob(event, { name: 'unit', steps: ['npm test'] });
 *   const browser = await runJob(event, { name: 'browser', steps: ['npm run test:browser'] });
 *   if (unit.passed && !browser.passed) outcome('passed', 'the browser tests failed, which do not count yet');
 * });
 */
export function outcome(outcome: RunResult['outcome'], because: string): void {
  if (!OUTCOMES.includes(outcome))
    throw new Error(`outcome(): the outcome must be one of ${OUTCOMES.join(', ')}, not ${JSON.stringify(outcome)}`);
  if (typeof because !== 'string' || because.trim() === '')
    throw new Error('outcome(): say why, in a few words: outcome("passed", "flaky, third try")');
  progress.say(outcome, because);
  progress.step('Outcome').end(outcome === 'failed' ? 'failed' : 'passed', `${outcome}: ${plain(because)}`);
  upsertMemo({ [OUTCOME_MEMO]: truncate(because, MAX_MEMO) });
}
