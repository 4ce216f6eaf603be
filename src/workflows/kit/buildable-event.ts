import type {
  ChainedEvent,
  CommentEvent,
  DeploymentEvent,
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
import type { BranchHead, TagHead } from '../../events/found-head.js';

export type { BranchHead, TagHead };

/** What has a commit to check out: an event that brings one, or a branch or a tag that was looked up. */
export type BuildableEvent = PushEvent | TagEvent | PullRequestEvent | MergeGroupEvent | BranchHead | TagHead;

/** An event that leads to a commit, which has to be asked for: see `headOf`. */
export type LeadingEvent = CommentEvent | ReviewEvent | ReleaseEvent | DeploymentEvent | StatusEvent | ChainedEvent;

/** An event that is about no repository: `headOf` has to be told which commit is meant. */
export type PlacelessEvent = ScheduleEvent | ManualEvent<unknown> | GenericEvent;
