import { createHash, randomUUID } from 'node:crypto';
import type { Config } from '../config/config.js';
import { senderKey } from '../events/synthesised-key.js';
import type { KnownSource } from '../providers/known-sources.js';
import type { RepeatWindow, SourceHeaders } from '../providers/webhook-scheme.js';
import type { NewDelivery } from '../store/store.js';
import { deliveryId } from './delivery-id.js';
import { keptHeaders } from './kept-headers.js';

/** A window that has not begun yet (Unix ms): no body counts as a repeat. */
export const NO_WINDOW = Number.MAX_SAFE_INTEGER;

/** Who a delivery comes from: a configured source, and the headers of the request. */
export interface Sender extends KnownSource {
  readonly name: string;
  readonly headers: SourceHeaders;
}

/**
 * A delivery as it will be stored, without what is decided about it. It does not hold the parsed payload: that may be
 * a hundred objects, and a delivery lives until the disk is synced.
 */
export type Delivery = Omit<NewDelivery, 'events' | 'ignored' | 'verdicts'>;

/** A verified request. */
export interface Verified {
  readonly body: Buffer;
  readonly payload: unknown;
  /** Unix ms. */
  readonly receivedAt: number;
}

/** Names a verified request: its key, its event, its hash, our id. Throws {@link MalformedPayload}. */
export function readDelivery(
  { name, scheme, headers }: Sender,
  { body, payload, receivedAt }: Verified,
  { repeatedBodyHours }: Pick<Config['inbox'], 'repeatedBodyHours'>,
): Delivery {
  const parsed = { headers, body, payload };
  const eventName = scheme.eventName(parsed);
  const given = scheme.deliveryKey(parsed);
  const key = given === undefined ? `request-${randomUUID()}` : senderKey(given);
  return {
    id: deliveryId(name, key),
    source: name,
    key,
    bodyHash: createHash('sha256').update(`${eventName}\0`).update(body).digest('hex'),
    repeatedSince: startOfWindow(scheme.repeatedBody?.(parsed), { repeatedBodyHours, receivedAt }),
    eventName,
    receivedAt,
    headers: keptHeaders(headers, scheme.credentialHeaders),
    body,
  };
}

/**
 * Names a verified request that can't be read: whatever was verified is kept. Neither its key nor its body makes another
 * delivery a repeat, since nobody knows what it says. `listed`: the key by which the provider lists it, where it was
 * fetched from there, so that it is not fetched again.
 */
export function unreadableDelivery(
  { name, scheme, headers }: Sender,
  { body, receivedAt, listed }: Omit<Verified, 'payload'> & { readonly listed?: string | undefined },
): Delivery {
  const key = listed === undefined ? `unreadable-${randomUUID()}` : senderKey(listed);
  const id = deliveryId(name, key);
  return {
    id,
    source: name,
    key,
    bodyHash: createHash('sha256').update(id).digest('hex'),
    repeatedSince: NO_WINDOW,
    eventName: 'unreadable',
    receivedAt,
    headers: keptHeaders(headers, scheme.credentialHeaders),
    body,
  };
}

/** Returns a delivery that Hookyard makes itself. It repeats another only by its key, never by its body. */
export function ownDelivery(
  { source, key, eventName }: Pick<Delivery, 'source' | 'key' | 'eventName'>,
  content: unknown,
): Delivery {
  const id = deliveryId(source, key);
  return {
    id,
    source,
    key,
    bodyHash: createHash('sha256').update(id).digest('hex'),
    repeatedSince: NO_WINDOW,
    eventName,
    receivedAt: Date.now(),
    headers: {},
    body: Buffer.from(JSON.stringify(content)),
  };
}

/** Returns since when (Unix ms) the same body makes a delivery a repeat. */
function startOfWindow(
  window: RepeatWindow | undefined,
  { repeatedBodyHours, receivedAt }: { repeatedBodyHours: number; receivedAt: number },
): number {
  const ms = window === 'inbox' ? repeatedBodyHours * 3_600_000 : window;
  return ms ? Math.floor(receivedAt - ms) : NO_WINDOW;
}
