import { workflowInfo } from '@temporalio/workflow';
import type { StatusInput } from '../../activities/contract/index.js';
import type { HookyardEvent } from '../../events/event.js';
import { contextOf } from '../../runs/status-context.js';
import { pullRequestEventOf } from '../../triggers/preconditions.js';
import { reportBeside } from '../kit/report.js';

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
