import { isRefusal } from '../../../runs/refusal.js';
import type { OutboundAttempt, Store } from '../../../store/store.js';
import type { OutboundAnswer, ShownMessage } from '../contract.js';

/** Which messages are asked for. */
export interface OutboundQuery {
  readonly endpoint?: string | undefined;
  readonly message?: string | undefined;
  /** Attempts that are looked at. */
  readonly limit: number;
}

/** Returns the messages of the newest attempts, each with those of its attempts that were looked at. */
export async function listOutbound(
  attempts: Pick<Store['attempts'], 'list'>,
  { endpoint, message, limit }: OutboundQuery,
): Promise<OutboundAnswer> {
  const newest = await attempts.list({
    ...(endpoint !== undefined && { endpoint }),
    ...(message !== undefined && { messageId: message }),
    limit,
  });
  // Two endpoints may be sent messages of the same id.
  const messages = new Map<string, OutboundAttempt[]>();
  for (const attempt of newest) {
    const key = JSON.stringify([attempt.endpoint, attempt.messageId]);
    messages.set(key, [...(messages.get(key) ?? []), attempt]);
  }
  return {
    messages: [...messages.values()].map((tries) => shown(tries, message !== undefined)),
    ...(newest.length === limit && { more: true as const }),
  };
}

function shown(tries: readonly OutboundAttempt[], withAnswer: boolean): ShownMessage {
  const [last] = tries as readonly [OutboundAttempt];
  return {
    ...{ message: last.messageId, endpoint: last.endpoint, state: stateOf(last) },
    ...(last.run !== undefined && { run: last.run }),
    attempts: tries.map(({ attempt, at, durationMs, status, error, answer }) => ({
      ...{ attempt, at, durationMs },
      ...(status !== undefined && { status }),
      ...(error !== undefined && { error }),
      ...(withAnswer && answer !== undefined && { answer }),
    })),
  };
}

/** Returns whether the endpoint has taken the message by this attempt. */
export function isDelivered({ status = 0 }: Pick<OutboundAttempt, 'status'>): boolean {
  return status >= 200 && status < 300;
}

function stateOf({ status }: OutboundAttempt): ShownMessage['state'] {
  if (status === undefined) return 'failing';
  if (isDelivered({ status })) return 'delivered';
  return isRefusal(status) ? 'refused' : 'failing';
}
