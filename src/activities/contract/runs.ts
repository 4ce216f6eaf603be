import type { PullRequestRef } from './pull-requests.js';

/** Activities about runs: who waits for approval, who runs on a commit, what was delivered. */
export interface RunActivities {
  openApproval(input: OpenApprovalInput): Promise<OpenedApproval>;
  noteApproval(input: OpenApprovalInput & { readonly by: string }): Promise<void>;
  closeApprovals(input: CloseApprovalsInput): Promise<{ readonly withdrawn: number }>;
  approveRuns(input: ApproveInput): Promise<ApproveResult>;
  findRuns(input: FindRunsInput): Promise<{ readonly runs: readonly FoundRun[] }>;
  endMergeGroup(input: EndMergeGroupInput): Promise<{ readonly ended: number }>;
  cancelRuns(input: AskedRunsInput): Promise<{ readonly cancelled: readonly string[] }>;
  moveAhead(input: AskedRunsInput): Promise<{ readonly moved: readonly string[] }>;
  cancelClosed(input: CancelClosedInput): Promise<CancelledByClosing>;
  readBody(input: ReadBodyInput): Promise<{ readonly value?: unknown }>;
}

/** Somebody has read a stranger's code and approved it. */
export interface Approval {
  readonly sha: string;
  readonly by: string;
}

/** Somebody has read a stranger's code and does not want it run. */
export interface Rejection extends Approval {
  readonly why?: string | undefined;
}

/** Another run of the same pull request waits for approval: with a newer commit, or a newer run with the same. */
export interface Superseded {
  readonly sha: string;
}

/** A run that begins to wait for an approval. */
export interface OpenApprovalInput extends PullRequestRef {
  /** The provider's id of the repository: renaming does not change it. */
  readonly repositoryId: string;
  readonly automation: string;
  readonly sha: string;
  /** ISO 8601, UTC: orders the commits of one pull request. */
  readonly since: string;
  /** When the run began, ISO 8601: of two that wait with one commit, the newer does. */
  readonly startedAt?: string;
  /** The run has begun, and takes nobody's place: it waits for an event that is to be approved. */
  readonly begun?: true;
}

/** What is known when a run begins to wait. */
export interface OpenedApproval {
  /** Who has approved the commit already. */
  readonly by?: string;
  /** The commit that another run waits with, in this one's place. */
  readonly superseded?: string;
  /** The pull request was closed meanwhile. */
  readonly closed?: true;
}

/** A pull request that was closed. */
export interface CloseApprovalsInput extends PullRequestRef {
  readonly repositoryId: string;
  /** ISO 8601, UTC: what waits since later belongs to a pull request that was opened again. */
  readonly closedAt: string;
}

/** An approval that somebody gives. */
export interface ApproveInput extends PullRequestRef {
  readonly repositoryId: string;
  /** Default: all automations that wait. */
  readonly automation?: string | undefined;
  /** The beginning of the commit's name. Default: the head, if it was there long enough to be read. */
  readonly sha?: string | undefined;
  /**
   * The commit that its author has looked at, or the beginning of its name, where the provider tells that and not when the
   * approval was written.
   */
  readonly seen?: string | undefined;
  /** When the approval was written, ISO 8601: its author has not seen what came later. */
  readonly writtenAt: string;
  readonly by: string;
  /** It is a rejection. */
  readonly rejects?: true;
  /** Why, of a rejection. */
  readonly why?: string;
}

/** What an approval has come to. */
export interface ApproveResult {
  /** `too new`: the author of the approval may not have seen this commit. */
  readonly answer: 'approved' | 'too new' | 'none';
  readonly sha?: string;
}

/** The pull request whose runs are looked for. */
export interface FindRunsInput extends PullRequestRef {
  /** The provider's id of the repository: renaming does not change it. Versions before told it of approvals alone. */
  readonly repositoryId?: string;
  readonly automation?: string | undefined;
  /** Default: all commits. */
  readonly sha?: string | undefined;
}

/** The pull request whose open runs are meant, and those that wait in lanes to begin. */
export interface AskedRunsInput extends FindRunsInput {
  /** Who asks for it. Versions before did not say. */
  readonly by?: string;
}

/** A pull request that was closed, or a branch that was deleted: nobody needs its runs any more. */
export interface CancelClosedInput {
  readonly source: string;
  readonly repository: string;
  /** The provider's id of the repository: renaming does not change it. */
  readonly repositoryId: string;
  /** `before`: the last head of a branch. Versions before did not say. */
  readonly what: { readonly pullRequest: number } | { readonly branch: string; readonly before?: string };
  /** The delivery that told of it: what that has started itself is meant to run. */
  readonly deliveryId: string;
  /** ISO 8601, UTC: what is newer belongs to a pull request that was opened again, or a branch that was made again. */
  readonly closedAt: string;
  /** When it was received, ISO 8601, UTC. */
  readonly receivedAt: string;
  /** Names of the automations that let their runs be cancelled so. */
  readonly automations: readonly string[];
}

/** What was cancelled because of a closing. */
export interface CancelledByClosing {
  /** Workflow ids. */
  readonly cancelled: readonly string[];
  /** Something that arrived before the closing was not handed to Temporal yet: it may be more of the same. */
  readonly isEarly: boolean;
}

/** A run on a pull request. */
export interface FoundRun {
  readonly automation: string;
  readonly workflowId: string;
  readonly open: boolean;
  /** Only of a run that has ended. */
  readonly passed?: boolean;
  /** Of what a run notes in Temporal, from which runs it goes on: `goesOnFrom`. */
  readonly memo?: Readonly<Record<string, unknown>>;
}

/** A merge group that is no more. */
export interface EndMergeGroupInput {
  readonly source: string;
  readonly repositoryId: string;
  /** `refs/heads/…` */
  readonly ref: string;
  readonly sha: string;
  /** Why its runs are cancelled, in words. */
  readonly because: string;
}

/** The delivery whose body is read. */
export interface ReadBodyInput {
  readonly deliveryId: string;
  /** JSON pointer (RFC 6901); empty for all of it. */
  readonly pointer: string;
}
