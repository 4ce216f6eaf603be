import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { APPROVE_SIGNAL, REJECT_SIGNAL } from '../../runs/names.js';
import { waitsOf } from '../../runs/waits-for-approval.js';
import type { Store } from '../../store/store.js';
import { HttpError } from '../http/http-error.js';
import { type AnswerDeps, answerApproval, type OperatorAnswer, refuseReasonedApproval } from './answer-approval.js';
import type { ApprovalAnswer } from './contract.js';
import { temporalAway } from './temporal-away.js';
import { whyNotOpen } from './why-not-open.js';

/** What {@link answerRun} works with. */
export interface ApproveDeps extends AnswerDeps {
  readonly client: Client;
  readonly store: AnswerDeps['store'] & { readonly inbox: Pick<Store['inbox'], 'findStart'> };
}

const DEADLINE_MS = 5_000;

/**
 * Approves or rejects what a run waits for: an approval that it asks for, or the commit from a fork that it is about; with `sha`, a
 * commit name or the beginning of one, only if it is that commit. Undefined if there is no such run. Throws {@link HttpError}: 400
 * for an approval with a reason, 409 if the run is not open, or does not wait, or waits for several and none is named, or with another
 * commit, 503 while Temporal is away.
 */
export async function answerRun(deps: ApproveDeps, answer: OperatorAnswer): Promise<ApprovalAnswer | undefined> {
  const { client, store, wake } = deps;
  const { run, sha, approves, by = 'an operator', why } = answer;
  refuseReasonedApproval(answer);
  const waits = await waitingFor(client, run);
  if (waits === 'no run') {
    const start = await store.inbox.findStart(run);
    if (start) throw new HttpError(409, `the run ${run} ${whyNotOpen(start.state)}`);
    return undefined;
  }
  if (waits === 'ended') throw notWaiting();
  if (!waits) return (await answerApproval(deps, answer)) ?? notWaitingNow();
  if (answer.name !== undefined && answer.name !== waits.automation)
    throw new HttpError(409, `the run waits for no approval "${answer.name}", but with code from a fork`);
  if (sha !== undefined && !waits.sha.startsWith(sha))
    throw new HttpError(409, `the run waits with another commit, ${waits.sha}: look at that one first`);
  await store.inbox.signal({
    id: `${approves ? 'approve' : 'reject'}/${run}/${waits.sha}`,
    workflowId: run,
    signal: approves ? APPROVE_SIGNAL : REJECT_SIGNAL,
    payload: { sha: waits.sha, by, ...(why !== undefined && { why }) },
  });
  wake();
  return { run, [approves ? 'approved' : 'rejected']: waits.sha };
}

function notWaiting(): HttpError {
  return new HttpError(409, 'the run does not wait for approval: it never did, was answered already, or has ended');
}

function notWaitingNow(): never {
  throw notWaiting();
}

async function waitingFor(client: Client, run: string) {
  try {
    const found = await client.withDeadline(Date.now() + DEADLINE_MS, () => client.workflow.getHandle(run).describe());
    if (found.status.name !== 'RUNNING') return 'ended';
    const waits = waitsOf(found);
    return waits && { ...waits, automation: found.type };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'no run';
    throw temporalAway();
  }
}
