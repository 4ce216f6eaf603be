import { type Duration, msToNumber } from '@temporalio/common/lib/time.js';
import { type ActivityOptions, CancellationScope, isCancellation, patched, workflowInfo } from '@temporalio/workflow';
import type {
  CheckoutOptions,
  CloseJobInput,
  HeldJob,
  JobResult,
  JobStep,
  PassedJob,
  RunJobInput,
  SecretName,
  StepResult,
} from '../../activities/contract/index.js';
import { plain } from '../../events/markdown.js';
import { truncate } from '../../events/truncate.js';
import { jobsQueueOf } from '../../runs/names.js';
import { priorityOf } from '../../runs/priority.js';
import { contextOf, isJobName } from '../../runs/status-context.js';
import { job, provider } from '../run/activities.js';
import { annotateInBackground } from '../run/annotate.js';
import { beganAt } from '../run/began-at.js';
import { isBuildable, whyNotBuildable } from '../run/buildable.js';
import { cancelledBecause } from '../run/cancel-reason.js';
import {
  beginInCell,
  cellCancelledBecause,
  currentCell,
  keepCellOpen,
  nameInCell,
  reportInCell,
  statusNameInCell,
} from '../run/cell.js';
import { checkoutOf } from '../run/checkout-of.js';
import { checkCheckoutOptions } from '../run/checkout-options.js';
import { reasonOf } from '../run/failure.js';
import { findHead } from '../run/find-head.js';
import { goOnFrom } from '../run/from-failed.js';
import { onHost } from '../run/held-job.js';
import { runSteps, type StepKnown, type StepsRan } from '../run/job-steps.js';
import { inWords, outcomeOf, summaryOf, verdictOf, whyFailed } from '../run/job-words.js';
import { keepSlot } from '../run/lane.js';
import { jobsBegun, nthOfName } from '../run/nth-of-name.js';
import { progress } from '../run/progress.js';
import { named, readSteps, readTimeout } from '../run/read-steps.js';
import { isUnpeeled, withTagCommit } from '../run/tag-commit.js';
import { waitOut } from '../run/wait-out.js';
import type { BuildableEvent, LeadingEvent } from './buildable-event.js';
import { inTries, type TriedJob, type Try, triedVerdict } from './tries.js';

/** Runs that an older version started go on with whatever event they have. */
const ONLY_BUILDABLE = 'only-buildable-events';
/** Runs that an older version started refuse events that lead to a commit. */
const ASKS_FOR_HEAD = 'ask-for-head';

/** Runs that an older version started have their jobs done in one activity each. */
const STEP_BY_STEP = 'jobs-step-by-step';
/** For all steps together that run once a job has not passed, its time is over or its run was cancelled. */
const AFTER_MS = 5 * 60_000;
/** For what passes between steps and is none of the job's time, and to take in that its time is over. */
const BETWEEN_MS = 8 * 60_000;
/** In characters: the result of a job is kept in histories. */
const MAX_SUMMARY = 32_000;
/** In characters: what is told of a job that has passed stands in the history once more. */
const MAX_PASSED = 256 * 1024;

/** What a job runs. */
export interface JobOptions {
  /** Part of the commit status's name; letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** Shell command lines, run in order until one fails. Pass event data in `env`, never in a command line. */
  readonly steps: readonly (string | JobStep)[];
  /** Environment of the steps: values, or `secret('name')` for one that the configuration holds. */
  readonly env?: Readonly<Record<string, string | SecretName>>;
  /** For the whole job, checkout included: milliseconds, or words such as `'20 minutes'`. Default 30 minutes. */
  readonly timeout?: Duration;
  /** How the commit is checked out: submodules, Git LFS, the result of the merge, credentials, how much history. */
  readonly checkout?: CheckoutOptions;
  /**
   * How often the job runs at most, until it passes: each time all of it, in a fresh workspace, on the same commit. Until the last
   * time its status stays pending. Lost workers do not count. Default 1, at most 20.
   */
  readonly attempts?: number;
  /**
   * Runs code that may be a stranger's, of a fork or a merge queue, as the repository's own: it may then do all that the worker's user
   * can, and read its secrets. Default false: such code runs in a sandbox, or not at all.
   */
  readonly trust?: boolean;
  /**
   * Where the repository's own code runs: beside the worker as its user, or in a sandbox without network. Default: `jobs.runner` of the
   * worker's configuration, which is `'host'`.
   */
  readonly runner?: 'host' | 'sandbox';
}

/**
 * Names a secret of the configuration's `secrets`, for a job's `env`. Its value never enters the workflow or its history.
 *
 * @example
 * import { automation, runJob, secret, tag } from 'hookyard/workflow';
 *
 * export const publish = automation({ on: tag({ tags: ['v*'] }) }, async (event) => {
 *   await runJob(event, { name: 'publish', steps: ['npm publish'], env: { NPM_TOKEN: secret('npm') } });
 * });
 */
