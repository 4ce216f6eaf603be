import { branchOf, pullRequestOf, repositoryOf } from '../../events/accessors.js';
import type { HookyardEvent } from '../../events/event.js';

/** Says in a few words what a delivery's events are about: repository, and branch, tag or pull request. Not harmless yet. */
export function subjectOf(events: readonly HookyardEvent[]): string {
  const places = [...new Set(events.map(placeOf).filter((place) => place !== ''))];
  const [first = ''] = places;
  return places.length > 1 ? `${first} and ${places.length - 1} more` : first;
}

function placeOf(event: HookyardEvent): string {
  const repository = repositoryOf(event)?.fullName;
  const number = pullRequestOf(event);
  const ref = branchOf(event) ?? tagOf(event);
  return [repository, number === undefined ? undefined : `#${number}`, ref].filter(Boolean).join(' ');
}

function tagOf(event: HookyardEvent): string | undefined {
  if (event.kind === 'chained') return tagOf(event.event);
  return 'tag' in event ? event.tag : undefined;
}
