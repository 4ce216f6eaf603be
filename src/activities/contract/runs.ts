import type { PullRequestRef } from './pull-requests.js';

export interface RunActivities {
  openApproval(input: OpenApprovalInput): Promise<{ readonly by?: string; readonly superseded?: string }>;
  noteApproval(input: OpenApprovalInput & { readonly by: string }): Promise<void>;
  approveRuns(input: ApproveInput): Promise<ApproveResult>;
  findRuns(input: FindRunsInput): Promise<{ readonly runs: readonly FoundRun[] }>;
  cancelRuns(input: FindRunsInput): Promise<{ readonly cancelled: readonly string[] }>;
  readBody(input: ReadBodyInput): Promise<{ readonly value?: unknown }>;
}

/** Somebody has read a stranger's code and approved it. */
export interface Approval {
  readonly sha: string;
  readonly by: string;
}

/** A newer commit of the same pull request waits for approval. */
export interface Superseded {
  readonly sha: string;
}

export interface OpenApprovalInput extends PullRequestRef {
  /** The provider's id of the repository: renaming does not change it. */
  readonly repositoryId: string;
  readonly automation: string;
  readonly sha: string;
  /** ISO 8601, UTC: orders the commits of one pull request. */
  readonly since: string;
}

export interface ApproveInput extends PullRequestRef {
  readonly repositoryId: string;
  /** Default: all automations that wait. */
  readonly automation?: string | undefined;
  /** The beginning of the commit's name. Default: the head, if it was there long enough to be read. */
  readonly sha?: string | undefined;
  /** When the approval was written, ISO 8601: its author has not seen what came later. */
  readonly writtenAt: string;
  readonly by: string;
}

export interface ApproveResult {
  /** `too new`: the author of the approval may not have seen this commit. */
  readonly answer: 'approved' | 'too new' | 'none';
  readonly sha?: string;
}

export interface FindRunsInput extends PullRequestRef {
  readonly automation?: string | undefined;
  /** Default: all commits. */
  readonly sha?: string | undefined;
}

export interface FoundRun {
  readonly automation: string;
  readonly workflowId: string;
  readonly open: boolean;
  /** Only of a run that has ended. */
  readonly passed?: boolean;
}

export interface ReadBodyInput {
  readonly deliveryId: string;
  /** JSON pointer (RFC 6901); empty for all of it. */
  readonly pointer: string;
}
