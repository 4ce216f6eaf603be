import type { Config } from '../config/config.js';
import { MalformedPayload, type RawDelivery, TooManyValues } from '../providers/webhook-scheme.js';
import { type Delivery, readDelivery, type Sender, unreadableDelivery } from './delivery.js';
import { type Reading, readEvents } from './read-events.js';

/** What a verified body says, as far as the body and its headers alone tell. */
export type Understood =
  /** A settings page checks that somebody answers. */
  | { readonly kind: 'challenge'; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly kind: 'read'; readonly delivery: Delivery; readonly reading: Reading }
  /** Nobody knows what it says. It is kept all the same: some providers disable a hook whose deliveries are refused. */
  | { readonly kind: 'unreadable'; readonly delivery: Delivery; readonly because: string }
  /** Finding out would take too long. */
  | { readonly kind: 'too large'; readonly because: string };

/** A verified request. */
export interface VerifiedRequest {
  readonly raw: RawDelivery;
  /** Unix ms. */
  readonly receivedAt: number;
}

/** How many values a body may hold, where its source does not say. GitHub's largest pushes hold half as many. */
export const MAX_VALUES = 1_000_000;

/** Reads what a verified body says. It takes time that grows with the body, and does not wait for anything. */
export function understand(
  sender: Sender,
  { raw, receivedAt }: VerifiedRequest,
  inbox: Pick<Config['inbox'], 'repeatedBodyHours'>,
): Understood {
  const { scheme } = sender;
  try {
    const payload = scheme.parse(raw);
    const answer = scheme.challenge?.(payload);
    if (answer) return { kind: 'challenge', answer };
    const delivery = readDelivery(sender, { body: raw.body, payload, receivedAt }, inbox);
    return { kind: 'read', delivery, reading: readEvents(payload, sender, delivery) };
  } catch (error) {
    if (error instanceof TooManyValues)
      return {
        kind: 'too large',
        because: `${error.message}; if that is meant, raise sources.${sender.name}.maxValues in Hookyard's configuration`,
      };
    if (!(error instanceof MalformedPayload)) throw error;
    const delivery = unreadableDelivery(sender, { body: raw.body, receivedAt });
    return { kind: 'unreadable', delivery, because: error.message };
  }
}