export function secret(name: string): SecretName {
  return { secret: name };
}

/**
 * Checks out the commit that the event brings, or leads to as `headOf` says, on a worker and runs the steps. Reports the commit
 * status: pending, and one terminal state, also when the run is cancelled or times out. Resolves with `passed: false` when a step
 * fails. Throws when the event leads to no commit, when its commit can't be checked out, or when workers are lost again and again.
 * Where the Git provider is away, it is waited for, a day at most.
 *
 * @example
 * import { automation, push, runJob } from 'hookyard/workflow';
 *
 * export const ci = automation({ on: push() }, async (event) => {
 *   const { passed, durationMs } = await runJob(event, {
 *     name: 'test',
 *     steps: ['npm ci', { name: 'unit tests', run: 'npm test' }],
 *     env: { BRANCH: event.branch },
 *     timeout: '20 minutes',
 *   });
 *   if (passed && durationMs > 600_000) throw new Error('the tests take more than ten minutes');
 * });
 */
export function runJob(event: BuildableEvent | LeadingEvent, options: JobOptions): Promise<TriedJob> {
  const nth = nthOfName(nameInCell(options.name, currentCell()));
  const run = (head: BuildableEvent) =>
    keepSlot(() => inTries(options.attempts, (one) => build(head, options, { one, nth })));
  const isAtOnce = isBuildable(event) || !patched(ASKS_FOR_HEAD);
  const job = isAtOnce ? run(event as BuildableEvent) : findHead(event, { caller: 'runJob()' }).then(run);
  return keepCellOpen(progress.track(job));
}

async function build(
  given: BuildableEvent,
  options: JobOptions,
  { one, nth }: { readonly one: Try; readonly nth: number },
): Promise<TriedJob> {
  if (!isJobName(options.name))
    throw new Error(
      `runJob(): "name" must be 1 to 50 letters, digits, ".", "_" or "-", not ${JSON.stringify(options.name)}`,
    );
  const because = whyNotBuildable(given.kind);
  if (because !== undefined && patched(ONLY_BUILDABLE)) throw new Error(`runJob(): ${because}`);
  if (options.steps.length === 0) throw new Error('runJob(): "steps" must hold at least one command line');
  if (options.checkout !== undefined) checkCheckoutOptions(options.checkout);
  checkWhere(options);
  const event = isUnpeeled(given) ? await withTagCommit(given, provider) : given;
  const isByStep = patched(STEP_BY_STEP);
  const steps = isByStep ? readSteps(options.steps) : options.steps.map(asBefore);
  const timeoutMs = isByStep ? readTimeout(options.timeout) : msToNumber(options.timeout ?? '30 minutes');
  const cell = currentCell();
  const name = nameInCell(options.name, cell);
  const status = {
    source: event.source,
    repository: event.repository.fullName,
    sha: event.commit.sha,
    context: contextOf(workflowInfo().workflowType, statusNameInCell(options.name, cell)),
  };
  const step = progress.step(`Job ${name}`, { decides: true, name: JSON.stringify([name, status]) });
  const todo: Todo = {
    steps,
    input: {
      name,
      ...(nth > 1 && { nth }),
      checkout: checkoutOf(event, { options: options.checkout, since: workflowInfo().startTime }),
      env: options.env ?? {},
      timeoutMs,
      context: status.context,
      runStartedAt: beganAt(),
      waitsOut: true,
      ...(options.trust && { trust: true as const }),
      ...(options.runner !== undefined && { runner: options.runner }),
    },
    activity: {
      priority: priorityOf({ source: event.source, repository: event.repository.fullName }),
      taskQueue: jobsQueueOf(workflowInfo().taskQueue),
      summary: `${name}: ${steps.length} steps at ${event.commit.sha.slice(0, 7)}`,
    },
    one,
    isInCell: cell !== undefined,
    onStep: (words) => step.end('running', plain(words)),
  };
  const inCell = beginInCell(JSON.stringify([name, status]));
  try {
    const { annotated = false, ...result } = await waitOut(step, () => (isByStep ? stepByStep(todo) : atOnce(todo)));
    inCell(result.passed);
    if (result.passed) step.end('passed', inWords(result, event), summaryOf(result));
    else step.end('failed', inWords(result, event), whyFailed(result));
    reportInCell({
      ...{ ...status, ...triedVerdict(verdictOf(result), one) },
      ...(result.passed && { lifts: true as const }),
    });
    annotateInBackground(
      {
        // Cells with one status have problems of their own.
        ...{ ...status, context: contextOf(workflowInfo().workflowType, name), runStartedAt: beganAt() },
        ...(event.kind === 'pull_request' && { pullRequest: event.pullRequest.number }),
      },
      result.steps.flatMap(({ problems = [] }) => problems),
      { passed: result.passed, isLast: result.passed || one.nth === one.of, isAnnotated: annotated },
    );
    return { tries: one.nth, ...result };
  } catch (error) {
    inCell(false);
    const cancelled = isCancellation(error);
    const because = cancelled ? (cellCancelledBecause() ?? cancelledBecause()) : reasonOf(error);
    if (cancelled) step.end('cancelled');
    else step.fail(because);
    CancellationScope.nonCancellable(async () => reportInCell({ ...status, state: 'error', description: because }));
    throw error;
  }
}

