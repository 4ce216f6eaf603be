import { workflowInfo } from '@temporalio/workflow';
import { commitOf, repositoryOf } from '../../events/accessors.js';
import type { HookyardEvent } from '../../events/event.js';
import type { RunOptions } from '../../runs/options.js';
import { queueContextOf } from '../../runs/status-context.js';
import type { RunResult } from './progress.js';
import { openStatuses, reportInBackground } from './report-status.js';

/**
 * Says on the commit that the run has begun, where a status of the automation's name has told that it waited in its lane. It ends
 * with the job of that name, or else with the run.
 */
export function followUpQueued(event: HookyardEvent, how: RunOptions | undefined): void {
  const sha = commitOf(event)?.sha;
  const repository = repositoryOf(event)?.fullName;
  if (!how?.told || sha === undefined || repository === undefined) return;
  const { source } = event;
  const context = queueContextOf(workflowInfo().workflowType);
  reportInBackground({ source, repository, sha, context, state: 'pending', description: 'the run has begun' });
}

/**
 * Ends the status of the automation's own name where no job has: the run has ended by itself. Not where that is one of its checks: a
 * check is what a job says, and a run that passes without that job proves nothing.
 */
export function endFollowedUp(
  { outcome, because }: Pick<RunResult, 'outcome'> & { readonly because: string | undefined },
  { checks, how }: { readonly checks: readonly string[]; readonly how: RunOptions | undefined },
): void {
  const { workflowType } = workflowInfo();
  const description = `the run ${outcome}${because === undefined ? '' : `: ${because}`}`;
  if (!how?.told || checks.includes(workflowType)) return;
  const context = queueContextOf(workflowType);
  for (const status of openStatuses())
    if (status.context === context) reportInBackground({ ...status, state: STATES[outcome], description });
}

const STATES = { passed: 'success', failed: 'failure', skipped: 'skipped' } as const;
