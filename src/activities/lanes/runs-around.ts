import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';

interface Child {
  readonly workflowId: string;
  readonly parent: { readonly workflowId: string; readonly runId?: string | undefined } | undefined;
}

/** Deeper than people nest workflows. */
const MAX_DEPTH = 10;
/** Source: `ParentClosePolicy` of https://github.com/temporalio/api/blob/master/temporal/api/enums/v1/workflow.proto. */
const ABANDON = 2;

/**
 * Returns the workflow ids of the runs that a child is a part of: they end with it, or it with them. One that was started to go
 * on by itself (`ABANDON`), as what comes after a run is, is a part of none.
 */
export async function runsAround(child: Child): Promise<readonly string[]> {
  const { client } = Context.current();
  const found: string[] = [];
  for (let { workflowId, parent } = child; parent && found.length < MAX_DEPTH; ) {
    const described = await describe(parent);
    const own = described?.raw.pendingChildren?.find((one) => one.workflowId === workflowId);
    if (!described || !own || own.parentClosePolicy === ABANDON) break;
    found.push(described.workflowId);
    workflowId = described.workflowId;
    const { workflowId: above, runId } = described.parentExecution ?? {};
    parent = above ? { workflowId: above, runId: runId ?? undefined } : undefined;
  }
  return found;

  async function describe({ workflowId, runId }: NonNullable<Child['parent']>) {
    try {
      return await client.workflow.getHandle(workflowId, runId).describe();
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }
}
