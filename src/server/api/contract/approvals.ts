import type { GivenApproval } from '../../../runs/approval.js';
import type { EndedApproval } from '../../../runs/approval-records.js';

/**
 * `POST /api/runs/approve?id=<workflow id>&sha=<commit>` and `POST /api/runs/reject`, with `{ "name": …, "by": …, "why": … }` as JSON if
 * there is more to say. The run decides whether it counts, and when.
 */
export interface ApprovalAnswer {
  /** Workflow id. */
  readonly run: string;
  /** The commit; where the run has none, the approval's name. */
  readonly approved?: string;
  readonly rejected?: string;
  /** The approval's name; absent for code from a fork. */
  readonly name?: string;
}

/** An approval that a run has asked for. */
export interface ShownApproval {
  readonly name: string;
  readonly state: 'open' | EndedApproval['state'];
  /** Who may approve, in words. */
  readonly by: string;
  readonly quorum: number;
  readonly sha?: string;
  /** ISO 8601. */
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly endedAt?: string;
  readonly given: readonly GivenApproval[];
  /** Who rejected it and why, or what made it void. */
  readonly because?: string;
}
