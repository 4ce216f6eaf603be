import { createHash } from 'node:crypto';
import type { Admitted } from '../server/admit.js';
import { deliveryId } from './delivery-id.js';

/** A verified request, named and parsed. */
export interface Delivery {
  /** Ours. */
  readonly id: string;
  readonly source: string;
  /** The provider's. */
  readonly key: string;
  readonly eventName: string;
  readonly payload: unknown;
  readonly body: Buffer;
  /** SHA-256, hexadecimal, of the event's name and the body. */
  readonly bodyHash: string;
  /** Unix ms. */
  readonly receivedAt: number;
}

/** Names a verified delivery. Throws {@link MalformedPayload}. */
export function readDelivery(
  { name, kind, headers }: Admitted,
  { body, payload, receivedAt }: Pick<Delivery, 'body' | 'payload' | 'receivedAt'>,
): Delivery {
  const eventName = kind.eventName({ headers, body, payload });
  const key = kind.deliveryKey({ headers, body, payload });
  const bodyHash = createHash('sha256').update(`${eventName}\0`).update(body).digest('hex');
  return { id: deliveryId(name, key), source: name, key, eventName, payload, body, bodyHash, receivedAt };
}
