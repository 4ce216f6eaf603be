import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ANSWER_SIGNAL, type ApprovalAnswer as Answer, isCommit, whyNotCounted } from '../../runs/approval.js';
import { type OpenApproval, openApprovals } from '../../runs/approval-records.js';
import type { Store } from '../../store/store.js';
import { HttpError } from '../http/http-error.js';
import type { ApprovalAnswer } from './contract.js';
import { operatorNameSchema } from './operator-name.js';

/** What {@link answerApproval} works with. */
export interface AnswerDeps {
  readonly store: { readonly inbox: Pick<Store['inbox'], 'signal'>; readonly records: Pick<Store['records'], 'list'> };
  /** Called when there is something to tell Temporal. */
  readonly wake: () => void;
}

/** An operator's answer. */
export interface OperatorAnswer {
  /** Workflow id. */
  readonly run: string;
  readonly approves: boolean;
  readonly name?: string | undefined;
  /** The beginning of the commit's name that was looked at. */
  readonly sha?: string | undefined;
  /** What the operator calls themselves. */
  readonly by?: string | undefined;
  readonly why?: string | undefined;
}

/** In characters. */
const MAX_WHY = 500;

/** Body of `POST /api/runs/approve` and `POST /api/runs/reject`. */
export const answerBody = z.strictObject({
  name: z.string().min(1).max(100).optional().describe('of the approval, where the run asks for several'),
  by: operatorNameSchema.optional(),
  why: z.string().max(MAX_WHY).optional().describe('it is rejected; an approval has none'),
});

/** Reads the body of an answer. Throws {@link HttpError} (400). */
export function readAnswer(body: unknown): z.output<typeof answerBody> {
  const read = answerBody.safeParse(body ?? {});
  if (read.success) return read.data;
  throw new HttpError(
    400,
    `send { "name": …, "by": …, "why": … } as JSON, each of them if you like; "why" has ${MAX_WHY} characters at most`,
  );
}

/** Throws {@link HttpError} (400) for an approval with a reason: whoever wrote one meant to reject, and has sent it the other way. */
export function refuseReasonedApproval({ approves, why = '' }: Pick<OperatorAnswer, 'approves' | 'why'>): void {
  if (!approves || why.trim() === '') return;
  throw new HttpError(
    400,
    'a reason ("why") is for a rejection, so nothing was approved: take it out to approve, or reject with it',
  );
}

/**
 * Hands an operator's answer to a run that waits for an approval. Undefined if it waits for none. Throws {@link HttpError}: 409 if
 * it waits for several and none is named, or for none of this name, or with another commit, or if the answer does not count.
 */
export async function answerApproval(
  { store, wake }: AnswerDeps,
  { run, approves, name, sha, by = 'an operator', why }: OperatorAnswer,
): Promise<ApprovalAnswer | undefined> {
  const open = await openApprovals(store.records, run);
  if (open.length === 0) return undefined;
  const one = named(open, name);
  if (sha !== undefined && one.sha !== undefined && !isCommit(one.sha, sha))
    throw new HttpError(409, `the run waits with another commit, ${one.sha}: look at that one first`);
  const now = new Date();
  if (now.getTime() >= Date.parse(one.expiresAt)) throw new HttpError(409, `the approval "${one.name}" has expired`);
  const person = { login: by };
  const because = whyNotCounted({ approves, how: 'operator', person }, { rules: one, given: one.given });
  if (because !== undefined) throw new HttpError(409, `it does not count: ${because}`);
  const answer: Answer = {
    // Each is another one: an operator may change their mind.
    id: `operator/${randomUUID()}`,
    ...{ name: one.name, nth: one.nth, approves, how: 'operator', person, at: now.toISOString() },
    ...(one.sha !== undefined && { sha: one.sha }),
    ...(why !== undefined && { why }),
  };
  await store.inbox.signal({ id: answer.id, workflowId: run, signal: ANSWER_SIGNAL, payload: answer });
  wake();
  return { run, [approves ? 'approved' : 'rejected']: one.sha ?? one.name, name: one.name };
}

function named(open: readonly OpenApproval[], name: string | undefined): OpenApproval {
  const names = open.map((one) => one.name).join(', ');
  const meant = name === undefined ? open : open.filter((one) => one.name === name);
  const [one] = meant;
  if (one && meant.length === 1) return one;
  throw new HttpError(
    409,
    name === undefined
      ? `the run waits for several approvals: name one of ${names}`
      : `the run waits for no approval "${name}", but for ${names}`,
  );
}
