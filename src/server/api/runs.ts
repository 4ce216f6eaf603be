import type { Inbox } from '../../store/store.js';
import type { RunState } from './contract.js';
import { stateOf } from './deliveries.js';
import { type RunStateDeps, runState, runWithItsRuns } from './run-state.js';

/**
 * Returns the state of a run by its workflow id, also before it is started; with `all`, and the runs that it has led to. Undefined if
 * neither Temporal nor the inbox knows it.
 */
export async function showRun(
  deps: RunStateDeps,
  inbox: Pick<Inbox, 'findStart'>,
  { id: workflowId, all }: { readonly id: string; readonly all?: string | undefined },
): Promise<RunState | undefined> {
  const known = await (all === undefined ? runState : runWithItsRuns)(deps, workflowId);
  if (known && known.status !== 'unknown') return known;
  const dispatch = await inbox.findStart(workflowId);
  if (!dispatch || (dispatch.state === 'done' && known)) return known;
  return dispatch.state === 'done' ? { status: 'forgotten' } : stateOf(deps, dispatch);
}
