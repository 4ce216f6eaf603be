import { Context } from '@temporalio/activity';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { type HookyardEvent, type PushEvent, rootOf } from '../../events/event.js';
import { ofTaskQueue, queryText } from '../../runs/query-text.js';
import { waitsOf } from '../../runs/waits-for-approval.js';
import { allNotBegun } from '../../store/all-not-begun.js';
import type { Activities, CancelClosedInput } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { beginningOf } from './beginning.js';
import { cancelRun } from './cancel-run.js';
import { waitingForClosing } from './wait-for-closing.js';

/** Far more than one pull request or branch has open. */
const MAX_RUNS = 200;
/** Deliveries come in any order: so long after a branch was made again its deletion may be told of. */
const OUT_OF_ORDER_MS = 60_000;

/**
 * Returns the activity that cancels the runs of a pull request that was closed, or of a branch that was deleted: those that are
 * open, and those that wait in lanes to begin. Doing it again changes nothing.
 */
export function createCancelClosed({
  store: { inbox, lanes, waits },
  log,
}: Pick<ActivityDeps, 'store' | 'log'>): Pick<Activities, 'cancelClosed'> {
  return {
    async cancelClosed(input) {
      const { client } = Context.current();
      const because =
        'branch' in input.what ? 'cancelled: the branch was deleted' : 'cancelled: the pull request was closed';
      const cancelled: string[] = [];
      const { oldest } = await inbox.backlog();
      for await (const { workflowId, automation, ...run } of allNotBegun(lanes, { source: input.source })) {
        if (!input.automations.includes(automation) || !isNeedless(input, run)) continue;
        if (await lanes.takeOut({ workflowId, because })) cancelled.push(workflowId);
      }
      const waitsForIt = await waitingForClosing({ inbox, waits }, input);
      for await (const run of openRuns(input)) {
        // Those that wait for an approval of the pull request's code are told otherwise, and end by themselves.
        if (waitsOf(run)) continue;
        const { event, how } = await beginningOf(client, run);
        if (!event || !isNeedless(input, { event, again: how?.again }) || (await waitsForIt(run.workflowId))) continue;
        await cancelRun(client, run, because);
        cancelled.push(run.workflowId);
        Context.current().heartbeat();
      }
      if (cancelled.length > 0)
        log.info({ runs: cancelled, repository: input.repository, because }, 'runs were cancelled');
      return { cancelled, isEarly: oldest !== undefined && oldest < Date.parse(input.receivedAt) };
    },
  };
}

/** The repository may have been renamed since they began: whose they are is told by its id. */
async function* openRuns({ source, what, automations }: CancelClosedInput): AsyncGenerator<WorkflowExecutionInfo> {
  const { client, info } = Context.current();
  if (automations.length === 0) return;
  const conditions = [
    ofTaskQueue(info.taskQueue),
    `HookyardSource = ${queryText(source)}`,
    'branch' in what
      ? `HookyardBranch = ${queryText(what.branch)}`
      : `HookyardPullRequest = ${Math.trunc(what.pullRequest)}`,
    `WorkflowType IN (${automations.map(queryText).join(', ')})`,
    `ExecutionStatus = 'Running'`,
  ];
  let left = MAX_RUNS;
  for await (const run of client.workflow.list({ query: conditions.join(' AND '), pageSize: 50 })) {
    if (left-- === 0) return;
    yield run;
  }
}

/**
 * Whether a run's event is about what is gone now: about the code of that pull request or branch, and not newer. What the closing
 * itself has started is to run, and what another closing has, and what somebody has asked for once more since.
 */
function isNeedless(
  { source, repositoryId, what, deliveryId, closedAt, receivedAt }: CancelClosedInput,
  { event, again }: { readonly event: HookyardEvent; readonly again?: string | undefined },
): boolean {
  if (again !== undefined && Date.parse(again) > Date.parse(receivedAt)) return false;
  const root = rootOf(event);
  if (root.deliveryId === deliveryId || root.source !== source) return false;
  if ('branch' in what) {
    if (root.kind !== 'push' || root.repository.id !== repositoryId || root.branch !== what.branch) return false;
    const ms = Date.parse(closedAt) - Date.parse(root.receivedAt);
    return ms >= 0 && !(ms < OUT_OF_ORDER_MS && isAnother(root, what.before));
  }
  if (root.kind !== 'pull_request' || root.action === 'closed') return false;
  if (root.repository.id !== repositoryId || root.pullRequest.number !== what.pullRequest) return false;
  const at = Date.parse(root.pullRequest.updatedAt ?? root.receivedAt);
  // Providers count in seconds: one that was opened again in the second of its closing is open.
  return at < Date.parse(closedAt) || (at === Date.parse(closedAt) && root.action !== 'reopened');
}

/** Whether a push made the branch, and not the one that was deleted with this head, as far as that tells. */
function isAnother({ created, commit: { sha } }: PushEvent, before: string | undefined): boolean {
  return created && before !== undefined && !before.startsWith(sha) && !sha.startsWith(before);
}
