import type { HookyardEvent } from '../../events/event.js';
import { service } from './activities.js';

/** An event as an automation's function gets it. */
export type Delivered<E> = E extends { readonly kind: 'schedule' | 'manual' } ? E : E & Raw;

/** What an event that a delivery brought has besides its data. */
export interface Raw {
  /**
   * Reads the delivery's body as the provider sent it, or the part that a JSON pointer (RFC 6901) names:
   * `/sender/email`. Undefined if there is no such part. Throws if it is larger than 1 MB, or older than the inbox keeps.
   */
  raw(pointer?: string): Promise<unknown>;
}

/** Returns a copy of the event with {@link Raw.raw}, which is not enumerable: the event stays plain data when passed on. */
export function withRaw<E extends HookyardEvent>(event: E): Delivered<E> {
  const raw = async (pointer = '') => (await service.readBody({ deliveryId: event.deliveryId, pointer })).value;
  return Object.defineProperty({ ...event }, 'raw', { value: raw, enumerable: false }) as unknown as Delivered<E>;
}
