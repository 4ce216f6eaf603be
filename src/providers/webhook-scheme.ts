import { isUtf8 } from 'node:buffer';
import type { EventKind, HookyardEvent, RepositoryEvent } from '../events/event.js';

/**
 * What the receiver asks of a provider: one object like this per configured source, made by its kind. Which kind a
 * source has is said by the configuration and never by a header, or else a sender could pick the weakest scheme.
 *
 * The receiver calls the functions in the order in which they stand here, each with what the one before allowed.
 */
export interface WebhookScheme {
  readonly capabilities: WebhookCapabilities;
  /** Lower-case headers that decide something. A request that repeats one of them is refused. */
  readonly singletonHeaders: readonly string[];
  /** Lower-case headers that hold a secret itself, whatever they are called. They are not stored. */
  readonly credentialHeaders?: readonly string[];
  /** The largest body, in bytes, that the provider sends. */
  readonly maxBodyBytes: number;
  /** Whether the headers hold a well-formed signature: without one, the body is not even read. */
  isSigned(headers: SourceHeaders): boolean;
  /**
   * Whether the headers are those of a settings page that asks, unsigned, whether somebody is here. It is answered with
   * 2xx, and nothing else is done: its body is not even read.
   */
  isUnsignedPing?(headers: SourceHeaders): boolean;
  /** Whether one of the source's secrets verifies the raw bytes, now (Unix ms). Nothing is read out of a body before. */
  verify(delivery: RawDelivery, now: number): Promise<boolean>;
  /** The body as a value. Throws {@link MalformedPayload}. */
  parse(delivery: RawDelivery): unknown;
  /** What a verified body asks to be answered with, when it only wants to know that somebody is here. */
  challenge?(payload: unknown): Readonly<Record<string, unknown>> | undefined;
  /** The provider's own name for the event. Throws {@link MalformedPayload}. */
  eventName(delivery: ParsedDelivery): string;
  /** What the delivery is deduplicated on: the same each time it is sent again. Throws {@link MalformedPayload}. */
  deliveryKey(delivery: ParsedDelivery): string;
  /** What the provider repeats for all that comes of one action, whatever comes of that included: tells loops only. */
  correlationId?(headers: SourceHeaders): string | undefined;
  /** Says in our words what happened. Throws {@link MalformedPayload} when the body is not what its name promises. */
  normalise(payload: unknown, eventName: string, context: EventContext): Normalised;
}

/** What there is to say of a source, for people. The README's table is made of it. */
export interface WebhookCapabilities {
  /** Follows "verified by". */
  readonly verifiedBy: string;
  /** Follows "deduplicated on". */
  readonly key: string;
  /** What its deliveries can tell of. */
  readonly events: readonly EventKind[];
}

/** What the Git providers have in common. */
export const GIT_EVENTS = [
  'push',
  'tag',
  'branch_deleted',
  'tag_deleted',
  'pull_request',
  'comment',
  'review',
] as const satisfies readonly EventKind[];

/** Lower-case names, no prototype. */
export type SourceHeaders = Readonly<Record<string, string | undefined>>;

export interface RawDelivery {
  readonly headers: SourceHeaders;
  readonly body: Buffer;
  /** The body as text, where somebody has decoded it already. */
  readonly text?: string | undefined;
}

/** A delivery whose body is decoded when it is first asked for, and once: verifying and parsing both want it as text. */
export function rawDelivery({ headers, body }: Pick<RawDelivery, 'headers' | 'body'>): RawDelivery {
  let text: string | undefined;
  return {
    headers,
    body,
    get text() {
      text ??= isUtf8(body) ? body.toString('utf8') : undefined;
      return text;
    },
  };
}

/** Some providers put the event's name and the key into the headers, some into the body. */
export interface ParsedDelivery extends RawDelivery {
  readonly payload: unknown;
}

/** What an event holds that no payload says. */
export interface EventContext {
  readonly source: string;
  readonly deliveryId: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
}

/** The context with the kind of the source: whose words the payload is in. */
export type ProviderContext = EventContext & { readonly provider: string };

/** What every event of a repository has beside what happened. */
export type EventBase = Pick<RepositoryEvent, keyof ProviderContext | 'repository' | 'sender'>;

/**
 * An event, several of them where one delivery tells of several refs, or the reason why there is nothing to do: words
 * that follow "ignored: ".
 */
export type Normalised =
  | { readonly event: HookyardEvent }
  | { readonly events: readonly [HookyardEvent, ...HookyardEvent[]] }
  | { readonly ignored: string };

/** The events of a delivery that says something. */
export function eventsOf(normalised: Exclude<Normalised, { ignored: string }>): readonly HookyardEvent[] {
  return 'events' in normalised ? normalised.events : [normalised.event];
}

/** The sender's request is signed but is not what its headers say. The message is for the sender: no secret in it. */
export class MalformedPayload extends Error {
  override readonly name = 'MalformedPayload';
}
