import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { HookyardEvent } from '../../events/event.js';
import { CANCEL_SIGNAL, type CancelReason } from '../../runs/names.js';
import { newestFirst } from '../../store/newest-first.js';
import type { DispatchRecord } from '../../store/store.js';
import type { Activities, EndMergeGroupInput } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';

/**
 * Cancels the runs that were asked for by the delivery of a merge group: those that are open, and those that wait in a lane to
 * begin. Throws, so that it is tried again, while one is about to be started. A group that no delivery told of within the
 * last 5,000 of its source has no runs.
 */
export function createEndMergeGroup({ store, log }: Pick<ActivityDeps, 'store' | 'log'>): Activities['endMergeGroup'] {
  return async function endMergeGroup(group) {
    const { client } = Context.current();
    const reason: CancelReason = { because: group.because };
    let ended = 0;
    for await (const { events, dispatches } of newestFirst(store.inbox, group.source)) {
      if (!events.some((event) => isOf(group, event))) continue;
      for (const dispatch of dispatches) if (await end(dispatch)) ended += 1;
      break;
    }
    return { ended };

    async function end({ workflowId, state }: DispatchRecord): Promise<boolean> {
      if (state === 'failed' || state === 'superseded' || state === 'refused') return false;
      if (await store.lanes.takeOut({ workflowId, ...reason })) return true;
      const run = client.workflow.getHandle(workflowId);
      try {
        await run.signal(CANCEL_SIGNAL, reason);
        await run.cancel();
        log.info({ run: workflowId, because: reason.because }, 'a run was cancelled');
        return true;
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        if (state === 'done') return false;
        throw new Error(`the run ${workflowId} is about to be started, and is cancelled then`, { cause: error });
      }
    }
  };
}

/** Whether an event asked for the checks of the group. A ref may be used again for another commit, and a commit has others. */
function isOf({ repositoryId, ref, sha }: EndMergeGroupInput, event: HookyardEvent): boolean {
  if (event.kind !== 'merge_group' || event.action !== 'checks_requested') return false;
  return event.repository.id === repositoryId && event.ref === ref && event.commit.sha === sha;
}
