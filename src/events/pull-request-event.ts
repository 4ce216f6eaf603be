import type { Commit, RepositoryEventBase } from './event-base.js';

/** Something happened to a pull request. */
export interface PullRequestEvent extends RepositoryEventBase {
  readonly kind: 'pull_request';
  readonly action: PullRequestAction;
  readonly pullRequest: PullRequest;
  /** The head commit. */
  readonly commit: Commit;
  /**
   * Set when the base branch was changed, or the pull request put into a stack: it then counts as new code, as if commits had
   * been pushed.
   */
  readonly baseChanged?: boolean;
}

/** A pull request or merge request. */
export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly url: string;
  /** Absent where the payload does not say: GitLab names who acted, and the author only when it is opened. */
  readonly author?: string;
  readonly state: 'open' | 'closed';
  readonly draft: boolean;
  /** Whether its code may be a stranger's: it is not known to come from a branch of the base repository. */
  readonly fork: boolean;
  readonly merged: boolean;
  readonly labels: readonly string[];
  readonly base: { readonly ref: string; readonly sha?: string };
  /** The stack of pull requests that it is in, each with the one below as its base. Absent where it is in none. */
  readonly stack?: Stack;
  /** `repository` is absent when the fork was deleted. */
  readonly head: { readonly ref: string; readonly sha: string; readonly repository?: string };
  /** ISO 8601, UTC. Orders two deliveries about the same pull request. */
  readonly updatedAt?: string;
}

/** A stack of pull requests, as one of them tells of it. */
export interface Stack {
  /** The branch that the whole stack is to be merged into. */
  readonly base: { readonly ref: string; readonly sha?: string };
  readonly number?: number;
  /** From 1, which is merged first. */
  readonly position?: number;
  /** How many pull requests are in it. */
  readonly size?: number;
}

/** What can happen to a pull request, in GitHub's words, which the other providers' actions are translated into. */
export const PULL_REQUEST_ACTIONS = [
  'opened',
  'synchronize',
  'reopened',
  'ready_for_review',
  'closed',
  'edited',
  'labeled',
  'unlabeled',
  'assigned',
  'unassigned',
  'review_requested',
  'review_request_removed',
  'converted_to_draft',
  'milestoned',
  'demilestoned',
  'locked',
  'unlocked',
  'auto_merge_enabled',
  'auto_merge_disabled',
  'enqueued',
  'dequeued',
  'stacked',
] as const;

/** What happened to a pull request. */
export type PullRequestAction = (typeof PULL_REQUEST_ACTIONS)[number];

/** Somebody reviewed a pull request. */
export interface ReviewEvent extends RepositoryEventBase {
  readonly kind: 'review';
  readonly action: (typeof REVIEW_ACTIONS)[number];
  readonly number: number;
  readonly title: string;
  readonly url: string;
  readonly reviewer: string;
  /** Whether the pull request is open. */
  readonly open?: boolean;
  readonly body?: string;
  readonly commit?: Commit;
}

/** What a reviewer can say. */
export const REVIEW_ACTIONS = ['approved', 'changes_requested', 'commented', 'dismissed'] as const;
