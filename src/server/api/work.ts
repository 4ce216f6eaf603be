import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { RUN_OUTCOMES } from '../../events/event.js';
import { NOT_CONTINUED, queryText } from '../../runs/query-text.js';
import type { LedToRun, RetriedActivity } from './contract.js';
import { statusOf } from './status-of.js';

/** In characters. */
const MAX_ERROR = 1_000;
/** Runs that are shown below one, however deep they lie. */
const MAX_RUNS = 50;
const MAX_DEPTH = 5;

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** Returns what an open run has begun, that failed, and that is tried again. */
export function retriedBy(run: WorkflowExecutionDescription): readonly RetriedActivity[] {
  return (run.raw.pendingActivities ?? []).flatMap((activity) => {
    const { attempt, activityType, lastFailure } = activity;
    if (!lastFailure || !activityType?.name) return [];
    const next = nextAttempt(activity);
    return {
      activity: activityType.name,
      attempts: Math.max(1, (attempt ?? 1) - 1),
      error: (lastFailure.cause?.message || lastFailure.message || 'no failure is known').slice(0, MAX_ERROR),
      ...(next !== undefined && { next }),
    };
  });
}

/** When it is tried again, as ISO 8601; undefined while it is. */
function nextAttempt({ scheduledTime, lastStartedTime }: Pending): string | undefined {
  const at = Number(scheduledTime?.seconds ?? 0) * 1_000;
  return at > Number(lastStartedTime?.seconds ?? 0) * 1_000 ? new Date(at).toISOString() : undefined;
}

/**
 * Returns the runs that a run has started, children and those that follow it in a chain, and theirs, each behind the one that has
 * started it. Temporal finds a run a moment after it has begun.
 */
export async function ledTo(client: Client, workflowId: string): Promise<readonly LedToRun[]> {
  const found: LedToRun[] = [];
  const roots = new Set<string | undefined>();
  let parents: readonly string[] = [workflowId];
  for (let depth = 0; depth < MAX_DEPTH && parents.length > 0 && found.length < MAX_RUNS; depth++) {
    const query = startedByQuery(parents, roots);
    const children: LedToRun[] = [];
    for await (const run of client.workflow.list({ query, pageSize: MAX_RUNS })) {
      if (found.length + children.length >= MAX_RUNS) break;
      const outcome = RUN_OUTCOMES.find((one) => one === run.searchAttributes.HookyardOutcome?.[0]);
      children.push({
        ...{ run: run.workflowId, automation: run.type, status: statusOf(run) },
        ...(outcome && { outcome }),
        by: run.parentExecution?.workflowId ?? workflowId,
      });
      roots.add(run.rootExecution?.workflowId ?? undefined);
    }
    found.push(...children);
    parents = children.map(({ run }) => run);
  }
  return inOrder(found, workflowId);
}

/**
 * Returns what finds the runs that some have started. `roots`: with which run the chains began that those belong to, as far as it is
 * known. SQLite finds the runs of one root, and for those of several parents it would look through all runs of the namespace.
 */
function startedByQuery(parents: readonly string[], roots: ReadonlySet<string | undefined>): string {
  const [root, ...others] = roots;
  return [
    ...(root !== undefined && others.length === 0 ? [`RootWorkflowId = ${queryText(root)}`] : []),
    `ParentWorkflowId IN (${parents.map(queryText).join(', ')})`,
    NOT_CONTINUED,
  ].join(' AND ');
}

/** Puts each behind the one that has started it. */
function inOrder(runs: readonly LedToRun[], by: string): readonly LedToRun[] {
  return runs.filter((run) => run.by === by).flatMap((run) => [run, ...inOrder(runs, run.run)]);
}
