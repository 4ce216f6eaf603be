import type { HookyardEvent } from '../events/event.js';
import { newestFirst } from '../store/newest-first.js';
import type { DeliveryRecord, Inbox, NewDelivery } from '../store/store.js';

/**
 * Returns when (Unix ms) another delivery last told of a move of a ref that `delivery` is about, if that was after `first`,
 * which has the same body. A branch that went back and forth makes the same body twice, and both are true. What lies
 * further back than 5,000 deliveries is not looked for: there the repeat stays one.
 */
export async function lastLeft(
  delivery: Pick<NewDelivery, 'source' | 'events'>,
  { first, inbox }: { first: Pick<DeliveryRecord, 'id' | 'receivedAt'>; inbox: Pick<Inbox, 'list'> },
): Promise<number | undefined> {
  const own = delivery.events.flatMap(movesOf);
  if (own.length === 0) return undefined;
  for await (const other of newestFirst(inbox, delivery.source)) {
    if (other.id === first.id || other.receivedAt < first.receivedAt) return undefined;
    const isElsewhere = other.events.flatMap(movesOf).some(({ ref, head }) => {
      const here = own.filter((move) => move.ref === ref);
      return here.length > 0 && here.every((move) => move.head !== head);
    });
    if (isElsewhere) return other.receivedAt;
  }
  return undefined;
}

/** Returns which ref an event moved, with its repository, and where to: to a commit, or nowhere. None for other events. */
function movesOf(event: HookyardEvent): { readonly ref: string; readonly head?: string }[] {
  switch (event.kind) {
    case 'push':
    case 'tag':
      return [{ ref: `${event.repository.id} ${event.ref}`, head: event.commit.sha }];
    case 'branch_deleted':
    case 'tag_deleted':
      return [{ ref: `${event.repository.id} ${event.ref}` }];
    default:
      return [];
  }
}
