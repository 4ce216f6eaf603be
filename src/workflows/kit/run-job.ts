import { msToNumber } from '@temporalio/common/lib/time.js';
import { CancellationScope, isCancellation, patched, workflowInfo } from '@temporalio/workflow';
import type { ArtifactNeeded, ArtifactWanted } from '../../activities/contract/index.js';
import { plain } from '../../events/markdown.js';
import { jobsQueueOf } from '../../runs/names.js';
import { priorityOf } from '../../runs/priority.js';
import { contextOf } from '../../runs/status-context.js';
import { provider } from '../run/activities.js';
import { annotateInBackground } from '../run/annotate.js';
import { beganAt } from '../run/began-at.js';
import { isBuildable, whyNotBuildable } from '../run/buildable.js';
import { cancelledBecause } from '../run/cancel-reason.js';
import { beginInCell, cellCancelledBecause, currentCell, keepCellOpen } from '../run/cells/cell.js';
import { artifactNameInCell, artifactNamesInCells, nameInCell, statusNameInCell } from '../run/cells/names.js';
import { noteInCells } from '../run/cells/report-unrun-jobs.js';
import { reportInCell } from '../run/cells/statuses.js';
import { checkoutOf } from '../run/checkout-of.js';
import { endUnbegun } from '../run/end-thrown.js';
import { reasonOf } from '../run/failure.js';
import { findHead } from '../run/find-head.js';
import { refuseLarge } from '../run/job-size.js';
import { inWords, summaryOf, verdictOf, whyFailed } from '../run/job-words.js';
import { keepSlot } from '../run/lane.js';
import { nthOfName } from '../run/nth-of-name.js';
import { withPlainTexts } from '../run/plain-cache-keys.js';
import { progress } from '../run/progress.js';
import { readArtifacts, readNeeds } from '../run/read-artifacts.js';
import { readCaches } from '../run/read-caches.js';
import { readSteps, readTimeout } from '../run/read-steps.js';
import { isUnpeeled, withTagCommit } from '../run/tag-commit.js';
import { tokenEventFor } from '../run/token-event.js';
import { waitOut } from '../run/wait-out.js';
import type { BuildableEvent, LeadingEvent } from './buildable-event.js';
import { asBefore, atOnce, stepByStep, type Todo } from './do-job.js';
import { checkJobOptions, type JobOptions } from './job-options.js';
import { inTries, type TriedJob, type Try, triedVerdict } from './tries.js';

/** Runs that an older version started go on with whatever event they have. */
const ONLY_BUILDABLE = 'only-buildable-events';
/** Runs that an older version started refuse events that lead to a commit. */
const ASKS_FOR_HEAD = 'ask-for-head';

/** Runs that an older version started have their jobs done in one activity each. */
const STEP_BY_STEP = 'jobs-step-by-step';

/** What is known of a job that may throw before it has a step of its own, which tells of how it ends. */
interface JobBegin {
  head: BuildableEvent | undefined;
  hasStep: boolean;
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
  const begin: JobBegin = { head: undefined, hasStep: false };
  const run = (head: BuildableEvent) => {
    begin.head = head;
    return keepSlot(() => inTries(options.attempts, (one) => build(head, options, { one, nth, begin })));
  };
  const isAtOnce = isBuildable(event) || !patched(ASKS_FOR_HEAD);
  const job = isAtOnce ? run(event as BuildableEvent) : findHead(event, { caller: 'runJob()' }).then(run);
  // Beside what the author does with it, who may not wait for it at all.
  job.catch((error) => begin.hasStep || endUnbegun(options.name, begin.head, error));
  return keepCellOpen(progress.track(job));
}

async function build(
  given: BuildableEvent,
  options: JobOptions,
  { one, nth, begin }: { readonly one: Try; readonly nth: number; readonly begin: JobBegin },
): Promise<TriedJob> {
  begin.hasStep = false;
  checkJobOptions(options);
  const because = whyNotBuildable(given.kind);
  if (because !== undefined && patched(ONLY_BUILDABLE)) throw new Error(`runJob(): ${because}`);
  const event = isUnpeeled(given) ? await withTagCommit(given, provider) : given;
  begin.head = event;
  const isByStep = patched(STEP_BY_STEP);
  const steps = isByStep ? readSteps(options.steps) : options.steps.map(asBefore);
  if (isByStep) refuseLarge(options.env ?? {}, steps);
  const timeoutMs = isByStep ? readTimeout(options.timeout) : msToNumber(options.timeout ?? '30 minutes');
  const files = filesOf(options);
  const cell = currentCell();
  const name = nameInCell(options.name, cell);
  const status = {
    source: event.source,
    repository: event.repository.fullName,
    sha: event.commit.sha,
    context: contextOf(workflowInfo().workflowType, statusNameInCell(options.name, cell)),
  };
  const step = progress.step(`Job ${name}`, { decides: true, name: JSON.stringify([name, status]) });
  begin.hasStep = true;
  noteInCells(options.name, status);
  const todo: Todo = {
    steps,
    files,
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
      ...(options.network !== undefined && { network: options.network }),
      ...tokenEventFor([options.env, ...steps.map(({ env }) => env)], event),
    },
    activity: {
      priority: priorityOf({ source: event.source, repository: event.repository.fullName }),
      taskQueue: jobsQueueOf(workflowInfo().taskQueue),
      summary: `${name}: ${steps.length} steps at ${event.commit.sha.slice(0, 7)}`,
    },
    one,
    isInCell: cell !== undefined,
    rerunPassed: options.rerunPassed === true,
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

/** Returns which files a job finds and which it keeps. */
function filesOf({ cache, artifacts, needs }: JobOptions): Todo['files'] {
  const cell = currentCell();
  const kept =
    artifacts && readArtifacts(artifacts).map((one) => ({ ...one, name: artifactNameInCell(one.name, cell) }));
  // What another run has kept is named as it is.
  const inCell = (one: ArtifactNeeded): ArtifactWanted => {
    const cellNames = one.run === undefined ? artifactNamesInCells(one.name, cell) : [];
    return { ...one, ...(cellNames.length > 0 && { cellNames }) };
  };
  return {
    ...(cache !== undefined && { caches: readCaches(withPlainTexts(cache)) }),
    ...(kept && { artifacts: kept }),
    ...(needs !== undefined && { needs: readNeeds(needs).map(inCell) }),
  };
}
