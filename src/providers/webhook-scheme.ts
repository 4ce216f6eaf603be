import { isUtf8 } from 'node:buffer';
import type { EventKind, HookyardEvent, PullRequest, PullRequestEvent, RepositoryEvent } from '../events/event.js';

/**
 * How the deliveries of one source are verified and read. The configuration says which kind a source has, and never a
 * header, or else a sender could pick the weakest scheme.
 *
 * The receiver calls the functions in the order in which they stand here, each with what the one before allowed.
 */
export interface WebhookScheme {
  readonly capabilities: WebhookCapabilities;
  /** Lower-case names of headers that something depends on. A request that repeats one of them is refused. */
  readonly singletonHeaders: readonly string[];
  /** Lower-case names of headers that hold a secret itself. Their values are not stored. */
  readonly credentialHeaders?: readonly string[];
  /** The largest body, in bytes, that the provider sends. */
  readonly maxBodyBytes: number;
  /** Returns whether the headers hold a well-formed signature. Without one, the body is not even read. */
  isSigned(headers: SourceHeaders): boolean;
  /**
   * Returns whether the headers are those of the connection test of a provider's settings page, which is not signed. It
   * is answered with 2xx and ignored; its body is not even read.
   */
  isUnsignedPing?(headers: SourceHeaders): boolean;
  /**
   * Returns whether one of the source's secrets verifies the headers at `now` (Unix ms); undefined where they are well and
   * the body decides. Absent where it always does. Not a byte of the body is read before.
   */
  verifyHeaders?(headers: SourceHeaders, now: number): boolean | undefined;
  /**
   * Returns whether one of the source's secrets verifies the raw bytes at `now` (Unix ms). Nothing of a body is parsed
   * before. Not needed where {@link verifyHeaders} has returned true.
   */
  verify(delivery: RawDelivery, now: number): Promise<boolean>;
  /** Returns the body as a value. Throws {@link MalformedPayload}, and {@link TooManyValues} before it is parsed. */
  parse(delivery: RawDelivery): unknown;
  /** Returns the answer to a verified body that is only a challenge of a provider's settings page. */
  challenge?(payload: unknown): Readonly<Record<string, unknown>> | undefined;
  /** Returns the provider's own name for the event. Throws {@link MalformedPayload}. */
  eventName(delivery: ParsedDelivery): string;
  /**
   * Returns the key that the delivery is deduplicated on, the same each time it is sent again. Undefined where the
   * sender gives none: then each request is a delivery of its own. Throws {@link MalformedPayload}.
   */
  deliveryKey(delivery: ParsedDelivery): string | undefined;
  /**
   * Returns how long the same body under another key counts as a repeat: milliseconds, or the window of the
   * configuration's `inbox`. Undefined, or absent, where two true events may have the same bytes: a branch that goes
   * back and forth, or a button that is pressed twice. There the key alone decides.
   */
  repeatedBody?(delivery: ParsedDelivery): RepeatWindow | undefined;
  /**
   * Returns the id that the provider gives to all deliveries that follow from one action. Only used to detect loops.
   */
  correlationId?(headers: SourceHeaders): string | undefined;
  /**
   * Returns what happened, in our words. Throws {@link MalformedPayload} when the body does not fit the event's name.
   */
  normalise(payload: unknown, eventName: string, context: EventContext): Normalised;
}

/** How long a body counts as a repeat: milliseconds, or as long as `inbox.repeatedBodyHours` says. */
export type RepeatWindow = number | 'inbox';

/** What a source verifies and can report, for people. The README's table is made from it. */
export interface WebhookCapabilities {
  /** Follows "verified by". */
  readonly verifiedBy: string;
  /** Follows "deduplicated on". */
  readonly key: string;
  /** The kinds of events that its deliveries can become. */
  readonly events: readonly EventKind[];
}

/** The kinds of events that all Git providers report. */
export const GIT_EVENTS = [
  'push',
  'tag',
  'branch_deleted',
  'tag_deleted',
  'pull_request',
  'comment',
  'review',
] as const satisfies readonly EventKind[];

/** Headers by their lower-case names. The object has no prototype. */
export type SourceHeaders = Readonly<Record<string, string | undefined>>;

/** A delivery as it came: nothing of its body is parsed. */
export interface RawDelivery {
  readonly headers: SourceHeaders;
  readonly body: Buffer;
  /** The body as text, where it was decoded already. Undefined when it is not UTF-8. */
  readonly text?: string | undefined;
  /** How many values a body that is parsed may hold. Absent: any number. */
  readonly maxValues?: number | undefined;
}

/** Returns a delivery whose body is decoded once, when its text is first read: verifying and parsing both need it. */
export function rawDelivery({ headers, body, maxValues }: Omit<RawDelivery, 'text'>): RawDelivery {
  let text: string | undefined;
  return {
    headers,
    body,
    maxValues,
    get text() {
      text ??= isUtf8(body) ? body.toString('utf8') : undefined;
      return text;
    },
  };
}

/**
 * A delivery with its parsed body: some providers put the event's name and the key into the headers, some into the
 * body.
 */
export interface ParsedDelivery extends RawDelivery {
  readonly payload: unknown;
}

/** The fields of an event that no payload has. */
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
 * An event, several of them where one delivery is about several refs, or the reason why there is nothing to do, in
 * words that follow "ignored: ".
 *
 * `labelsChanged`: the event is about the labels of a pull request, of which the payload has all and does not say what was
 * done.
 */
export type Normalised =
  | { readonly event: HookyardEvent; readonly telling?: Telling; readonly labelsChanged?: true }
  | { readonly events: readonly [HookyardEvent, ...HookyardEvent[]] }
  | { readonly ignored: string; readonly closing?: Closing };

/**
 * The closing of a pull request of which the payload names no head, since its branch is gone: that is the one that an earlier
 * delivery has told. Without one, nothing of it can be open.
 */
export interface Closing {
  readonly event: EventBase;
  readonly pullRequest: Pick<PullRequest, 'number' | 'merged'> & Partial<Omit<PullRequest, 'head' | 'fork' | 'state'>>;
  readonly telling?: Telling;
}

/** Returns the event of a closing, with the head that an earlier event of the same pull request has. */
export function closedAt({ event, pullRequest }: Closing, earlier: PullRequestEvent): PullRequestEvent {
  const { pullRequest: known } = earlier;
  return {
    ...event,
    kind: 'pull_request',
    action: 'closed',
    pullRequest: { ...known, ...pullRequest, state: 'closed' },
    commit: { sha: known.head.sha },
  };
}

/**
 * Names what happened, where a provider may tell of it through hooks or events of several sorts: a system's hook beside a
 * project's, the creation of a tag beside its push. Alike from all of them, and unlike for what happens another time as far as
 * payloads say.
 */
export type Telling = string;

/** Returns the events of a delivery that was not ignored. */
export function eventsOf(normalised: Exclude<Normalised, { ignored: string }>): readonly HookyardEvent[] {
  return 'events' in normalised ? normalised.events : [normalised.event];
}

/** Thrown when a verified body is not what it claims to be. The message is for the sender and holds no secret. */
export class MalformedPayload extends Error {
  override readonly name = 'MalformedPayload';
}

/** Thrown for a verified body of so many values that reading it would take too long. */
export class TooManyValues extends MalformedPayload {
  constructor(readonly most: number) {
    super(`the body holds more than ${most} values`);
  }
}
