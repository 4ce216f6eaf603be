import type { Client } from '@temporalio/client';
import { shellWord } from '../../../runs/shell-word.js';
import type { Store } from '../../../store/store.js';
import { HttpError } from '../../http/http-error.js';
import type { RetryMessageAnswer } from '../contract.js';
import { namedMessage } from './named-message.js';
import { askOfRun, messageOf, type Pending } from './sending-run.js';

/** What {@link retryMessage} asks. */
export interface RetryMessageDeps {
  readonly client: Client;
  readonly store: { readonly attempts: Pick<Store['attempts'], 'list'> };
}

/**
 * Has a message that waits for its next try sent at once, by the same run and with the same `webhook-id`; from there on it has all of its
 * tries again. One that is being sent is left alone. Undefined if no such message was sent. Throws {@link HttpError}: 409 where it is not
 * tried any more, 503 while Temporal is away.
 */
export async function retryMessage(
  { client, store }: RetryMessageDeps,
  body: unknown,
): Promise<RetryMessageAnswer | undefined> {
  const named = await namedMessage(store.attempts, body);
  if (!named) return undefined;
  const { message, run } = named;
  const gone = `it is not tried any more: its run has given it up, or has ended. Send it anew: npx hookyard outbound resend ${shellWord(message)}`;
  const activity = await askOfRun(client, gone, async () =>
    messageOf(client, await client.workflow.getHandle(run).describe(), named),
  );
  if (!activity?.pending) throw new HttpError(409, gone);
  const { activityId } = activity.pending;
  if (!isWaiting(activity.pending)) return { ...named, state: 'being sent' };
  await askOfRun(client, gone, () =>
    client.workflowService.resetActivity({
      ...{ namespace: client.options.namespace, identity: client.options.identity },
      ...{ execution: { workflowId: run }, id: activityId ?? '' },
    }),
  );
  return { ...named, state: 'tried now' };
}

/** Returns whether it waits for its time, or because somebody has paused it; else it is on its way. */
function isWaiting({ paused, nextAttemptScheduleTime: next }: Pending): boolean {
  return paused === true || Number(next?.seconds ?? 0) * 1_000 > Date.now();
}
