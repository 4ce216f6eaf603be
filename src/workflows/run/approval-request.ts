import type { HookyardEvent } from '../../events/event.js';
import type { GivenApproval } from '../../runs/approval.js';
import type { BranchHead, TagHead } from '../kit/buildable-event.js';
import type { Approvable } from './approval-subject.js';

/** What is asked for, with all defaults filled in. */
export interface ApprovalRequest {
  readonly name: string;
  readonly of: HookyardEvent | BranchHead | TagHead;
  readonly by: readonly string[];
  readonly quorum: number;
  readonly allowAuthor: boolean;
  readonly operators: boolean;
  readonly expiresMs: number;
  /** As the author wrote it. */
  readonly expires: string;
  /** Undefined: nobody is reminded. */
  readonly remindMs: number | undefined;
  /** Asks people: `reminder` is 0 at first. */
  readonly ask: (asked: Asked) => Promise<unknown>;
}

/** What people are asked. */
export interface Asked {
  readonly approvable: Approvable;
  readonly nth: number;
  readonly reminder: number;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** How an approval has ended. */
export type ApprovalEnd =
  | { readonly state: 'approved'; readonly by: readonly GivenApproval[] }
  | {
      readonly state: 'rejected';
      readonly by: readonly GivenApproval[];
      readonly rejectedBy: GivenApproval;
      readonly why: string;
    }
  | { readonly state: 'expired'; readonly by: readonly GivenApproval[] }
  | { readonly state: 'outdated'; readonly by: readonly GivenApproval[]; readonly because: string };
