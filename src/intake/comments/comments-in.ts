import type { CommentEvent, HookyardEvent } from '../../events/event.js';
import { commandsIn } from './commands-in.js';

/**
 * Returns the comment that the text of a new review is, if it gives commands. Providers report it as a review alone; one
 * without commands is left as that.
 */
export function commentsIn(event: HookyardEvent): CommentEvent[] {
  if (event.kind !== 'review' || event.action === 'dismissed' || !event.body) return [];
  if (commandsIn(event.body).length === 0) return [];
  const { source, provider, deliveryId, receivedAt, repository, sender, number, title, url, open, commit } = event;
  const comment = { id: deliveryId, in: 'review', body: event.body, author: event.reviewer, url } as const;
  return [
    {
      ...{ source, provider, deliveryId, receivedAt, repository, sender },
      ...{ kind: 'comment', action: 'created', on: 'pull_request', comment, number, title },
      ...(open !== undefined && { open }),
      ...(commit && { commit }),
    },
  ];
}
