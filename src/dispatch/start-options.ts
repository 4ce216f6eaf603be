import type { WorkflowStartOptions } from '@temporalio/client';
import type { HookyardEvent } from '../events/event.js';
import type { RunOptions } from '../runs/options.js';
import { detailsOf, summaryOf } from '../runs/page.js';
import { searchAttributesOf } from '../runs/search-attributes.js';
import type { StartDispatch } from '../store/store.js';
import { TooLarge } from './failure.js';

/** In bytes. Temporal's limit is 2 MB for a payload. */
const MAX_EVENT = 1_500_000;

/**
 * How a run is started: under a name that can be started once, now and as long as Temporal remembers it. Throws
 * {@link TooLarge}.
 */
export function startOptions(
  dispatch: StartDispatch,
  taskQueue: string,
): WorkflowStartOptions & { args: [HookyardEvent, RunOptions?] } {
  const { event, how, workflowId } = dispatch;
  const bytes = Buffer.byteLength(JSON.stringify(event));
  if (bytes > MAX_EVENT) throw new TooLarge(`the event takes ${bytes} bytes, and Temporal takes ${MAX_EVENT}`);
  return {
    taskQueue,
    workflowId,
    args: how ? [event, how] : [event],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    staticSummary: summaryOf(event),
    staticDetails: detailsOf(event),
    typedSearchAttributes: searchAttributesOf(dispatch.automation, event),
  };
}
