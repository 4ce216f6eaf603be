import type { Commit, RepositoryEventBase } from './event-base.js';

/** Commits arrived on a branch. */
export interface PushEvent extends RepositoryEventBase {
  readonly kind: 'push';
  /** `refs/heads/…` */
  readonly ref: string;
  readonly branch: string;
  /** When it was pushed, ISO 8601, UTC. Absent where the provider does not say. */
  readonly pushedAt?: string;
  /** The branch's head before; absent when the branch is new. */
  readonly before?: string;
  /** The branch's new head. */
  readonly commit: Commit;
  /** Paths that the push added, changed or removed. Absent unless the payload is known to list them all. */
  readonly changedFiles?: readonly string[];
  readonly created: boolean;
  /** A merge queue made the branch for its checks, and asks for them by an event of its own. */
  readonly mergeQueue?: true;
  /** Whether the push threw commits away. Absent where the provider does not say: it may have, or not. */
  readonly forced?: boolean;
}

/** A tag was created or moved. */
export interface TagEvent extends RepositoryEventBase {
  readonly kind: 'tag';
  /** `refs/tags/…` */
  readonly ref: string;
  readonly tag: string;
  /** When it was pushed, ISO 8601, UTC. Absent where the provider does not say. */
  readonly pushedAt?: string;
  /** The commit that the tag leads to. */
  readonly commit: Commit;
  /**
   * The payload does not tell whether `commit` is the commit or the annotated tag's own object. Git is asked before a run
   * begins, so that only where it can't be does an automation see this.
   */
  readonly unpeeled?: true;
  readonly created: boolean;
}

/** A branch was deleted. */
export interface BranchDeletedEvent extends RepositoryEventBase {
  readonly kind: 'branch_deleted';
  readonly ref: string;
  readonly branch: string;
  readonly before?: string;
}

/** A tag was deleted. */
export interface TagDeletedEvent extends RepositoryEventBase {
  readonly kind: 'tag_deleted';
  readonly ref: string;
  readonly tag: string;
  readonly before?: string;
}
