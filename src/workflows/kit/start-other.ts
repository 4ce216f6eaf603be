import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { startChild, workflowInfo } from '@temporalio/workflow';
import type { HookyardEvent } from '../../events/event.js';
import type { Preconditions, RunOptions } from '../../runs/options.js';
import { detailsOf, summaryOf } from '../../runs/page.js';
import { searchAttributesOf } from '../../runs/search-attributes.js';

/**
 * Starts a run of another automation, which goes on when this run ends. Its id is made of this run's own, so that it is
 * started once; `false` when it was started before.
 */
export async function startOther(
  automation: string,
  event: HookyardEvent,
  { id, preconditions }: { id: string; preconditions: Preconditions },
): Promise<boolean> {
  try {
    await startChild(automation, {
      workflowId: id,
      args: [event, { asks: preconditions } satisfies RunOptions],
      taskQueue: workflowInfo().taskQueue,
      parentClosePolicy: 'ABANDON',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: summaryOf(event),
      staticDetails: detailsOf(event),
      // Where this run could not be given them, the namespace does not know them, and would refuse the other.
      ...(isIndexed() && { typedSearchAttributes: searchAttributesOf(automation, event) }),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/**
 * This run's id with another automation's name in front. Longer ones than Temporal's SQL set-ups take keep their end,
 * which tells deliveries apart.
 */
export function idBeside(automation: string): string {
  const { workflowId } = workflowInfo();
  const rest = workflowId.slice(workflowId.indexOf('/') + 1);
  return `${automation}/${rest.slice(-(MAX_ID - automation.length - 1))}`;
}

/** In characters, of which an id of ours has one byte each but for payload keys; a margin is left. */
const MAX_ID = 200;

function isIndexed(): boolean {
  return workflowInfo().searchAttributes.HookyardAutomation !== undefined;
}
