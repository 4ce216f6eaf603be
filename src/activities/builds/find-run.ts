import type { ListedRun, WorkflowApi, WorkflowRun } from '../../providers/builds-api.js';
import { notConfigured } from '../failures.js';
import { providerCall } from '../provider-call.js';
import { type PollOptions, poll } from './poll.js';

/** A workflow run that was asked for, and whose id is not known yet. */
export interface RunToFind {
  readonly workflow: WorkflowApi;
  readonly correlationId: string;
  /** Earliest time of its creation by the provider's clock, Unix ms. */
  readonly since: number;
}

/** Returns the run whose name carries the correlation id; undefined when none appears in time. */
export async function findByCorrelation(run: RunToFind, options: PollOptions): Promise<WorkflowRun | undefined> {
  return poll(async () => found((await listRuns(run)).find((listed) => carries(listed, run.correlationId))), options);
}

/**
 * Returns the run of a dispatch that was accepted without naming it. If no name carries the correlation id, that is the
 * only run that was created since. Throws `NotConfigured` if there are several or none: nobody can tell which one it
 * is, and another attempt must not dispatch again.
 */
export async function findDispatched(run: RunToFind, options: PollOptions): Promise<WorkflowRun> {
  const named = await findByCorrelation(run, options);
  if (named) return named;
  const candidates = await listRuns(run);
  const only = candidates.length === 1 ? found(candidates[0]) : undefined;
  if (only) return only;
  throw notConfigured(
    `the workflow was dispatched, but ${candidates.length} runs could be it. To tell them apart, pass the correlation ` +
      'id as an input and put that input into the run-name of the workflow file',
  );
}

function listRuns({ workflow, since }: RunToFind): Promise<readonly ListedRun[]> {
  return providerCall(() => workflow.dispatchedSince(since));
}

function found(run: ListedRun | undefined): WorkflowRun | undefined {
  return run && { runId: run.runId, url: run.url };
}

/** As a word of its own: `deploy-1` is not the run of `deploy-12`. */
function carries({ titles }: ListedRun, correlationId: string): boolean {
  if (correlationId === '') return false;
  const word = new RegExp(`(?<![\\w-])${correlationId.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\w-])`);
  return titles.some((title) => word.test(title));
}
