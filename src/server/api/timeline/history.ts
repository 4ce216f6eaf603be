import type { Client, WorkflowExecutionDescription } from '@temporalio/client';

type History = Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistory']>>;
/** An event of a history, as Temporal answers it. */
export type HistoryEvent = NonNullable<NonNullable<History['history']>['events']>[number];
/** An activity that has not ended, as Temporal answers it. */
export type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** Events of one page, and pages: the beginning of a history that has more is read. */
const PAGE = 1_000;
const MAX_PAGES = 3;

/** Returns the events of a run's history, or of its beginning. Rejects where Temporal does not answer. */
export async function historyOf(
  client: Client,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextPageToken: Uint8Array | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer: History = await client.workflowService.getWorkflowExecutionHistory({
      ...{ namespace: client.options.namespace, maximumPageSize: PAGE },
      execution: { workflowId, runId },
      ...(nextPageToken && { nextPageToken }),
    });
    events.push(...(answer.history?.events ?? []));
    nextPageToken = answer.nextPageToken ?? undefined;
    if (!nextPageToken || nextPageToken.length === 0) break;
  }
  return events;
}
