import { workflowInfo } from '@temporalio/workflow';
import type { HookyardEvent } from '../events/event.js';
import { reportBeside } from './report.js';
import { contextOf } from './status-context.js';

/** Reports an automation's checks as skipped, where its event has a commit: a merge that requires them can go on. */
export function reportSkipped(event: HookyardEvent, checks: readonly string[], because: string): void {
  if (event.kind !== 'pull_request' && event.kind !== 'push') return;
  for (const check of checks) {
    reportBeside({
      source: event.source,
      repository: event.repository.fullName,
      sha: event.commit.sha,
      state: 'skipped',
      context: contextOf(workflowInfo().workflowType, check),
      description: `skipped: ${because}`,
    });
  }
}
