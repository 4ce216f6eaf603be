import type { PullRequestEvent, PushEvent } from '../../events/event.js';

/**
 * Puts into the inbox what no request brought, as the receiver would have: named, normalised, judged. Given by whoever
 * puts a worker together, because how that is done is the receiver's business.
 */
export interface Ingest {
  /** What a provider says that a delivery held. */
  delivery(given: TakenDelivery): Promise<Taken>;
  /**
   * An event of our own making, under a key that follows from what it says. Refused for a repository that the source may
   * not speak for.
   */
  event(given: { readonly key: string; readonly event: MadeEvent }): Promise<Taken>;
}

export interface TakenDelivery {
  readonly source: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** When it came, and under which id, follows from its being taken in. */
export type MadeEvent = Made<PushEvent> | Made<PullRequestEvent>;
type Made<E> = Omit<E, 'deliveryId' | 'receivedAt'>;

export type Taken =
  | { readonly outcome: 'stored' | 'known' }
  | { readonly outcome: 'refused'; readonly because: string };
