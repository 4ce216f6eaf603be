import type { HookyardEvent } from '../events/event.js';
import type { DeliveryRecord, Inbox, NewDelivery } from '../store/store.js';

const PER_PAGE = 200;
/** What lies further back than 5,000 deliveries is not looked for: there the repeat stays one. */
const MAX_PAGES = 25;

/**
 * Returns when (Unix ms) another delivery last told of a move of a ref that `delivery` is about, if that was after `first`,
 * which has the same body. A branch that went back and forth makes the same body twice, and both are true.
 */
export async function lastLeft(
  delivery: Pick<NewDelivery, 'source' | 'bodyHash' | 'events'>,
  { first, inbox }: { first: DeliveryRecord; inbox: Pick<Inbox, 'list'> },
): Promise<number | undefined> {
  const moves = new Set(delivery.events.flatMap(movesOf));
  if (moves.size === 0) return undefined;
  const own = new Set(first.events.map(headOf));
  let before: number | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await inbox.list({
      source: delivery.source,
      limit: PER_PAGE,
      ...(before !== undefined && { before }),
    });
    for (const other of page) {
      if (other.id === first.id || other.receivedAt < first.receivedAt) return undefined;
      const isElsewhere = other.events.some(
        (event) => movesOf(event).some((move) => moves.has(move)) && !own.has(headOf(event)),
      );
      if (isElsewhere) return other.receivedAt;
    }
    const end = page.at(-1);
    if (!end || page.length < PER_PAGE) return undefined;
    // Several may have come within one millisecond: some are read twice.
    before = end.receivedAt + 1;
  }
  return undefined;
}

/** Returns the ref that an event moved, with its repository; none for other events. */
function movesOf(event: HookyardEvent): string[] {
  switch (event.kind) {
    case 'push':
    case 'tag':
    case 'branch_deleted':
    case 'tag_deleted':
      return [`${event.repository.id} ${event.ref}`];
    default:
      return [];
  }
}

/** Returns where an event left its ref: at a commit, or nowhere. */
function headOf(event: HookyardEvent): string {
  const head = 'commit' in event ? event.commit?.sha : undefined;
  return `${movesOf(event).join()} ${head ?? ''}`;
}
