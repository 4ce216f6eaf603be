import type { CommentEvent } from './comment-event.js';
import type { EventBase } from './event-base.js';
import type { MergeGroupEvent } from './merge-group-event.js';
import type { PullRequestEvent, ReviewEvent } from './pull-request-event.js';
import type { BranchDeletedEvent, PushEvent, TagDeletedEvent, TagEvent } from './ref-events.js';
import type { DeploymentEvent, ReleaseEvent, StatusEvent } from './release-events.js';
import type { RunOutcome } from './run-outcome.js';

export { COMMENT_ACTIONS, COMMENT_SUBJECTS, type Command, type Comment, type CommentEvent } from './comment-event.js';
export type { Commit, EditedEvent, Repository, Sender, SupersededEvent } from './event-base.js';
export { MERGE_GROUP_ACTIONS, MERGE_GROUP_REASONS, type MergeGroupEvent } from './merge-group-event.js';
export {
  PULL_REQUEST_ACTIONS,
  type PullRequest,
  type PullRequestAction,
  type PullRequestEvent,
  REVIEW_ACTIONS,
  type ReviewEvent,
  type Stack,
} from './pull-request-event.js';
export type { BranchDeletedEvent, PushEvent, TagDeletedEvent, TagEvent } from './ref-events.js';
export {
  DEPLOYMENT_ACTIONS,
  type DeploymentEvent,
  RELEASE_ACTIONS,
  type ReleaseEvent,
  STATUS_STATES,
  type StatusEvent,
} from './release-events.js';
export { RUN_OUTCOMES, type RunOutcome } from './run-outcome.js';

/**
 * What a delivery says, in our words. Every provider's payload is normalised into one of these; nothing past the
 * receiver knows a provider's own field names. Stored with deliveries and in histories, so its fields keep their names.
 *
 * Ids that key anything are strings: providers send 64-bit integers, and JavaScript numbers lose their last digits.
 */
export type HookyardEvent = RepositoryEvent | GenericEvent | InternalEvent;

/** Something that happened in a repository. */
export type RepositoryEvent =
  | PushEvent
  | TagEvent
  | BranchDeletedEvent
  | TagDeletedEvent
  | PullRequestEvent
  | MergeGroupEvent
  | CommentEvent
  | ReviewEvent
  | ReleaseEvent
  | DeploymentEvent
  | StatusEvent;

/** Something that no delivery says: a time has come, a person asked, another automation has ended. */
export type InternalEvent = ScheduleEvent | ManualEvent | ChainedEvent;

/** The kinds of events. */
export type EventKind = HookyardEvent['kind'];

/** The event of one kind, for example `EventOf<'push'>`. */
export type EventOf<K extends EventKind> = Extract<HookyardEvent, { kind: K }>;

/** A webhook of a service that is not a Git provider: a payment, an order, a message. */
export interface GenericEvent extends EventBase {
  readonly kind: 'generic';
  /** The sender's name for what happened: `payment_intent.succeeded`. */
  readonly type: string;
  /** The sender's id of it, where it has one. */
  readonly id?: string;
  /** The payload. Absent when it is larger than 64 kB or nested deeper than 500; the stored body has it. */
  readonly data?: unknown;
}

/** Returns the event that a chain of runs began with; any other is its own. */
export function rootOf(event: HookyardEvent): Exclude<HookyardEvent, ChainedEvent> {
  return event.kind === 'chained' ? event.event : event;
}

/** A time of a `cron` trigger has come. */
export interface ScheduleEvent extends EventBase {
  readonly kind: 'schedule';
  /** The trigger's expression. */
  readonly cron: string;
  /** When it was due, ISO 8601, UTC. The run itself may begin later. */
  readonly scheduledAt: string;
}

/** A person, or a program with the API token, asked for a run. */
export interface ManualEvent<I = Readonly<Record<string, InputValue | undefined>>> extends EventBase {
  readonly kind: 'manual';
  /** As the trigger declares them: checked, with defaults filled in. */
  readonly inputs: I;
}

/** A value that a run by hand is given. */
export type InputValue = string | number | boolean;

/** A run of another automation has ended. */
export interface ChainedEvent extends EventBase {
  readonly kind: 'chained';
  /** The automation that ended. */
  readonly automation: string;
  readonly outcome: RunOutcome;
  /** Its workflow id. */
  readonly run: string;
  /** How many runs precede this one in the chain. */
  readonly depth: number;
  /** The event that started the first of them. */
  readonly event: Exclude<HookyardEvent, ChainedEvent>;
}
