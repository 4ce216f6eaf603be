import type { Client, WorkflowExecutionDescription } from '@temporalio/client';

type History = Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistory']>>;
/** An event of a history, as Temporal answers it. */
export type HistoryEvent = NonNullable<NonNullable<History['history']>['events']>[number];
/** An activity that has not ended, as Temporal answers it. */
export type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** What was read of a history. */
export interface ReadHistory {
  /** From its beginning on. */
  readonly events: readonly HistoryEvent[];
  /** Its last ones, where what lies between was left out. */
  readonly end?: readonly HistoryEvent[];
}

/** Events of one page, and pages: of a history that has more, the beginning and the last page are read. */
const PAGE = 1_000;
const MAX_PAGES = 3;

/** Returns the events of a run's history, or its beginning and its end. Rejects where Temporal does not answer. */
export async function historyOf(
  client: Client,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
  page = PAGE,
): Promise<ReadHistory> {
  const asked = {
    ...{ namespace: client.options.namespace, maximumPageSize: page },
    execution: { workflowId, runId },
  };
  const events: HistoryEvent[] = [];
  let nextPageToken: Uint8Array | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const answer: History = await client.workflowService.getWorkflowExecutionHistory({
      ...asked,
      ...(nextPageToken && { nextPageToken }),
    });
    events.push(...(answer.history?.events ?? []));
    nextPageToken = answer.nextPageToken ?? undefined;
    if (!nextPageToken || nextPageToken.length === 0) return { events };
  }
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse(asked);
  const last = Number(events.at(-1)?.eventId ?? 0);
  const end = (history?.events ?? []).filter(({ eventId }) => Number(eventId) > last).reverse();
  return Number(end[0]?.eventId) === last + 1 ? { events: [...events, ...end] } : { events, end };
}
