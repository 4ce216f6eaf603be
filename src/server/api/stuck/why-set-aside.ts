import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { SET_ASIDE } from '../../../runs/set-aside.js';

/** `HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT` of Temporal's API. */
const CLOSE_EVENT = 2;
/** What is known of how runs were terminated, by their run ids: what has ended stays as it is. */
const reasons = new WeakMap<Client, Map<string, string | undefined>>();
/** The latest that somebody has asked for. */
const MAX_REASONS = 1_000;

/** Returns the reason that a run was terminated with; undefined if it was not set aside. A history is read once. */
export async function whySetAside(
  client: Client,
  { workflowId, runId }: Pick<WorkflowExecutionInfo, 'workflowId' | 'runId'>,
): Promise<string | undefined> {
  const known = reasons.get(client) ?? new Map<string, string | undefined>();
  reasons.set(client, known);
  if (!known.has(runId)) {
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      historyEventFilterType: CLOSE_EVENT,
    });
    const ended = history?.events?.[0]?.workflowExecutionTerminatedEventAttributes;
    if (!ended) return undefined;
    const { reason } = ended;
    known.set(runId, reason?.startsWith(SET_ASIDE) ? reason : undefined);
  }
  const why = known.get(runId);
  // Asked for last, it is forgotten last.
  known.delete(runId);
  known.set(runId, why);
  const [oldest = runId] = known.keys();
  if (known.size > MAX_REASONS) known.delete(oldest);
  return why;
}
