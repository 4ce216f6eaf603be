import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { APPROVE_SIGNAL } from '../../runs/names.js';
import { waitsOf } from '../../runs/waits-for-approval.js';
import type { Inbox } from '../../store/store.js';
import { HttpError } from '../http/http-error.js';
import type { ApprovalAnswer } from './contract.js';

/** What {@link approveRun} works with. */
export interface ApproveDeps {
  readonly client: Client;
  readonly inbox: Pick<Inbox, 'signal'>;
  /** Called when there is something to tell Temporal. */
  readonly wake: () => void;
}

const DEADLINE_MS = 5_000;

/**
 * Approves the commit from a fork that a run waits with; with `sha`, a commit name or the beginning of one, only if it is
 * that commit. Undefined if there is no such run. Throws {@link HttpError}: 409 if the run does not wait, or waits with
 * another commit, 503 while Temporal is away.
 */
export async function approveRun(
  { client, inbox, wake }: ApproveDeps,
  { run, sha }: { run: string; sha?: string | undefined },
): Promise<ApprovalAnswer | undefined> {
  const waits = await waitingFor(client, run);
  if (waits === 'no run') return undefined;
  if (!waits)
    throw new HttpError(409, 'the run does not wait for approval: it never did, was approved already, or has ended');
  if (sha !== undefined && !waits.sha.startsWith(sha))
    throw new HttpError(409, `the run waits with another commit, ${waits.sha}: look at that one first`);
  await inbox.signal({
    id: `approve/${run}/${waits.sha}`,
    workflowId: run,
    signal: APPROVE_SIGNAL,
    payload: { sha: waits.sha, by: 'an operator' },
  });
  wake();
  return { run, approved: waits.sha };
}

async function waitingFor(client: Client, run: string) {
  try {
    const found = await client.withDeadline(Date.now() + DEADLINE_MS, () => client.workflow.getHandle(run).describe());
    return found.status.name === 'RUNNING' ? waitsOf(found) : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'no run';
    throw new HttpError(503, 'Temporal does not answer; try again later', { 'retry-after': '5' });
  }
}
