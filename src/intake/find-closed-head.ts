import type { PullRequestEvent } from '../events/event.js';
import { type Closing, closedAt } from '../providers/webhook-scheme.js';
import { newestFirst } from '../store/newest-first.js';
import type { Inbox } from '../store/store.js';

/**
 * Returns the event of a closing whose payload names no head, with the head that was told last; undefined where none was: no
 * run or wait is about such a pull request.
 */
export async function withKnownHead(
  closing: Closing,
  { source, inbox }: { source: string; inbox: Pick<Inbox, 'list'> },
): Promise<PullRequestEvent | undefined> {
  const { repository } = closing.event;
  // It may have been renamed since, which its id tells.
  for (const called of [{ repository: repository.fullName }, {}])
    for await (const { events } of newestFirst(inbox, source, called))
      for (const other of events)
        if (other.kind === 'pull_request' && isSame(other, closing)) return closedAt(closing, other);
  return undefined;
}

function isSame({ repository, pullRequest }: PullRequestEvent, closing: Closing): boolean {
  return repository.id === closing.event.repository.id && pullRequest.number === closing.pullRequest.number;
}
