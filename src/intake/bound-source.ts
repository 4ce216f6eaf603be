import { repositoryOf } from '../events/accessors.js';
import type { HookyardEvent } from '../events/event.js';
import type { Source } from '../providers/source.js';
import { surelyIncluded } from '../triggers/glob.js';

/**
 * Returns why a source may not speak for an event's repository, or undefined if it may. One webhook secret may be known
 * in many places, so a source can be bound to the repositories that it was given for.
 */
export function whyNotAllowed(events: readonly HookyardEvent[], source: Source): string | undefined {
  const allowed = 'repositories' in source ? source.repositories : undefined;
  if (!allowed) return undefined;
  const foreign = events
    .map((event) => repositoryOf(event)?.fullName)
    .find((fullName) => fullName !== undefined && !surelyIncluded(fullName, allowed));
  return foreign && `the source may not speak for ${foreign}: it is not in its repositories`;
}
