import type { PullRequestEvent, PushEvent, ReleaseEvent, TagEvent } from '../../events/event.js';

/**
 * Puts into the inbox what no request brought, as the receiver would have. Given by whoever starts the worker: how it
 * is done belongs to the intake.
 */
export interface Ingest {
  /** Stores a delivery from the content that the provider kept of it. */
  delivery(delivery: DeliveryToIngest): Promise<IngestResult>;
  /**
   * Stores an event that we synthesised, under a key that follows from its content. Refused for a repository that the
   * source may not speak for.
   */
  event(delivery: { readonly key: string; readonly event: SynthesisedEvent }): Promise<IngestResult>;
}

/** A delivery that is taken in without having been sent. */
export interface DeliveryToIngest {
  readonly source: string;
  /** The key by which the provider lists it. */
  readonly key: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An event without what it gets when it is stored. */
export type SynthesisedEvent =
  | Unstored<PushEvent>
  | Unstored<PullRequestEvent>
  | Unstored<TagEvent>
  | Unstored<ReleaseEvent>;
type Unstored<E> = Omit<E, 'deliveryId' | 'receivedAt'>;

/** What became of a delivery that was taken in. */
export type IngestResult =
  | { readonly outcome: 'stored' | 'known' }
  | { readonly outcome: 'refused'; readonly because: string };
