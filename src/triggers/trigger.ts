import type { EventOf, ManualEvent } from '../events/event.js';
import type { InputsOf } from './inputs.js';
import type { BranchDeletedTrigger } from './kinds/branch-deleted.js';
import type { CommentTrigger } from './kinds/comment.js';
import type { CompletedTrigger } from './kinds/completed.js';
import type { CronTrigger } from './kinds/cron.js';
import type { DeploymentTrigger } from './kinds/deployment.js';
import type { GenericTrigger } from './kinds/generic.js';
import type { ManualTrigger } from './kinds/manual.js';
import type { MergeGroupTrigger } from './kinds/merge-group.js';
import type { PullRequestTrigger } from './kinds/pull-request.js';
import type { PushTrigger } from './kinds/push.js';
import type { ReleaseTrigger } from './kinds/release.js';
import type { ReviewTrigger } from './kinds/review.js';
import type { StatusTrigger } from './kinds/status.js';
import type { TagTrigger } from './kinds/tag.js';

/**
 * What starts an automation, as plain data: the receiver matches and explains it without running the author's code.
 *
 * Pattern lists are globs (picomatch: `*` stays within a `/`-separated part of branches, tags, paths and repositories, and
 * crosses `/` in free text; `**` crosses them), case-sensitive and
 * anchored at both ends. They are read in order and the last match wins; `!` in front takes away; a list of nothing
 * but `!` patterns starts from everything.
 *
 * Each kind has a file in `kinds/` with its options and their checks; what they filter is in `filter-event.ts`.
 */
export type Trigger = DeliveryTrigger | BranchDeletedTrigger | InternalTrigger;

/** Triggers that a delivery may fire. */
export type DeliveryTrigger =
  | PushTrigger
  | TagTrigger
  | PullRequestTrigger
  | MergeGroupTrigger
  | CommentTrigger
  | ReviewTrigger
  | ReleaseTrigger
  | DeploymentTrigger
  | StatusTrigger
  | GenericTrigger;

/** Triggers that no delivery fires. */
export type InternalTrigger = CronTrigger | ManualTrigger | CompletedTrigger;

/** The event that a trigger's automation receives. */
export type TriggeredEvent<T extends Trigger> =
  T extends ManualTrigger<infer I> ? ManualEvent<InputsOf<I>> : EventOf<T['kind']>;
