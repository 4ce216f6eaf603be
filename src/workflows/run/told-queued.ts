import { patched, workflowInfo } from '@temporalio/workflow';
import type { StatusInput } from '../../activities/contract/index.js';
import { commitOf, repositoryOf } from '../../events/accessors.js';
import type { HookyardEvent } from '../../events/event.js';
import type { RunOptions } from '../../runs/options.js';
import { queueContextOf } from '../../runs/status-context.js';
import type { RunResult } from './progress.js';
import { reportChecks } from './report-checks.js';
import { openStatuses, reportInBackground } from './report-status.js';

/** Runs that an older version started say it under their checks alone, which they may have none of. */
const TELLS_WITHOUT_CHECKS = 'tells-place-without-checks';
/** Runs that an older version started say nothing of a lane that has no slot for them. */
const TELLS_REFUSAL = 'tells-refusal-of-lane';

/** Module state: the workflow sandbox gives each run its own. */
let isTold = false;

/**
 * Says on the commit how the run waits in its lane before it begins: under the automation's checks, or else under its own name, as what
 * tells of runs that Temporal does not know yet.
 */
export function tellQueued(event: HookyardEvent, checks: readonly string[], description: string): void {
  if (reportChecks(event, checks, { state: 'pending', description })) return;
  const status = statusOf(event);
  if (!status || !patched(TELLS_WITHOUT_CHECKS)) return;
  isTold = true;
  reportInBackground({ ...status, state: 'pending', description, unadmitted: true });
}

/**
 * Says under the automation's checks why its run never begins, as what tells of runs that Temporal does not know: no job
 * reports them, and a merge would wait for ever.
 */
export function tellRefused(event: HookyardEvent, checks: readonly string[], because: string): void {
  if (patched(TELLS_REFUSAL)) reportChecks(event, checks, { state: 'error', description: because });
}

/** Returns whether a status of the automation's name has told that the run waited in its lane. */
export function wasToldQueued(how: RunOptions | undefined): boolean {
  return isTold || how?.told === true;
}

/**
 * Says on the commit that the run has begun, where a status of the automation's name has told that it waited in its lane. It ends
 * with the job of that name, or else with the run.
 */
export function followUpQueued(event: HookyardEvent, how: RunOptions | undefined): void {
  const status = statusOf(event);
  if (status && wasToldQueued(how))
    reportInBackground({ ...status, state: 'pending', description: 'the run has begun' });
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
  if (!wasToldQueued(how) || checks.includes(workflowType)) return;
  const context = queueContextOf(workflowType);
  for (const status of openStatuses())
    if (status.context === context) reportInBackground({ ...status, state: STATES[outcome], description });
}

/** Undefined where the event is about no commit. */
function statusOf(event: HookyardEvent): Omit<StatusInput, 'state' | 'description'> | undefined {
  const sha = commitOf(event)?.sha;
  const repository = repositoryOf(event)?.fullName;
  if (sha === undefined || repository === undefined) return undefined;
  return { source: event.source, repository, sha, context: queueContextOf(workflowInfo().workflowType) };
}

const STATES = { passed: 'success', failed: 'failure', skipped: 'skipped' } as const;