/** What there is to do, in words for both ways of doing it. */
interface Todo {
  readonly steps: readonly JobStep[];
  readonly input: Omit<RunJobInput, 'steps'>;
  readonly activity: ActivityOptions;
  readonly one: Try;
  readonly isInCell: boolean;
  readonly onStep: (words: string) => void;
}

/** `annotated`: problems of an earlier run are shown; `tries`: those that it took in an earlier run. */
type Done = JobResult & Pick<HeldJob, 'annotated'> & Partial<Pick<TriedJob, 'tries'>>;

async function stepByStep({ steps, input, activity, one, isInCell, onStep }: Todo): Promise<Done> {
  const { timeoutMs } = input;
  const options = { ...activity, startToCloseTimeout: timeoutMs + AFTER_MS + BETWEEN_MS };
  // Further tries begin anew.
  const from = one.nth === 1 ? goOnFrom(steps) : undefined;
  const snapshots = steps.some((step) => step.snapshot === true) && ({ snapshots: true } as const);
  const hold = { ...input, steps: steps.length, afterMs: AFTER_MS, ...(from && { from }), ...snapshots };
  const known = new Map<number, StepKnown>();
  const isFinal = one.nth === one.of;
  const { held, did } = await onHost(hold, options, {
    work: (host) => runSteps(host, steps, { timeoutMs, afterMs: AFTER_MS, isFinal, known, onStep }),
    // With its job's name, which is that of its cell too, where there are steps of others in the timeline.
    shownAs: (what) => (isInCell || jobsBegun() > 1 ? `${input.name}: ${what}` : what),
    told: (ran) => passedOf(ran, { steps, tries: one.nth }),
  });
  if (held.before) return { ...held.before, outcome: 'passed', passed: true, url: held.url };
  const results: readonly StepResult[] =
    did?.results ?? steps.map(({ name }) => ({ name, outcome: 'timed_out', durationMs: 0 }));
  const { durationMs, tail, attempt, url, annotated } = held;
  return {
    ...outcomeOf(results),
    ...resultOf({ results, outputs: did?.outputs ?? {}, summary: did?.summary ?? '' }),
    ...{ durationMs, tail, attempt, url },
    ...(annotated && { annotated }),
  };
}

function resultOf({ results, outputs, summary }: StepsRan): PassedJob['result'] {
  return { steps: results, outputs, ...(summary !== '' && { summary: truncate(summary, MAX_SUMMARY) }) };
}

/** Returns what is told of a job that has passed, where there is room for it. */
function passedOf(ran: StepsRan, of: Pick<PassedJob, 'steps' | 'tries'>): Pick<CloseJobInput, 'passed'> {
  const passed: PassedJob = { ...of, result: resultOf(ran) };
  return outcomeOf(ran.results).passed && JSON.stringify(passed).length <= MAX_PASSED ? { passed } : {};
}

/** As runs of an older version do it: in one activity. */
async function atOnce({ steps, input, activity }: Todo): Promise<Done> {
  const options = { ...activity, startToCloseTimeout: input.timeoutMs + 120_000 };
  const result = await job.runJob.executeWithOptions(options, [
    { ...input, steps: steps.map(({ name, run }) => ({ name, run })) },
  ]);
  return { outputs: {}, ...result };
}

/** Throws for what says nothing of where a job runs: authors' code need not be type-checked. */
function checkWhere({ trust, runner }: Pick<JobOptions, 'trust' | 'runner'>): void {
  if (trust !== undefined && typeof trust !== 'boolean')
    throw new Error(`runJob(): "trust" must be true or false, not ${JSON.stringify(trust)}`);
  if (runner !== undefined && runner !== 'host' && runner !== 'sandbox')
    throw new Error(`runJob(): "runner" must be 'host' or 'sandbox', not ${JSON.stringify(runner)}`);
}

function asBefore(step: string | JobStep): JobStep {
  return typeof step === 'string' ? named(step) : step;
}
