import { z } from 'zod';
import { ANSWER_WAYS } from '../../../runs/approval.js';
import { isoTime, list } from './fields.js';

export const approvalAnswer = z
  .object({
    run: z.string().describe('workflow id'),
    approved: z.string().exactOptional().describe("the commit; where the run has none, the approval's name"),
    rejected: z.string().exactOptional(),
    name: z.string().exactOptional().describe("the approval's name; absent for code from a fork"),
  })
  .describe('The answer was handed to the run, which decides whether it counts, and when.');

/** See {@link approvalAnswer}. */
export type ApprovalAnswer = z.output<typeof approvalAnswer>;

const givenApproval = z.object({
  login: z.string(),
  id: z.string().optional().describe("the provider's id of the account, where it is known"),
  at: isoTime,
  how: z.enum(ANSWER_WAYS),
  sha: z.string().optional().describe('the commit that was approved; absent where the run has none'),
});

export const shownApproval = z
  .object({
    name: z.string(),
    state: z.enum(['open', 'approved', 'rejected', 'expired', 'outdated', 'withdrawn']),
    by: z.string().describe('who may approve, in words'),
    quorum: z.number(),
    sha: z.string().exactOptional(),
    askedAt: isoTime,
    expiresAt: isoTime,
    endedAt: isoTime.exactOptional(),
    given: list(givenApproval),
    because: z.string().exactOptional().describe('who rejected it and why, or what made it void'),
  })
  .describe('An approval that a run has asked for.');

/** See {@link shownApproval}. */
export type ShownApproval = z.output<typeof shownApproval>;
