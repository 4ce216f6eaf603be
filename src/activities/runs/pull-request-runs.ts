import { Context } from '@temporalio/activity';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { pullRequestOf, repositoryOf } from '../../events/accessors.js';
import { GOES_ON_FROM_MEMO } from '../../runs/goes-on-from.js';
import { allNotBegun } from '../../store/all-not-begun.js';
import type { RunNotBegun } from '../../store/store.js';
import type { Activities, FindRunsInput, FoundRun } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { cancelRun } from './cancel-run.js';
import { runsUnderAnyName } from './find.js';

/** Returns the activities about the runs of a pull request, those that wait in lanes to begin among them. */
export function createPullRequestRuns({
  store: { lanes },
}: Pick<ActivityDeps, 'store'>): Pick<Activities, 'findRuns' | 'cancelRuns' | 'moveAhead'> {
  async function* notBegun(input: FindRunsInput): AsyncGenerator<RunNotBegun> {
    const { source, automation } = input;
    for await (const run of allNotBegun(lanes, { source, automation })) if (isMeant(input, run)) yield run;
  }

  return {
    async findRuns(input) {
      const runs: FoundRun[] = [];
      for await (const { automation, workflowId } of notBegun(input))
        runs.unshift({ automation, workflowId, open: true });
      const begun: { readonly at: number; readonly run: FoundRun }[] = [];
      for await (const run of runsUnderAnyName(input, { openOnly: false })) {
        const open = run.status.name === 'RUNNING';
        const { [GOES_ON_FROM_MEMO]: from } = run.memo ?? {};
        const memo = from === undefined ? {} : { memo: { [GOES_ON_FROM_MEMO]: from } };
        const found = { automation: run.type, workflowId: run.workflowId, open, ...memo };
        const known = open ? found : { ...found, passed: await hasPassed(run) };
        begun.push({ at: run.startTime.getTime(), run: known });
        Context.current().heartbeat();
      }
      // One of the name before may have begun later: started again, its event is that of then.
      begun.sort((a, b) => b.at - a.at);
      return { runs: [...runs, ...begun.map(({ run }) => run)] };
    },

    async cancelRuns({ by, ...input }) {
      const { client, info } = Context.current();
      const because = by === undefined ? 'cancelled' : `cancelled by ${by} through /cancel`;
      const cancelled: string[] = [];
      for await (const { workflowId, automation } of notBegun(input))
        if (await lanes.takeOut({ workflowId, because })) cancelled.push(automation);
      for await (const run of runsUnderAnyName(input, { openOnly: true })) {
        // Not the runs that execute comment commands, such as this one.
        if (run.type === info.workflowType) continue;
        await cancelRun(client, run, because);
        cancelled.push(run.type);
      }
      // What an earlier attempt cancelled no longer runs.
      if (cancelled.length === 0 && info.attempt > 1) cancelled.push('an earlier attempt');
      return { cancelled };
    },

    async moveAhead({ by = 'somebody', ...input }) {
      const waiting: string[] = [];
      // Some of them wait within Temporal, which lists the newest first: they had things to find out first.
      for await (const { workflowId } of runsUnderAnyName(input, { openOnly: true })) waiting.unshift(workflowId);
      for await (const { workflowId } of notBegun(input)) waiting.push(workflowId);
      const moved: string[] = [];
      // The last of them first, so that they keep their order.
      for (const workflowId of waiting.reverse())
        if (await lanes.moveAhead({ workflowId, by, reason: `/next in #${input.number}` })) moved.push(workflowId);
      return { moved };
    },
  };
}

/** Returns whether a run that waits to begin is one of the pull request's. Bitbucket Cloud names commits by 12 digits. */
function isMeant({ repository, repositoryId, number, sha }: FindRunsInput, { event }: RunNotBegun): boolean {
  const commit = 'commit' in event ? event.commit?.sha : undefined;
  const { id, fullName } = repositoryOf(event) ?? {};
  return (
    (repositoryId === undefined ? fullName === repository : id === repositoryId) &&
    pullRequestOf(event) === number &&
    (sha === undefined || commit === sha || commit === sha.slice(0, 12))
  );
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
