import { workflowInfo } from '@temporalio/workflow';
import type { StatusInput } from '../../activities/contract/index.js';
import type { HookyardEvent } from '../../events/event.js';
import { contextOf } from '../../runs/status-context.js';
import { checkedEventOf } from '../../triggers/preconditions.js';
import { reportInBackground } from './report-status.js';

/**
 * Reports an automation's checks, the statuses that a merge waits for, if its event is about one: of a run that was not
 * let in, or not yet. Once it is, its jobs report. Returns whether there was anything to report.
 */
export function reportChecks(
  event: HookyardEvent,
  checks: readonly string[],
  reported: Pick<StatusInput, 'state' | 'description'>,
): boolean {
  const about = checkedEventOf(event);
  if (!about) return false;
  for (const check of checks) {
    reportInBackground({
      source: about.source,
      repository: about.repository.fullName,
      sha: about.commit.sha,
      context: contextOf(workflowInfo().workflowType, check),
      ...reported,
      unadmitted: true,
    });
  }
  return checks.length > 0;
}
