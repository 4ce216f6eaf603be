import type { PullRequest, ReleaseEvent, Repository } from '../events/event.js';
import type { Pages } from './pages.js';

/**
 * The state of a repository. Lists that are too long are cut, and marked as incomplete. Those of tags and releases are
 * undefined where this repository, or this version of the provider, has none.
 */
export interface StateApi {
  /** Returns the repository as webhooks describe it. */
  about(): Promise<Repository>;
  branches(): Promise<Pages<BranchState>>;
  /** Returns one branch, for when the list was cut. Undefined when there is none of that name. */
  branch?(name: string): Promise<BranchState | undefined>;
  /** Returns the open pull requests, each with its head. */
  pullRequests?(): Promise<Pages<PullRequest>>;
  /** Returns the tags. */
  tags?(): Promise<Pages<TagState> | undefined>;
  /** Returns the releases that are published. */
  releases?(): Promise<Pages<ReleaseState> | undefined>;
}

/** A tag, and where it leads. */
export interface TagState {
  readonly name: string;
  /** The whole name of the commit that the tag leads to. */
  readonly sha: string;
  /** The name of the annotated tag's own object, where the provider's deliveries have that in the commit's place. */
  readonly object?: string;
}

/** A release. */
export type ReleaseState = Pick<ReleaseEvent, 'tag' | 'name' | 'url' | 'prerelease'>;

/** A branch and its head. */
export interface BranchState {
  readonly name: string;
  /** The whole name of the commit at its head. */
  readonly sha: string;
}
