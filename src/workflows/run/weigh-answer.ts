import { isCancellation } from '@temporalio/workflow';
import type { ApprovalSubject } from '../../activities/contract/index.js';
import {
  type ApprovalAnswer,
  type ApprovalRules,
  type GivenApproval,
  isCommit,
  whyNotCounted,
} from '../../runs/approval.js';
import { provider } from './activities.js';
import { reasonOf } from './failure.js';

/** What answers are weighed by. */
export interface Scale {
  readonly subject: ApprovalSubject;
  readonly rules: ApprovalRules;
  readonly given: readonly GivenApproval[];
}

/** What an answer comes to. `because`: in words. */
export type Weighed =
  | { readonly kind: 'counts' }
  | { readonly kind: 'ignored'; readonly because: string }
  /** Who may answer could not be asked. */
  | { readonly kind: 'unknown'; readonly because: string };

/** Returns whether an answer counts. It is asked here, whoever has asked before. */
export async function weigh(answer: ApprovalAnswer, scale: Scale): Promise<Weighed> {
  const because = whyNotCounted(answer, scale) ?? whyNotThisCommit(answer, scale.subject);
  if (because !== undefined) return { kind: 'ignored', because };
  return answer.how === 'operator' ? { kind: 'counts' } : mayAnswer(answer, scale);
}

function whyNotThisCommit({ sha }: ApprovalAnswer, { sha: own }: ApprovalSubject): string | undefined {
  if (sha === undefined || own === undefined || isCommit(own, sha)) return undefined;
  return `it is for another commit, ${sha.slice(0, 12)}`;
}

async function mayAnswer({ person }: ApprovalAnswer, { subject, rules }: Scale): Promise<Weighed> {
  const { source, repository } = subject;
  try {
    const may = await provider.mayApprove({ source, repository, person, by: rules.by });
    return may.allowed ? { kind: 'counts' } : { kind: 'ignored', because: may.because };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { kind: 'unknown', because: `it could not be asked who may approve: ${reasonOf(error)}` };
  }
}
