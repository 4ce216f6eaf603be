import { type Client, isGrpcServiceError, type WorkflowExecutionDescription } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { z } from 'zod';
import type { Store } from '../../store/store.js';
import { HttpError } from '../http/http-error.js';
import type { RetryMessageAnswer } from './contract.js';
import { isDelivered } from './outbound.js';

/** What {@link retryMessage} asks. */
export interface RetryMessageDeps {
  readonly client: Client;
  readonly store: { readonly attempts: Pick<Store['attempts'], 'list'> };
}

/** Which message is to be tried now. */
export const retryMessageBody = z.strictObject({
  message: z.string().min(1).max(2_000).describe('its id: webhook-id'),
  endpoint: z.string().min(1).max(500).exactOptional().describe('needed where one of this id was sent to several'),
});

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

const ACTIVITY = 'sendWebhook';
const MAX_ATTEMPTS = 100;
/** Events of one page, and pages: what a run sends later than that is not found. */
const PAGE = 1_000;
const MAX_PAGES = 5;
const DEADLINE_MS = 5_000;
/** Codes of gRPC. */
const [NOT_FOUND, UNIMPLEMENTED] = [5, 12];

/**
 * Has a message that waits for its next try sent at once, by the same run and with the same `webhook-id`; from there on it has all of its
 * tries again. One that is being sent is left alone. Undefined if no such message was sent. Throws {@link HttpError}: 409 where it is not
 * tried any more, 503 while Temporal is away.
 */
export async function retryMessage(
  { client, store }: RetryMessageDeps,
  body: unknown,
): Promise<RetryMessageAnswer | undefined> {
  const asked = retryMessageBody.safeParse(body);
  const { message = '', endpoint } = asked.data ?? {};
  if (!asked.success)
    throw new HttpError(400, 'send { "message": "…" } as JSON, and an "endpoint" if it went to several');
  const filter = { messageId: message, ...(endpoint !== undefined && { endpoint }) };
  const attempts = await store.attempts.list({ ...filter, limit: MAX_ATTEMPTS });
  const [last] = attempts;
  if (!last) return undefined;
  if (new Set(attempts.map((one) => one.endpoint)).size > 1)
    throw new HttpError(409, 'messages of this id were sent to several endpoints: name one');
  if (isDelivered(last)) throw new HttpError(409, `endpoint ${last.endpoint} has taken it: nothing is tried again`);
  const { run } = last;
  if (run === undefined) throw new HttpError(409, 'a version before has sent it, and did not keep which run that was');
  const told = { message, endpoint: last.endpoint, run };
  const activity = await asking(run, client, () => pendingOf(client, told));
  if (!isWaiting(activity)) return { ...told, state: 'being sent' };
  await asking(run, client, () =>
    client.workflowService.resetActivity({
      ...{ namespace: client.options.namespace, identity: client.options.identity },
      ...{ execution: { workflowId: run }, id: activity.activityId ?? '' },
    }),
  );
  return { ...told, state: 'tried now' };
}

/** Returns the try of a message that its run waits for. Throws {@link HttpError} (409) where there is none. */
async function pendingOf(
  client: Client,
  { run, message, endpoint }: { readonly run: string; readonly message: string; readonly endpoint: string },
): Promise<Pending> {
  const { raw, runId } = await client.workflow.getHandle(run).describe();
  const pending = (raw.pendingActivities ?? []).filter(({ activityType }) => activityType?.name === ACTIVITY);
  let nextPageToken: Uint8Array | undefined;
  for (let page = 0; pending.length > 0 && page < MAX_PAGES; page++) {
    const answer = await client.workflowService.getWorkflowExecutionHistory({
      ...{ namespace: client.options.namespace, maximumPageSize: PAGE, execution: { workflowId: run, runId } },
      ...(nextPageToken && { nextPageToken }),
    });
    for (const { activityTaskScheduledEventAttributes: scheduled } of answer.history?.events ?? []) {
      const found = scheduled && pending.find(({ activityId }) => activityId === scheduled.activityId);
      if (!found) continue;
      const [sent] = await decodeArrayFromPayloads(client.options.loadedDataConverter, scheduled.input?.payloads);
      const { id, endpoint: to } = (sent ?? {}) as { readonly id?: unknown; readonly endpoint?: unknown };
      if (id === message && to === endpoint) return found;
    }
    nextPageToken = answer.nextPageToken ?? undefined;
    if (!nextPageToken || nextPageToken.length === 0) break;
  }
  throw new HttpError(409, noLonger(run));
}

/** Returns whether it waits for its time, or because somebody has paused it; else it is on its way. */
function isWaiting({ paused, nextAttemptScheduleTime: next }: Pending): boolean {
  return paused === true || Number(next?.seconds ?? 0) * 1_000 > Date.now();
}

function noLonger(run: string): string {
  return `it is not tried any more: its run has given it up, or has ended. Run that again: npx hookyard rerun ${run}`;
}

async function asking<T>(run: string, client: Client, work: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + DEADLINE_MS, work);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const code = isGrpcServiceError(error)
      ? error.code
      : (error as { readonly cause?: { readonly code?: number } }).cause?.code;
    const isGone = code === NOT_FOUND || (error as Error).name === 'WorkflowNotFoundError';
    if (isGone) throw new HttpError(409, noLonger(run));
    if (code === UNIMPLEMENTED) throw new HttpError(409, "Temporal's server is too old for it: it takes 1.28 or newer");
    throw new HttpError(503, 'Temporal does not answer; try again later', { 'retry-after': '5' });
  }
}
