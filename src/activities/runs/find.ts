import { Context } from '@temporalio/activity';
import { isGrpcServiceError, type WorkflowExecutionInfo } from '@temporalio/client';
import { repositoryOf } from '../../events/accessors.js';
import { NOT_CONTINUED, ofTaskQueue, queryText } from '../../runs/query-text.js';
import type { FindRunsInput } from '../contract/index.js';
import { beginningOf } from './beginning.js';

/** Far more than one pull request has. */
const MAX_RUNS = 200;
/** The code of gRPC. */
const NOT_FOUND = 5;

/** Yields the runs of a pull request on this worker's task queue, newest first, found by their search attributes. */
function runsOfPullRequest(
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
  yield* runsUnderOtherNames(input, { openOnly: true });
}

/**
 * Yields the runs of a pull request, also those that began before its repository was renamed, which come last: what they began with
 * tells its id. The name alone counts where that can't be read any more, and for all where the id is not known.
 */
export async function* runsUnderAnyName(
  input: FindRunsInput,
  options: { openOnly: boolean },
): AsyncGenerator<WorkflowExecutionInfo> {
  const { repositoryId } = input;
  for await (const run of runsOfPullRequest(input, options)) {
    // Another repository may have had the name before.
    if (repositoryId === undefined || ((await repositoryIdOf(run)) ?? repositoryId) === repositoryId) yield run;
  }
  if (repositoryId === undefined) return;
  for await (const run of runsUnderOtherNames(input, options))
    if ((await repositoryIdOf(run)) === repositoryId) yield run;
}

function runsUnderOtherNames(
  input: FindRunsInput,
  options: { openOnly: boolean },
): AsyncGenerator<WorkflowExecutionInfo> {
  return runsWith(`HookyardRepository != ${queryText(input.repository)}`, input, options);
}

/** Returns the id of the repository that a run is about; undefined where it is about none, and where its history is gone. */
async function repositoryIdOf(run: WorkflowExecutionInfo): Promise<string | undefined> {
  const { client } = Context.current();
  try {
    const { event } = await beginningOf(client, run);
    return typeof event === 'object' && event !== null ? repositoryOf(event)?.id : undefined;
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === NOT_FOUND) return undefined;
    throw error;
  }
}

async function* runsWith(
  condition: string,
  { source, number, automation, sha }: FindRunsInput,
  { openOnly }: { openOnly: boolean },
): AsyncGenerator<WorkflowExecutionInfo> {
  const { client, info } = Context.current();
  const conditions = [
    ofTaskQueue(info.taskQueue),
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
