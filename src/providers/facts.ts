import type { RightUse } from './permission.js';

/**
 * What is fixed about a product, as plain data: whoever needs one of these asks for it by the source's kind and names no
 * product.
 */
export interface Facts {
  /** The lower-case header in which deliveries name their event; absent where the body does, or the configuration says. */
  readonly eventHeader?: string;
}

/** What is fixed about a product that has repositories. */
export interface GitFacts extends Facts {
  readonly clone: {
    /** Where a repository is cloned from, below the source's `url`; `{fullName}`, `{owner}` and `{name}` are filled in. */
    readonly path: string;
    /** The user name that git sends with a token. */
    readonly username: string;
  };
  /** What each part of `owner/name` looks like, where it may hold more than {@link REPOSITORY_PART} allows. */
  readonly repositoryPart?: RegExp;
  /**
   * Names the ref under which a repository keeps the head of its pull request. Absent where there is none: the head is
   * then fetched from the branch, in the repository that it comes from.
   */
  readonly pullRequestRef?: (number: number) => string;
  /** How the names of the branches begin in which its merge queue puts pull requests together. Absent where it has none. */
  readonly queueBranches?: string;
  /**
   * Returns `owner/name` of a repository, by an address that is not `clone.path` below the source's `url`: at a host of the
   * product's for ssh, or at an older one. Undefined for any other. `path`: without slashes around it, and without `.git`.
   */
  readonly alsoAt?: (address: { readonly hostname: string; readonly path: string }, url: string) => string | undefined;
  /** How missed deliveries are found: in the provider's list of them, or by how the repository stands now. */
  readonly missed: 'list' | 'state';
  /** The options below `sources.<name>.api` that may hold credentials. */
  readonly credentials: readonly ['token', ...('app' | 'entra')[]];
  /** `false`: its API does not tell what somebody may do in a repository, so nobody may give commands or approve by a review there. */
  readonly tellsPermissions?: false;
  /** The call by which the provider tests a webhook; absent where its API has none. */
  readonly testCall?: TestCall;
  /**
   * What API credentials must be allowed, for each use. Follows "the credentials need". `annotations` is absent where these take no
   * right of their own.
   */
  readonly rights: Readonly<Record<Exclude<RightUse, 'annotations'>, string>> & { readonly annotations?: string };
  /**
   * What an administrator of the product does so that it sends to a private address, which it refuses by default. Absent
   * where there is no such switch.
   */
  readonly privateReceivers?: string;
  /**
   * What API credentials must be allowed to see and set webhooks. Follows "Webhooks need". Absent where they are set by
   * hand.
   */
  readonly hookRights?: string;
}

/** A provider's test of a webhook. */
export interface TestCall {
  /** The provider's name for the event that it sends. */
  readonly eventName: string;
  /** Whether automations run on it. */
  readonly isRealPush: boolean;
  /** Says for people what the provider sends. */
  readonly says: string;
}

/** What each part of `owner/name` looks like at most providers. */
export const REPOSITORY_PART = /^[\w.][\w.-]*$/;

/** Ends what {@link TestCall.says} says of a test that automations run on. */
export const REAL_PUSH = "is a real push event of the default branch's last commit: automations that match it run";

/** Returns whether a branch is one that a merge queue of the product has made. */
export function isOfQueue({ queueBranches }: Pick<GitFacts, 'queueBranches'>, branch: string): boolean {
  return queueBranches !== undefined && branch.startsWith(queueBranches);
}
