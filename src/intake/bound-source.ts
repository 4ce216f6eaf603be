import { repositoryOf } from '../events/accessors.js';
import type { HookyardEvent } from '../events/event.js';
import type { Source } from '../providers/source.js';
import { surelyIncluded } from '../triggers/glob.js';

/**
 * Returns why a source may not speak for an event's repository, or undefined if it may. One webhook secret may be known
 * in many places, so a source can be bound to the repositories that it was given for.
 */
export function whyNotAllowed(events: readonly HookyardEvent[], source: Source): string | undefined {
  const foreign = events
    .map((event) => repositoryOf(event)?.fullName)
    .find((fullName) => fullName !== undefined && !maySpeakFor(source, fullName));
  return foreign && `the source may not speak for ${foreign}: it is not in its repositories`;
}

/**
 * Returns whether a source may speak for a repository. At every provider, names that differ in nothing but the case of
 * their letters are those of one repository, so patterns may be written in any.
 */
export function maySpeakFor(source: Source, fullName: string): boolean {
  const allowed = 'repositories' in source ? source.repositories : undefined;
  return !allowed || surelyIncluded(inLowerCase(fullName), allowed.map(inLowerCase));
}

/** ASCII alone: no other letter is to count as one of it. What is escaped in a pattern stays. */
function inLowerCase(text: string): string {
  return text.replace(/(?<!\\)[A-Z]/g, (letter) => letter.toLowerCase());
}
