import type { Commit, HookyardEvent, InternalEvent, Repository } from './event.js';

/** Questions that any event answers. A chained event answers them by the event that its chain began with. */

/** Returns the branch that an event is about: the pushed one, the head branch of a pull request, or that of a merge group. */
export function branchOf(event: HookyardEvent): string | undefined {
  if (event.kind === 'chained') return branchOf(event.event);
  if (event.kind === 'pull_request') return event.pullRequest.head.ref;
  return 'branch' in event ? event.branch : undefined;
}

/** Returns the commit that an event is about; a deletion has none, and that of an annotated tag may not be known yet. */
export function commitOf(event: HookyardEvent): Commit | undefined {
  if (event.kind === 'chained') return commitOf(event.event);
  if (event.kind === 'tag' && event.unpeeled) return undefined;
  return 'commit' in event ? event.commit : undefined;
}

/** Returns the number of the pull request that an event is about. */
export function pullRequestOf(event: HookyardEvent): number | undefined {
  if (event.kind === 'chained') return pullRequestOf(event.event);
  if (event.kind === 'pull_request') return event.pullRequest.number;
  if (event.kind === 'review') return event.number;
  return event.kind === 'comment' && event.on === 'pull_request' ? event.number : undefined;
}

/** Returns the repository that an event is about; undefined for one that comes from none. */
export function repositoryOf(event: HookyardEvent): Repository | undefined {
  if (event.kind === 'chained') return repositoryOf(event.event);
  return 'repository' in event ? event.repository : undefined;
}

/** Returns whether no delivery says the event: a schedule, a person or another run does. */
export function isInternal(event: HookyardEvent): event is InternalEvent {
  return event.kind === 'schedule' || event.kind === 'manual' || event.kind === 'chained';
}
