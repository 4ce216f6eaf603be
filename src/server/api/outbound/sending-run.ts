import { type Client, isGrpcServiceError, type WorkflowExecutionDescription } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { z } from 'zod';
import { HttpError } from '../../http/http-error.js';
import { temporalAway } from '../temporal-away.js';
import type { NamedMessage } from './named-message.js';

/** A message as its run has sent it, and its tries that are left. */
export interface FoundMessage {
  readonly sent: z.output<typeof sentSchema>;
  /** Absent where it is not tried any more. */
  readonly pending?: Pending;
}

/** An activity that has not ended, as Temporal tells of it. */
export type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

const ACTIVITY = 'sendWebhook';
/** The input of the activity. */
const sentSchema = z.object({
  endpoint: z.string(),
  id: z.string(),
  type: z.string(),
  timestamp: z.string(),
  data: z.unknown(),
});
/** Events of one page, and pages: what a run sends later than that is not found. */
const PAGE = 1_000;
const MAX_PAGES = 5;
const DEADLINE_MS = 5_000;
/** Codes of gRPC. */
const [NOT_FOUND, UNIMPLEMENTED] = [5, 12];

/** Looks a message up in the history of the run that has sent it; undefined where that does not hold it. Rejects as Temporal does. */
export async function messageOf(
  client: Client,
  { raw, runId, status }: WorkflowExecutionDescription,
  { run, message, endpoint }: NamedMessage,
): Promise<FoundMessage | undefined> {
  let execution: { readonly workflowId: string; readonly runId: string } | undefined = { workflowId: run, runId };
  let nextPageToken: Uint8Array | undefined;
  for (let page = 0; execution && page < MAX_PAGES; page++) {
    const answer = await client.workflowService.getWorkflowExecutionHistory({
      ...{ namespace: client.options.namespace, maximumPageSize: PAGE, execution },
      ...(nextPageToken && { nextPageToken }),
    });
    let before: string | undefined;
    for (const event of answer.history?.events ?? []) {
      before ??= event.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
      const { activityTaskScheduledEventAttributes: scheduled } = event;
      if (scheduled?.activityType?.name !== ACTIVITY) continue;
      const [input] = await decodeArrayFromPayloads(client.options.loadedDataConverter, scheduled.input?.payloads);
      const sent = sentSchema.safeParse(input).data;
      if (sent?.id !== message || sent.endpoint !== endpoint) continue;
      const pending = raw.pendingActivities?.find(({ activityId }) => activityId === scheduled.activityId);
      // A run that was terminated says of what it had begun that it is pending.
      const isTried = status.name === 'RUNNING' && execution.runId === runId;
      return { sent, ...(pending && isTried && { pending }) };
    }
    nextPageToken = answer.nextPageToken?.length ? answer.nextPageToken : undefined;
    // A run that has continued as new may have sent it before.
    if (!nextPageToken) execution = before === undefined ? undefined : { workflowId: run, runId: before };
  }
  return undefined;
}

/** Asks Temporal within a deadline. Throws {@link HttpError}: 409 with `gone` where it does not know the run, 503 where it does not answer. */
export async function askOfRun<T>(client: Client, gone: string, work: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + DEADLINE_MS, work);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const code = isGrpcServiceError(error)
      ? error.code
      : (error as { readonly cause?: { readonly code?: number } }).cause?.code;
    const isGone = code === NOT_FOUND || (error as Error).name === 'WorkflowNotFoundError';
    if (isGone) throw new HttpError(409, gone);
    if (code === UNIMPLEMENTED) throw new HttpError(409, "Temporal's server is too old for it: it takes 1.28 or newer");
    throw temporalAway();
  }
}
