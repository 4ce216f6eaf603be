/**
 * What a delivery says, in our words. Every provider's payload is normalised into one of these; nothing past the
 * receiver knows a provider's own field names.
 *
 * Ids that key anything are strings: providers send 64-bit integers, and JavaScript numbers lose their last digits.
 */
export type HookyardEvent = RepositoryEvent | GenericEvent | InternalEvent;

/** Something that happened in a repository. */
export type RepositoryEvent =
  | PushEvent
  | TagEvent
  | BranchDeletedEvent
  | TagDeletedEvent
  | PullRequestEvent
  | CommentEvent
  | ReviewEvent
  | ReleaseEvent
  | DeploymentEvent
  | StatusEvent;

/** Something that no delivery says: time has come, a person asked, another automation has ended. */
export type InternalEvent = ScheduleEvent | ManualEvent | ChainedEvent;

export type EventKind = HookyardEvent['kind'];

/** The narrower event of a kind, for example `EventOf<'push'>`. */
export type EventOf<K extends EventKind> = Extract<HookyardEvent, { kind: K }>;

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
  /** The provider's id of the account as a string, where the payload says it. */
  readonly id?: string;
  readonly bot: boolean;
  /** The account of the source's own API credentials: what it does starts nothing unless a trigger says so. */
  readonly own?: true;
}

export interface Commit {
  /**
   * Full object name: 40 or 64 lower-case hexadecimal digits. A pull request of Bitbucket Cloud names only the first
   * 12, which are completed before a run begins where the source has API credentials.
   */
  readonly sha: string;
  readonly message?: string;
  readonly author?: string;
  readonly url?: string;
}

interface Origin {
  /** Name of the configured source that the delivery came from; `schedule` or `manual` where none did. */
  readonly source: string;
  /** The kind of its source, `github` for example; `hookyard` where none did. */
  readonly provider: string;
  /** Our id of the delivery; `hookyard explain <id>` tells its story. */
  readonly deliveryId: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
}

interface EventBase extends Origin {
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
  /** Absent where the payload does not say: GitLab names who acted, and the author only when it is opened. */
  readonly author?: string;
  readonly state: 'open' | 'closed';
  readonly draft: boolean;
  /** The head lives in another repository: its code comes from a stranger. */
  readonly fork: boolean;
  readonly merged: boolean;
  readonly labels: readonly string[];
  readonly base: { readonly ref: string; readonly sha?: string };
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

/** Somebody wrote, changed or deleted a comment on a pull request, an issue or a commit. */
export interface CommentEvent extends EventBase {
  readonly kind: 'comment';
  readonly action: 'created' | 'edited' | 'deleted';
  readonly on: 'pull_request' | 'issue' | 'commit';
  readonly comment: Comment;
  /** The pull request's or the number. */
  readonly number?: number;
  readonly title?: string;
  /** Whether the pull request or the issue is open. */
  readonly open?: boolean;
  /** The commands in it, `/deploy staging` for example; see {@link commandsIn}. Only of a new one on a pull request. */
  readonly commands?: readonly Command[];
  /** Of a commented commit, or the head of a commented pull request where the payload says it. */
  readonly commit?: Commit;
}

/** A line of a comment that asks for something. */
export interface Command {
  /** Without the slash. */
  readonly name: string;
  /** What stands behind it, by blanks. */
  readonly args: readonly string[];
}

export interface Comment {
  readonly id: string;
  /** Cut at 10,000 characters. */
  readonly body: string;
  readonly author: string;
  readonly url?: string;
  /** ISO 8601, UTC. */
  readonly createdAt?: string;
}

/** Somebody reviewed a pull request. */
export interface ReviewEvent extends EventBase {
  readonly kind: 'review';
  readonly action: 'approved' | 'changes_requested' | 'commented' | 'dismissed';
  readonly number: number;
  readonly title: string;
  readonly url: string;
  readonly reviewer: string;
  readonly body?: string;
  readonly commit?: Commit;
}

/** A release was made or changed. */
export interface ReleaseEvent extends EventBase {
  readonly kind: 'release';
  readonly action: 'published' | 'edited' | 'deleted';
  readonly tag: string;
  readonly name?: string;
  readonly url?: string;
  readonly draft: boolean;
  readonly prerelease: boolean;
}

/** Something is to be deployed, or has been. */
export interface DeploymentEvent extends EventBase {
  readonly kind: 'deployment';
  /** `created` asks for one; the others say how one went. */
  readonly action: 'created' | 'pending' | 'running' | 'success' | 'failure';
  readonly id: string;
  readonly environment: string;
  readonly ref?: string;
  readonly commit?: Commit;
  readonly url?: string;
}

/** A check, a pipeline or a workflow run elsewhere has ended or changed its state. */
export interface StatusEvent extends EventBase {
  readonly kind: 'status';
  readonly state: 'pending' | 'success' | 'failure' | 'cancelled' | 'skipped';
  /** The check's, pipeline's or status context's name. */
  readonly name: string;
  readonly branch?: string;
  readonly commit: Commit;
  readonly url?: string;
}

/** A webhook of a service that is no Git provider: a payment, an order, a message. */
export interface GenericEvent extends Origin {
  readonly kind: 'generic';
  /** The sender's name for what happened: `payment_intent.succeeded`. */
  readonly type: string;
  /** The sender's id of it, where it has one. */
  readonly id?: string;
  /** The payload. Absent when it is larger than 64 kB or nested deeper than 500; the stored body has it. */
  readonly data?: unknown;
}

/** A time of a `cron` trigger has come. */
export interface ScheduleEvent extends Origin {
  readonly kind: 'schedule';
  /** The trigger's expression. */
  readonly cron: string;
  /** The time that it was due, ISO 8601, UTC. The run itself may begin later. */
  readonly scheduledAt: string;
}

/** A person, or a program with the API token, asked for a run. */
export interface ManualEvent<I = Readonly<Record<string, InputValue | undefined>>> extends Origin {
  readonly kind: 'manual';
  /** As the trigger declares them: checked, with defaults filled in. */
  readonly inputs: I;
}

export type InputValue = string | number | boolean;

/** A run of another automation has ended. */
export interface ChainedEvent extends Origin {
  readonly kind: 'chained';
  /** The automation that ended. */
  readonly automation: string;
  readonly outcome: RunOutcome;
  /** Its workflow id. */
  readonly run: string;
  /** How many runs stand before this one in the chain. */
  readonly depth: number;
  /** What the first of them was started by. */
  readonly event: Exclude<HookyardEvent, ChainedEvent>;
}

/** What a run comes to. `failed`: a build of it did not pass. `error`: it could not do what it was to do. */
export const RUN_OUTCOMES = ['passed', 'failed', 'error', 'cancelled', 'skipped'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

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
