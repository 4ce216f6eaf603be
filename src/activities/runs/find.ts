import { Context } from '@temporalio/activity';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { NOT_CONTINUED, queryText } from '../../runs/query-text.js';
import type { FindRunsInput } from '../contract/index.js';

/** Far more than one pull request has. */
const MAX_RUNS = 200;

/** Yields the runs of a pull request on this worker's task queue, newest first, found by their search attributes. */
export function runsOfPullRequest(
  input: FindRunsInput,
  options: { openOnly: boolean },
): AsyncGenerator<WorkflowExecutionInfo> {
  return runsWith(`HookyardRepository = ${queryText(input.repository)}`, input, options);
}

/**
 * Yields the open runs of a pull request, and then those of pull requests of its number in all other repositories: its own may have
 * been renamed since they began. Whose they are is told by its id.
 */
export async function* openRunsUnderAnyName(input: FindRunsInput): AsyncGenerator<WorkflowExecutionInfo> {
  yield* runsOfPullRequest(input, { openOnly: true });
  yield* runsWith(`HookyardRepository != ${queryText(input.repository)}`, input, { openOnly: true });
}

async function* runsWith(
  condition: string,
  { source, number, automation, sha }: FindRunsInput,
  { openOnly }: { openOnly: boolean },
): AsyncGenerator<WorkflowExecutionInfo> {
  const { client, info } = Context.current();
  const conditions = [
    `TaskQueue = ${queryText(info.taskQueue)}`,
    `HookyardSource = ${queryText(source)}`,
    condition,
    `HookyardPullRequest = ${Math.trunc(number)}`,
    ...(automation === undefined ? [] : [`WorkflowType = ${queryText(automation)}`]),
    // Bitbucket Cloud names commits by 12 digits.
    ...(sha === undefined ? [] : [`HookyardCommit IN (${queryText(sha)}, ${queryText(sha.slice(0, 12))})`]),
    openOnly ? `ExecutionStatus = 'Running'` : NOT_CONTINUED,
  ];
  let left = MAX_RUNS;
  for await (const run of client.workflow.list({ query: conditions.join(' AND '), pageSize: 50 })) {
    if (left-- === 0) return;
    yield run;
  }
}
