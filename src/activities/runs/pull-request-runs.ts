import { Context } from '@temporalio/activity';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { Activities, FoundRun } from '../contract/index.js';
import { runsOfPullRequest } from './find.js';

/** Returns the activities that find and cancel the runs of a pull request. */
export function createPullRequestRuns(): Pick<Activities, 'findRuns' | 'cancelRuns'> {
  return {
    async findRuns(input) {
      const runs: FoundRun[] = [];
      for await (const run of runsOfPullRequest(input, { openOnly: false })) {
        const open = run.status.name === 'RUNNING';
        const found = { automation: run.type, workflowId: run.workflowId, open };
        runs.push(open ? found : { ...found, passed: await hasPassed(run) });
        Context.current().heartbeat();
      }
      return { runs };
    },

    async cancelRuns(input) {
      const { client, info } = Context.current();
      const cancelled: string[] = [];
      for await (const run of runsOfPullRequest(input, { openOnly: true })) {
        // Not the runs that execute comment commands, such as this one.
        if (run.type === info.workflowType) continue;
        await client.workflow.getHandle(run.workflowId, run.runId).cancel();
        cancelled.push(run.type);
      }
      // What an earlier attempt cancelled no longer runs.
      if (cancelled.length === 0 && info.attempt > 1) cancelled.push('an earlier attempt');
      return { cancelled };
    },
  };
}

/** Returns whether a run passed. One that had nothing to do has; one that nobody approved has not. */
async function hasPassed(run: WorkflowExecutionInfo): Promise<boolean> {
  if (run.status.name !== 'COMPLETED') return false;
  const { client } = Context.current();
  try {
    const result = (await client.workflow.getHandle(run.workflowId, run.runId).result()) as Record<
      string,
      unknown
    > | null;
    return result?.outcome === 'passed' || (result?.outcome === 'skipped' && result.filtered === true);
  } catch {
    // Its history is gone, so it may be started again.
    return false;
  }
}
