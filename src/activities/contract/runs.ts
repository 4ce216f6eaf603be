import type { PullRequestRef } from './pull-requests.js';

export interface RunActivities {
  openApproval(input: OpenApprovalInput): Promise<{ readonly by?: string; readonly superseded?: string }>;
  noteApproval(input: OpenApprovalInput & { readonly by: string }): Promise<void>;
  approveRuns(input: ApproveInput): Promise<ApproveResult>;
  findRuns(input: FindRunsInput): Promise<{ readonly runs: readonly FoundRun[] }>;
  cancelRuns(input: FindRunsInput): Promise<{ readonly cancelled: readonly string[] }>;
  readBody(input: ReadBodyInput): Promise<{ readonly value?: unknown }>;
}

/** A stranger's code was looked at. */
export interface Approval {
  readonly sha: string;
  readonly by: string;
}

/** A newer commit of the same pull request waits. */
export interface Superseded {
  readonly sha: string;
}

export interface OpenApprovalInput extends PullRequestRef {
  /** Of the repository, which keeps it when it is renamed. */
  readonly repositoryId: string;
  readonly automation: string;
  readonly sha: string;
  /** ISO 8601, UTC: orders the commits of one pull request. */
  readonly since: string;
}

export interface ApproveInput extends PullRequestRef {
  readonly repositoryId: string;
  /** Default: all that wait. */
  readonly automation?: string | undefined;
  /** A beginning of the commit's name. Default: the head, if it had been there for a while. */
  readonly sha?: string | undefined;
  /** When the approval was written, ISO 8601: what came later was not seen by whoever approves. */
  readonly writtenAt: string;
  readonly by: string;
}

export interface ApproveResult {
  /** `too new`: whoever wrote it may not have seen this commit. */
  readonly answer: 'approved' | 'too new' | 'none';
  readonly sha?: string;
}

export interface FindRunsInput extends PullRequestRef {
  readonly automation?: string | undefined;
  /** Only of this commit. */
  readonly sha?: string | undefined;
}

export interface FoundRun {
  readonly automation: string;
  readonly workflowId: string;
  readonly open: boolean;
  /** Of a run that ended. */
  readonly passed?: boolean;
}

export interface ReadBodyInput {
  readonly deliveryId: string;
  /** JSON pointer (RFC 6901); empty for all of it. */
  readonly pointer: string;
}
