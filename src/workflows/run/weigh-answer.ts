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

/** Returns why an answer does not count, in words; undefined if it does. It is asked here, whoever has asked before. */
export async function whyIgnored(answer: ApprovalAnswer, scale: Scale): Promise<string | undefined> {
  const because = whyNotCounted(answer, scale) ?? whyNotThisCommit(answer, scale.subject);
  return because ?? (answer.how === 'operator' ? undefined : whyNotAllowed(answer, scale));
}

function whyNotThisCommit({ sha }: ApprovalAnswer, { sha: own }: ApprovalSubject): string | undefined {
  if (sha === undefined || own === undefined || isCommit(own, sha)) return undefined;
  return `it is for another commit, ${sha.slice(0, 12)}`;
}

async function whyNotAllowed({ person }: ApprovalAnswer, { subject, rules }: Scale): Promise<string | undefined> {
  const { source, repository } = subject;
  try {
    const may = await provider.mayApprove({ source, repository, person, by: rules.by });
    return may.allowed ? undefined : may.because;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return `it could not be asked who may approve: ${reasonOf(error)}`;
  }
}
