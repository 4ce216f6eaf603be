import type { RunOutcome } from '../../events/event.js';
import { NOT_CONTINUED, queryText } from '../../runs/query-text.js';
import { NO_OUTCOME, type WAITING_FOR, WAITS_FOR_NOTHING } from '../../runs/search-attributes.js';

/** Which runs are meant. What is not said does not matter. */
export interface RunsFilter {
  readonly repository?: string | undefined;
  readonly branch?: string | undefined;
  readonly automation?: string | undefined;
  readonly outcome?: RunOutcome | undefined;
  /** Unix ms: only runs that have started since. */
  readonly since?: number | undefined;
  /** Unix ms: only runs that have ended since. */
  readonly endedSince?: number | undefined;
  /** Only runs that wait: for this, or for anything. */
  readonly waiting?: (typeof WAITING_FOR)[number] | 'anything' | undefined;
  readonly open?: true | undefined;
  /** Only runs that have ended. */
  readonly ended?: boolean | undefined;
  /** False: only runs that are about no pull request. */
  readonly pullRequests?: boolean | undefined;
}

/** Which runs are listed. Of what a workflow id says, Temporal's query knows the beginning alone. */
export interface ListedFilter extends RunsFilter {
  /** False: only runs of what was received as it was received. */
  readonly edited?: boolean | undefined;
}

/** The runs of an installation. */
export interface RunsScope {
  readonly taskQueue: string;
  /** Workflow types that come with Hookyard: not meant unless they are named. */
  readonly builtIn: readonly string[];
}

/** Returns the visibility query of Temporal that finds the runs: https://docs.temporal.io/list-filter. */
export function runsQuery(
  { taskQueue, builtIn }: RunsScope,
  { repository, branch, automation, outcome, since, endedSince, waiting, open, ended, pullRequests }: RunsFilter,
): string {
  return [
    `TaskQueue = ${queryText(taskQueue)}`,
    ...(automation === undefined
      ? builtIn.map((name) => `WorkflowType != ${queryText(name)}`)
      : [`WorkflowType = ${queryText(automation)}`]),
    ...(repository === undefined ? [] : [`HookyardRepository = ${queryText(repository)}`]),
    ...(branch === undefined ? [] : [`HookyardBranch = ${queryText(branch)}`]),
    ...(outcome === undefined ? [] : [byOutcome(outcome)]),
    ...(since === undefined ? [] : [`StartTime >= ${queryText(new Date(since).toISOString())}`]),
    ...(endedSince === undefined ? [] : [`CloseTime >= ${queryText(new Date(endedSince).toISOString())}`]),
    ...(ended ? [`ExecutionStatus != 'Running'`] : []),
    ...(pullRequests === false ? ['HookyardPullRequest IS NULL'] : []),
    ...(waiting === undefined ? [] : [`${byWaiting(waiting)}`]),
    open || waiting !== undefined ? `ExecutionStatus = 'Running'` : NOT_CONTINUED,
  ].join(' AND ');
}

/** What ended without code of ours, or under an older version, has only Temporal's word. */
function byOutcome(outcome: RunOutcome): string {
  const told = `HookyardOutcome = ${queryText(outcome)}`;
  const untold = `(HookyardOutcome IS NULL OR HookyardOutcome = ${queryText(NO_OUTCOME)})`;
  if (outcome === 'error')
    return `(${told} OR (ExecutionStatus IN ('Failed', 'TimedOut', 'Terminated') AND ${untold}))`;
  if (outcome === 'cancelled') return `(${told} OR (ExecutionStatus = 'Canceled' AND ${untold}))`;
  return told;
}

function byWaiting(waiting: NonNullable<RunsFilter['waiting']>): string {
  return waiting === 'anything'
    ? `HookyardWaiting IS NOT NULL AND HookyardWaiting != ${queryText(WAITS_FOR_NOTHING)}`
    : `HookyardWaiting = ${queryText(waiting)}`;
}
