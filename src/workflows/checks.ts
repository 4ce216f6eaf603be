import { workflowInfo } from '@temporalio/workflow';
import type { StatusInput } from '../activities/contract.js';
import { pullRequestEventOf } from '../events/asks.js';
import type { HookyardEvent } from '../events/event.js';
import { reportBeside } from './report.js';
import { contextOf } from './status-context.js';

/** Reports an automation's checks, the statuses that a merge waits for, where its event is about a pull request. */
export function reportChecks(
  event: HookyardEvent,
  checks: readonly string[],
  said: Pick<StatusInput, 'state' | 'description'>,
): void {
  const about = pullRequestEventOf(event);
  if (!about) return;
  for (const check of checks) {
    reportBeside({
      source: about.source,
      repository: about.repository.fullName,
      sha: about.commit.sha,
      context: contextOf(workflowInfo().workflowType, check),
      ...said,
    });
  }
}
