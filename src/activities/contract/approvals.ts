import type { ApprovalAnswer, ApprovalRef, GivenApproval, Person } from '../../runs/approval.js';
import type { ApprovalAbout } from '../../runs/approval-outdated.js';

/** Activities about the approvals that runs ask for. */
export interface ApprovalActivities {
  /** Keeps that the run waits, so that it can be found and answered. Says if it is void already. */
  askApproval(input: AskApprovalInput): Promise<ApprovalLook>;
  /** Returns whether somebody may approve. */
  mayApprove(input: MayApproveInput): Promise<{ readonly allowed: boolean; readonly because: string }>;
  /** Looks whether something has come in since that makes an approval void. */
  lookAtApproval(input: LookAtApprovalInput): Promise<ApprovalLook>;
  /** Keeps how an approval has ended, and that the run waits for it no more. */
  endApproval(input: EndApprovalInput): Promise<void>;
  /** Returns what runs wait for on a pull request. */
  findApprovals(input: FindApprovalsInput): Promise<{ readonly approvals: readonly FoundApproval[] }>;
  /** Hands an answer to the run that waits. */
  answerApproval(input: AnswerApprovalInput): Promise<void>;
}

/** What is to be approved, and what would make that void. */
export interface ApprovalSubject extends ApprovalAbout {
  /** When its event was received (Unix ms): a push that came later makes it void, and an answer that came earlier did not mean it. */
  readonly since: number;
}

/** An approval that a run begins to wait for. */
export interface AskApprovalInput extends ApprovalRef, ApprovalSubject {
  readonly by: readonly string[];
  readonly quorum: number;
  readonly authors: readonly Person[];
  readonly allowAuthor: boolean;
  readonly operators: boolean;
  /** ISO 8601. */
  readonly askedAt: string;
  readonly expiresAt: string;
}

/** What a look has found. */
export interface ApprovalLook {
  /** Why the approval is void, in words that follow "outdated:". */
  readonly outdated?: string;
  /** Until when everything that came in was looked at (Unix ms). */
  readonly until: number;
}

/** Who is asked about. */
export interface MayApproveInput extends Pick<ApprovalSubject, 'source' | 'repository'> {
  readonly person: Person;
  readonly by: readonly string[];
}

/** An approval that is looked at. */
export interface LookAtApprovalInput extends ApprovalRef {
  /** Unix ms. */
  readonly from: number;
  /** Who have approved so far. */
  readonly given: readonly GivenApproval[];
}

/** How an approval has ended. */
export interface EndApprovalInput extends ApprovalRef {
  readonly state: 'approved' | 'rejected' | 'expired' | 'outdated' | 'withdrawn';
  readonly given: readonly GivenApproval[];
  readonly because?: string | undefined;
  /** ISO 8601. */
  readonly endedAt: string;
}

/** The pull request whose approvals are looked for. */
export interface FindApprovalsInput {
  readonly source: string;
  readonly repositoryId: string;
  readonly number: number;
}

/** An approval that a run waits for. */
export interface FoundApproval extends ApprovalRef {
  /** Workflow id. */
  readonly run: string;
  readonly automation: string;
  readonly sha?: string | undefined;
  /** Unix ms: an answer that was written before did not mean this commit. */
  readonly since: number;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly by: readonly string[];
  readonly quorum: number;
  readonly authors: readonly Person[];
  readonly allowAuthor: boolean;
  readonly operators: boolean;
  readonly given: readonly GivenApproval[];
}

/** An answer, and the run that it is for. */
export interface AnswerApprovalInput {
  /** Workflow id. */
  readonly run: string;
  readonly answer: ApprovalAnswer;
}
