import type { Store } from '../../store/store.js';
import type { RunState } from './contract.js';
import { stateOf } from './deliveries.js';
import { type Described, type RunStateDeps, runState, runWithItsRuns } from './run-state.js';
import { type ApprovalsDeps, withApprovals } from './with-approvals.js';

/** What {@link showRun} asks. */
export interface ShowRunDeps extends RunStateDeps {
  readonly store: RunStateDeps['store'] &
    ApprovalsDeps['store'] & { readonly inbox: Pick<Store['inbox'], 'findStart'> };
}

interface Asked {
  readonly id: string;
  readonly all?: string | undefined;
  /** What Temporal says of it, where somebody has asked already. */
  readonly described?: Described;
}

/**
 * Returns the state of a run by its workflow id, also before it is started, and the approvals that it has asked for; with `all`, and
 * the runs that it has led to. Undefined if neither Temporal nor the inbox knows it.
 */
export async function showRun(deps: ShowRunDeps, asked: Asked): Promise<RunState | undefined> {
  const state = await stateOfRun(deps, asked);
  return state && (await withApprovals(deps, asked.id, state));
}

async function stateOfRun(deps: ShowRunDeps, { id: workflowId, all, described }: Asked): Promise<RunState | undefined> {
  const known = await (all === undefined ? runState : runWithItsRuns)(deps, workflowId, described);
  if (known && known.status !== 'unknown') return known;
  const dispatch = await deps.store.inbox.findStart(workflowId);
  if (!dispatch || (dispatch.state === 'done' && known)) return known;
  return dispatch.state === 'done' ? { status: 'forgotten' } : stateOf(deps, dispatch);
}
