import { RUN_OUTCOMES, type RunOutcome } from '../../events/event.js';
import { NOT_CONTINUED, ofTaskQueue, queryText } from '../../runs/query-text.js';
import { NO_OUTCOME, WAITING_FOR, WAITS_FOR_NOTHING } from '../../runs/search-attributes.js';

/** Outcomes that are asked for together, by a word. `counted`: those that tell of an automation. */
const TOGETHER = { red: ['failed', 'error'], counted: ['passed', 'failed', 'error'] } as const;

/** How runs may have ended that are asked for. */
export const ASKED_OUTCOMES = [...RUN_OUTCOMES, 'red', 'counted'] as const;

/** What runs may wait for that are asked for. `nothing`: those that are open and do not wait. */
export const ASKED_WAITING = [...WAITING_FOR, 'anything', 'nothing'] as const;

/** Which runs are meant. What is not said does not matter. */
export interface RunsFilter {
  /** One of these spellings of its name: Temporal compares letter by letter. */
  readonly repository?: string | readonly string[] | undefined;
  readonly branch?: string | undefined;
  readonly automation?: string | undefined;
  /** One of these. */
  readonly automations?: readonly string[] | undefined;
  readonly outcome?: (typeof ASKED_OUTCOMES)[number] | undefined;
  /** Unix ms: only runs that have started since. */
  readonly since?: number | undefined;
  /** Unix ms: only runs that have ended since. */
  readonly endedSince?: number | undefined;
  /** Only open runs that wait for this, for anything, or for nothing. */
  readonly waiting?: (typeof ASKED_WAITING)[number] | undefined;
  readonly open?: true | undefined;
  /** Only runs that have ended. */
  readonly ended?: boolean | undefined;
  /** Its number. */
  readonly pullRequest?: number | undefined;
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
export function visibilityQuery({ taskQueue, builtIn }: RunsScope, filter: RunsFilter): string {
  const { repository, branch, automation, outcome, since, endedSince, waiting, open, ended } = filter;
  const { automations, pullRequest, pullRequests } = filter;
  return [
    ofTaskQueue(taskQueue),
    ...(automations === undefined ? [] : [`WorkflowType IN (${automations.map(queryText).join(', ')})`]),
    ...(automation === undefined
      ? builtIn.map((name) => `WorkflowType != ${queryText(name)}`)
      : [`WorkflowType = ${queryText(automation)}`]),
    ...(repository === undefined ? [] : [`HookyardRepository IN (${[repository].flat().map(queryText).join(', ')})`]),
    ...(branch === undefined ? [] : [`HookyardBranch = ${queryText(branch)}`]),
    ...(outcome === undefined ? [] : [byOutcome(outcome)]),
    ...(since === undefined ? [] : [`StartTime >= ${queryText(new Date(since).toISOString())}`]),
    ...(endedSince === undefined ? [] : [`CloseTime >= ${queryText(new Date(endedSince).toISOString())}`]),
    ...(ended ? [`ExecutionStatus != 'Running'`] : []),
    ...(pullRequest === undefined ? [] : [`HookyardPullRequest = ${pullRequest}`]),
    ...(pullRequests === false ? ['HookyardPullRequest IS NULL'] : []),
    ...(waiting === undefined ? [] : [byWaiting(waiting)]),
    open || waiting !== undefined ? `ExecutionStatus = 'Running'` : NOT_CONTINUED,
  ].join(' AND ');
}

function byOutcome(outcome: (typeof ASKED_OUTCOMES)[number]): string {
  if (outcome === 'red' || outcome === 'counted') return `(${TOGETHER[outcome].map(byOneOutcome).join(' OR ')})`;
  return byOneOutcome(outcome);
}

/** What ended without code of ours, or under an older version, has only Temporal's word. */
function byOneOutcome(outcome: RunOutcome): string {
  const told = `HookyardOutcome = ${queryText(outcome)}`;
  const untold = `(HookyardOutcome IS NULL OR HookyardOutcome = ${queryText(NO_OUTCOME)})`;
  if (outcome === 'error')
    return `(${told} OR (ExecutionStatus IN ('Failed', 'TimedOut', 'Terminated') AND ${untold}))`;
  if (outcome === 'cancelled') return `(${told} OR (ExecutionStatus = 'Canceled' AND ${untold}))`;
  return told;
}

function byWaiting(waiting: NonNullable<RunsFilter['waiting']>): string {
  // A run of a namespace that lacks the attribute tells nothing of it.
  if (waiting === 'nothing') return `(HookyardWaiting IS NULL OR HookyardWaiting = ${queryText(WAITS_FOR_NOTHING)})`;
  if (waiting !== 'anything') return `HookyardWaiting = ${queryText(waiting)}`;
  return `HookyardWaiting IS NOT NULL AND HookyardWaiting != ${queryText(WAITS_FOR_NOTHING)}`;
}
