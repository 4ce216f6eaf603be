import type { Commit, RepositoryEventBase } from './event-base.js';

/** A merge queue asks for the checks of what it is about to merge, or needs them no more. */
export interface MergeGroupEvent extends RepositoryEventBase {
  readonly kind: 'merge_group';
  readonly action: (typeof MERGE_GROUP_ACTIONS)[number];
  /** Why the group is `destroyed`, where the provider says it: merged, taken out, or made again since one before it was taken out. */
  readonly reason?: (typeof MERGE_GROUP_REASONS)[number];
  /** `refs/heads/…`: the ref that the queue keeps the group under, for as long as there is one. */
  readonly ref: string;
  /** The branch of that ref: the queue's own, and no other group's. */
  readonly branch: string;
  /** The branch that the group is to be merged into, and its commit that the group begins at. */
  readonly base: { readonly ref: string; readonly sha?: string };
  /** What is going to be merged, and what the statuses of required checks are looked for on. */
  readonly commit: Commit;
}

/** What can happen to a merge group. */
export const MERGE_GROUP_ACTIONS = ['checks_requested', 'destroyed'] as const;

/** Why there is no such merge group any more. */
export const MERGE_GROUP_REASONS = ['merged', 'invalidated', 'dequeued'] as const;
