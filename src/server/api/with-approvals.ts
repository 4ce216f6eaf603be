import { approversInWords } from '../../runs/approval.js';
import { type EndedApproval, endedApprovals, type OpenApproval, openApprovals } from '../../runs/approval-records.js';
import type { Store } from '../../store/store.js';
import type { RunState, ShownApproval } from './contract.js';

/** What {@link withApprovals} asks. */
export interface ApprovalsDeps {
  readonly store: { readonly records: Pick<Store['records'], 'list'> };
}

/** Adds the approvals that a run has asked for to its state. A run that has ended waits for none, whatever it left. */
export async function withApprovals({ store }: ApprovalsDeps, run: string, state: RunState): Promise<RunState> {
  const [ended, open] = await Promise.all([endedApprovals(store.records, run), openApprovals(store.records, run)]);
  const all = [...ended, ...(state.status === 'running' ? open : [])];
  if (all.length === 0) return state;
  return { ...state, approvals: all.sort((a, b) => a.askedAt.localeCompare(b.askedAt)).map(shown) };
}

function shown(approval: OpenApproval | EndedApproval): ShownApproval {
  const { name, by, quorum, sha, askedAt, expiresAt, given } = approval;
  const ended = 'state' in approval ? approval : undefined;
  return {
    ...{ name, state: ended?.state ?? 'open', by: approversInWords(by), quorum, askedAt, expiresAt, given },
    ...(sha !== undefined && { sha }),
    ...(ended && { endedAt: ended.endedAt }),
    ...(ended?.because !== undefined && { because: ended.because }),
  };
}
