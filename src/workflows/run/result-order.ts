import { workflowInfo } from '@temporalio/workflow';
import { type HookyardEvent, rootOf } from '../../events/event.js';
import { happenedOf } from '../../lanes/happened.js';

/**
 * Returns what sorts the runs of one branch or pull request: by when their events have happened, whenever they were told, and, of
 * one that is started again, by when it began.
 */
export function resultOrder(event: HookyardEvent): string {
  const happenedAt = happenedOf(rootOf(event))?.at ?? Date.parse(event.receivedAt);
  const { startTime, runId } = workflowInfo();
  return `${new Date(happenedAt).toISOString()}/${startTime.toISOString()}/${runId}`;
}
