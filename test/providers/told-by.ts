import type { DeploymentEvent, StatusEvent } from '../../src/events/event.js';
import { schemeOf } from '../../src/providers/known-sources.js';
import type { Source } from '../../src/providers/source.js';
import { eventsOf } from '../../src/providers/webhook-scheme.js';
import { context } from './properties-seeds.js';
import { sourceOf } from './senders.js';

/**
 * Returns what a provider's status or deployment tells, without what each of its payloads tells: where it comes from, its
 * repository and its sender. Throws `MalformedPayload`.
 */
export function toldBy(kind: Source['kind'], name: string, body: unknown): object {
  const answer = schemeOf(sourceOf(kind)).normalise(body, name, context);
  if ('ignored' in answer) return answer;
  const [event] = eventsOf(answer) as readonly (StatusEvent | DeploymentEvent)[];
  if (!event) throw new Error(`${name} became no event`);
  const { source, provider, deliveryId, receivedAt, repository, sender, ...told } = event;
  return told;
}
