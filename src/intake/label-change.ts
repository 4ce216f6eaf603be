import type { HookyardEvent, PullRequestEvent } from '../events/event.js';
import { labelAction } from '../providers/label-action.js';
import { newestFirst } from '../store/newest-first.js';
import type { Inbox } from '../store/store.js';

/**
 * Returns an event about a pull request's labels with what was done to them, by those that it had in the delivery before. Where
 * there is none, something was put on, unless no label is left.
 */
export async function withLabelAction(
  event: HookyardEvent,
  { source, inbox }: { source: string; inbox: Pick<Inbox, 'list'> },
): Promise<HookyardEvent> {
  if (event.kind !== 'pull_request') return event;
  const now = event.pullRequest.labels;
  const before = now.length === 0 ? undefined : await labelsBefore(event, { source, inbox });
  return { ...event, action: labelAction(before, now) };
}

async function labelsBefore(
  event: PullRequestEvent,
  { source, inbox }: { source: string; inbox: Pick<Inbox, 'list'> },
): Promise<readonly string[] | undefined> {
  for await (const { events } of newestFirst(inbox, source))
    for (const other of events) if (isOfSame(other, event)) return other.pullRequest.labels;
  return undefined;
}

function isOfSame(other: HookyardEvent, { repository, pullRequest }: PullRequestEvent): other is PullRequestEvent {
  if (other.kind !== 'pull_request') return false;
  return other.repository.id === repository.id && other.pullRequest.number === pullRequest.number;
}
