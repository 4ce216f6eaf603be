import { type SearchAttributePair, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { startChild, workflowInfo } from '@temporalio/workflow';
import { repositoryOf } from '../../events/accessors.js';
import type { HookyardEvent } from '../../events/event.js';
import { type GoesOnFrom, goesOnFromMemo } from '../../runs/goes-on-from.js';
import type { Preconditions, RunOptions } from '../../runs/options.js';
import { detailsOf, summaryOf } from '../../runs/page.js';
import { priorityOf } from '../../runs/priority.js';
import { searchAttributesOf, withoutChanging } from '../../runs/search-attributes.js';
import { canTell } from './told-attributes.js';

/**
 * Starts a run of another automation, which goes on when this run ends. `id` is made of this run's own, so that it is
 * started once; returns `false` when it was started before. `again`: when somebody asked for it once more, ISO 8601; `from`: the runs
 * whose failed jobs it goes on with.
 */
export async function startOther(
  automation: string,
  event: HookyardEvent,
  {
    id,
    preconditions,
    again,
    from = {},
  }: { id: string; preconditions: Preconditions; again: string | undefined; from?: GoesOnFrom | undefined },
): Promise<boolean> {
  const memo = goesOnFromMemo(from);
  const how: RunOptions = {
    asks: preconditions,
    endsBy: 'outcome',
    ...(again !== undefined && { again }),
    ...from,
  };
  try {
    await startChild(automation, {
      workflowId: id,
      args: [event, how],
      taskQueue: workflowInfo().taskQueue,
      parentClosePolicy: 'ABANDON',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      priority: priorityOf({ source: event.source, repository: repositoryOf(event)?.fullName }),
      ...(memo && { memo }),
      staticSummary: summaryOf(event),
      staticDetails: detailsOf(event),
      ...indexed(searchAttributesOf(automation, event)),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/**
 * Returns this run's id with another automation's name in front. One that would be longer than Temporal's SQL set-ups
 * take keeps its end, which tells deliveries apart.
 */
export function idBeside(automation: string): string {
  const { workflowId } = workflowInfo();
  const rest = workflowId.slice(workflowId.indexOf('/') + 1);
  return `${automation}/${rest.slice(-(MAX_ID - automation.length - 1))}`;
}

/** In characters. All but payload keys take one byte each; 200 leaves a margin below 255 bytes for those. */
const MAX_ID = 200;

/** What this run has not, the namespace may not know, and would refuse to start the other run with. */
function indexed(all: SearchAttributePair[]): { typedSearchAttributes?: SearchAttributePair[] } {
  if (!canTell('HookyardAutomation')) return {};
  return { typedSearchAttributes: canTell('HookyardOutcome') ? all : withoutChanging(all) };
}
