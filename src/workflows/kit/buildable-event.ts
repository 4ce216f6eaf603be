import type {
  ChainedEvent,
  CommentEvent,
  DeploymentEvent,
  EditedEvent,
  GenericEvent,
  ManualEvent,
  MergeGroupEvent,
  PullRequestEvent,
  PushEvent,
  ReleaseEvent,
  ReviewEvent,
  ScheduleEvent,
  StatusEvent,
  TagEvent,
} from '../../events/event.js';

/** What has a commit to check out: an event that brings one, or a branch or a tag that was looked up. */
export type BuildableEvent = PushEvent | TagEvent | PullRequestEvent | MergeGroupEvent | BranchHead | TagHead;

/** An event that leads to a commit, which has to be asked for: see `headOf`. */
export type LeadingEvent = CommentEvent | ReviewEvent | ReleaseEvent | DeploymentEvent | StatusEvent | ChainedEvent;

/** An event that is about no repository: `headOf` has to be told which commit is meant. */
export type PlacelessEvent = ScheduleEvent | ManualEvent<unknown> | GenericEvent;

/** A branch as it is now, for automations that no push has started: to be built by `runJob`. */
export interface BranchHead extends LookedUp {
  readonly kind: 'branch_head';
  /** `refs/heads/…` */
  readonly ref: string;
  readonly branch: string;
}

/** A tag as it is now: to be built by `runJob`. */
export interface TagHead extends LookedUp {
  readonly kind: 'tag_head';
  /** `refs/tags/…` */
  readonly ref: string;
  readonly tag: string;
}

/** What was looked up in a repository. */
interface LookedUp {
  /** Name of the configured source. */
  readonly source: string;
  /** `fullName` is `owner/name`. */
  readonly repository: { readonly fullName: string };
  /** `sha` is the full object name. */
  readonly commit: { readonly sha: string; readonly url?: string };
  /** When it was asked for, ISO 8601, UTC: what is pushed later is newer. */
  readonly lookedUpAt?: string;
  /** Somebody has edited the payload of the event that led to it: no provider has told of it. */
  readonly edited?: EditedEvent;
}
