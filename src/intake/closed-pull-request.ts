import type { HookyardEvent, PullRequestAction } from '../events/event.js';

/** Actions that bring something new to build, where the pull request is open. */
const OF_OPEN_ONES: readonly PullRequestAction[] = ['synchronize', 'ready_for_review'];

/**
 * Returns an event about a pull request that is closed as an edit of it, where it would be new code or another base of an open
 * one: nothing is to be merged any more.
 */
export function asOfClosed(event: HookyardEvent): HookyardEvent {
  if (event.kind !== 'pull_request' || event.pullRequest.state !== 'closed') return event;
  const { baseChanged, ...rest } = event;
  if (OF_OPEN_ONES.includes(rest.action)) return { ...rest, action: 'edited' };
  return baseChanged === undefined ? event : rest;
}
