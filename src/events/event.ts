/**
 * What a delivery says, in our words. Every provider's payload is normalised into one of these; nothing past the
 * receiver knows a provider's own field names.
 *
 * Ids that key anything are strings: providers send 64-bit integers, and JavaScript numbers lose their last digits.
 */
export type HookyardEvent = PushEvent | TagEvent | BranchDeletedEvent | TagDeletedEvent | PullRequestEvent;

export type EventKind = HookyardEvent['kind'];

/** The narrower event of a kind, for example `EventOf<'push'>`. */
export type EventOf<K extends EventKind> = Extract<HookyardEvent, { kind: K }>;

/** Which product speaks; decides how its API is called. */
export type Provider = 'github';

export interface Repository {
  /** The provider's id as a string. Stays the same when the repository is renamed. */
  readonly id: string;
  /** `owner/name`. */
  readonly fullName: string;
  /** The page a person opens. */
  readonly url: string;
  /** Absent when the payload does not say. */
  readonly defaultBranch?: string;
  readonly private: boolean;
}

export interface Sender {
  readonly login: string;
  readonly bot: boolean;
}

export interface Commit {
  /** Full object name: 40 or 64 lower-case hexadecimal digits. */
  readonly sha: string;
  readonly message?: string;
  readonly author?: string;
  readonly url?: string;
}

interface EventBase {
  /** Name of the configured source that the delivery came from. */
  readonly source: string;
  readonly provider: Provider;
  /** Our id of the delivery; `hookyard explain <id>` tells its story. */
  readonly deliveryId: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly repository: Repository;
  readonly sender: Sender;
}

/** Commits arrived on a branch. */
export interface PushEvent extends EventBase {
  readonly kind: 'push';
  /** `refs/heads/…` */
  readonly ref: string;
  readonly branch: string;
  /** The branch's head before; absent when the branch is new. */
  readonly before?: string;
  /** The branch's new head. */
  readonly commit: Commit;
  /** Paths that the push added, changed or removed. Absent when the payload's list is known to be incomplete. */
  readonly changedFiles?: readonly string[];
  readonly created: boolean;
  readonly forced: boolean;
}

/** A tag was created or moved. */
export interface TagEvent extends EventBase {
  readonly kind: 'tag';
  /** `refs/tags/…` */
  readonly ref: string;
  readonly tag: string;
  /** The commit that the tag leads to. */
  readonly commit: Commit;
  readonly created: boolean;
}

export interface BranchDeletedEvent extends EventBase {
  readonly kind: 'branch_deleted';
  readonly ref: string;
  readonly branch: string;
  readonly before?: string;
}

export interface TagDeletedEvent extends EventBase {
  readonly kind: 'tag_deleted';
  readonly ref: string;
  readonly tag: string;
  readonly before?: string;
}

export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly url: string;
  readonly author: string;
  readonly state: 'open' | 'closed';
  readonly draft: boolean;
  /** The head lives in another repository: its code comes from a stranger. */
  readonly fork: boolean;
  readonly merged: boolean;
  readonly labels: readonly string[];
  readonly base: { readonly ref: string; readonly sha: string };
  /** `repository` is absent when the fork was deleted. */
  readonly head: { readonly ref: string; readonly sha: string; readonly repository?: string };
  /** ISO 8601, UTC. Orders two deliveries about the same pull request. */
  readonly updatedAt?: string;
}

/** Something happened to a pull request. */
export interface PullRequestEvent extends EventBase {
  readonly kind: 'pull_request';
  readonly action: PullRequestAction;
  readonly pullRequest: PullRequest;
  /** The head commit. */
  readonly commit: Commit;
  /** Set when the base branch was changed: what is merged into what is new, as if commits had been pushed. */
  readonly baseChanged?: boolean;
}

/** GitHub's names, which the other providers' actions are translated into. */
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
] as const;

export type PullRequestAction = (typeof PULL_REQUEST_ACTIONS)[number];

/** The branch an event is about: the pushed one, or the one a pull request comes from. */
export function branchOf(event: HookyardEvent): string | undefined {
  switch (event.kind) {
    case 'push':
    case 'branch_deleted':
      return event.branch;
    case 'pull_request':
      return event.pullRequest.head.ref;
    case 'tag':
    case 'tag_deleted':
      return undefined;
    default:
      return event satisfies never;
  }
}

/** The commit to check out for an event; a deletion has none. */
export function commitOf(event: HookyardEvent): Commit | undefined {
  return 'commit' in event ? event.commit : undefined;
}

/** One line for people: what happened, where. */
export function describe(event: HookyardEvent): string {
  const where = event.repository.fullName;
  switch (event.kind) {
    case 'push':
      return `push to ${event.branch} of ${where} at ${event.commit.sha.slice(0, 7)}`;
    case 'tag':
      return `tag ${event.tag} of ${where} at ${event.commit.sha.slice(0, 7)}`;
    case 'branch_deleted':
      return `branch ${event.branch} of ${where} deleted`;
    case 'tag_deleted':
      return `tag ${event.tag} of ${where} deleted`;
    case 'pull_request':
      return `pull request #${event.pullRequest.number} of ${where} ${event.action} at ${event.commit.sha.slice(0, 7)}`;
    default:
      return event satisfies never;
  }
}
