import type { WorkflowStartOptions } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import { repositoryOf } from '../events/accessors.js';
import type { HookyardEvent } from '../events/event.js';
import { MAX_EVENT } from '../runs/event-size.js';
import { goesOnFromMemo } from '../runs/goes-on-from.js';
import type { RunOptions } from '../runs/options.js';
import { detailsOf, summaryOf } from '../runs/page.js';
import { priorityOf } from '../runs/priority.js';
import { searchAttributesOf } from '../runs/search-attributes.js';
import type { StartDispatch } from '../store/store.js';
import { EventTooLargeError } from './failure.js';

/**
 * Returns how a run is started: under a workflow id that can be started once, as long as Temporal remembers it. Throws
 * {@link EventTooLargeError}.
 */
export function startOptions(
  dispatch: StartDispatch,
  taskQueue: string,
): WorkflowStartOptions & { args: [HookyardEvent, RunOptions]; typedSearchAttributes: SearchAttributePair[] } {
  const { event, how, workflowId } = dispatch;
  const bytes = Buffer.byteLength(JSON.stringify(event));
  if (bytes > MAX_EVENT)
    throw new EventTooLargeError(`the event is ${bytes} bytes, and Temporal takes at most ${MAX_EVENT}`);
  const memo = goesOnFromMemo(how ?? {});
  return {
    taskQueue,
    workflowId,
    args: [event, { ...how, endsBy: 'outcome' }],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    priority: priorityOf({ source: event.source, repository: repositoryOf(event)?.fullName }, how?.priority),
    ...(memo && { memo }),
    staticSummary: summaryOf(event),
    staticDetails: detailsOf(event),
    typedSearchAttributes: searchAttributesOf(dispatch.automation, event, how?.lane),
  };
}
