import type { HookyardEvent } from '../events/event.js';
import type { KnownSource } from '../providers/known-sources.js';
import { type Closing, eventsOf, type Telling } from '../providers/webhook-scheme.js';
import { asOfClosed } from './closed-pull-request.js';
import { commentsIn } from './comments/comments-in.js';
import type { Delivery } from './delivery.js';
import { enrichEvent } from './enrich-event.js';

/** What a delivery says in our words, or why its provider's side ignores it. */
export type Reading =
  | { readonly ignored: string; readonly closing?: Closing }
  | {
      readonly events: readonly HookyardEvent[];
      readonly telling?: Telling | undefined;
      readonly labelsChanged?: true | undefined;
    };

/** Normalises a payload and enriches its events. Throws {@link MalformedPayload}. */
export function readEvents(
  payload: unknown,
  { source: settings, scheme }: KnownSource,
  { id, source, eventName, receivedAt }: Pick<Delivery, 'id' | 'source' | 'eventName' | 'receivedAt'>,
): Reading {
  const context = { source, deliveryId: id, receivedAt: new Date(receivedAt).toISOString() };
  const normalised = scheme.normalise(payload, eventName, context);
  if ('ignored' in normalised) return normalised;
  const events: HookyardEvent[] = [];
  for (const event of eventsOf(normalised)) {
    events.push(enrichEvent(asOfClosed(event), settings));
    for (const comment of commentsIn(event)) events.push(enrichEvent(comment, settings));
  }
  if ('events' in normalised) return { events };
  const { event: _, ...about } = normalised;
  return { events, ...about };
}
