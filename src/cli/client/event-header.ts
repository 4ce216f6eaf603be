import type { Facts } from '../../providers/facts.js';
import { PROVIDERS } from '../../providers/index.js';
import type { Source } from '../../providers/source.js';

/** Returns the header in which a source's deliveries name their event, if they do. */
export function eventHeaderOf(source: Source): string | undefined {
  const { eventHeader }: Facts = PROVIDERS[source.kind].facts;
  return eventHeader ?? ('typeHeader' in source ? source.typeHeader?.toLowerCase() : undefined);
}
