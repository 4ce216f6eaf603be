import type { MergeGroupEvent, PullRequestEvent, PushEvent, TagEvent } from '../../events/event.js';

/** What has a commit to check out: an event that brings one, or a branch that was looked up. */
export type BuildableEvent = PushEvent | TagEvent | PullRequestEvent | MergeGroupEvent | BranchHead;

/** A branch as it is now, for automations that no push has started: to be built by `runJob`. */
export interface BranchHead {
  readonly kind: 'branch_head';
  /** Name of the configured source. */
  readonly source: string;
  /** `fullName` is `owner/name`. */
  readonly repository: { readonly fullName: string };
  /** `refs/heads/…` */
  readonly ref: string;
  readonly branch: string;
  /** `sha` is the full object name. */
  readonly commit: { readonly sha: string; readonly url?: string };
  /** When it was asked for, ISO 8601, UTC: what is pushed later is newer. */
  readonly lookedUpAt?: string;
}
