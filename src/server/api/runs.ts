import type { Inbox } from '../../store/store.js';
import type { RunState } from './contract.js';
import { stateOf } from './deliveries.js';
import { type RunStateDeps, runState } from './run-state.js';

/** Returns the state of a run by its workflow id, also before it is started. Undefined if neither Temporal nor the inbox knows it. */
export async function showRun(
  deps: RunStateDeps,
  inbox: Pick<Inbox, 'find'>,
  workflowId: string,
): Promise<RunState | undefined> {
  const known = await runState(deps, workflowId);
  if (known && known.status !== 'unknown') return known;
  // `<automation>/<source>/<delivery key>`, and a key may hold slashes.
  const key = /^[^/]+\/[^/]+\/(.+)$/s.exec(workflowId)?.[1];
  const record = key === undefined ? undefined : await inbox.find(key);
  const dispatch = record?.dispatches.find((candidate) => candidate.workflowId === workflowId);
  if (!dispatch || (dispatch.state === 'done' && known)) return known;
  return dispatch.state === 'done' ? { status: 'forgotten' } : stateOf(deps, dispatch);
}
