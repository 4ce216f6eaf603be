import { z } from 'zod';
import type { Store } from '../../../store/store.js';
import { HttpError } from '../../http/http-error.js';
import { isDelivered } from './list.js';

/** Which message is meant. */
export const messageBody = z.strictObject({
  message: z.string().min(1).max(2_000).describe('its id: webhook-id'),
  endpoint: z.string().min(1).max(500).exactOptional().describe('needed where one of this id was sent to several'),
});

/** A message that its endpoint has not taken. */
export interface NamedMessage {
  readonly message: string;
  readonly endpoint: string;
  /** Workflow id of the run that has sent it last. */
  readonly run: string;
}

const MAX_ATTEMPTS = 100;

/**
 * Returns the message that a body names; undefined if none of this name was sent. Throws {@link HttpError}: 400, and 409 where several are
 * meant, where its endpoint has taken it, and where it is not known who has sent it.
 */
export async function namedMessage(
  attempts: Pick<Store['attempts'], 'list'>,
  body: unknown,
): Promise<NamedMessage | undefined> {
  const asked = messageBody.safeParse(body);
  if (!asked.success)
    throw new HttpError(400, 'send { "message": "…" } as JSON, and an "endpoint" if it went to several');
  const { message, endpoint } = asked.data;
  const filter = { messageId: message, ...(endpoint !== undefined && { endpoint }) };
  const tries = await attempts.list({ ...filter, limit: MAX_ATTEMPTS });
  const [last] = tries;
  if (!last) return undefined;
  if (new Set(tries.map((one) => one.endpoint)).size > 1)
    throw new HttpError(409, 'messages of this id were sent to several endpoints: name one');
  if (tries.some(isDelivered))
    throw new HttpError(409, `endpoint ${last.endpoint} has taken it: nothing is sent again`);
  const { run } = last;
  if (run === undefined) throw new HttpError(409, 'a version before has sent it, and did not keep which run that was');
  return { message, endpoint: last.endpoint, run };
}
