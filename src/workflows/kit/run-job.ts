import { type Duration, msToNumber } from '@temporalio/common/lib/time.js';
import { CancellationScope, isCancellation, patched, workflowInfo } from '@temporalio/workflow';
import type { Checkout, JobResult, JobStep, SecretName, StatusInput } from '../../activities/contract/index.js';
import { code, codeBlock, link, plain, withoutControls } from '../../events/markdown.js';
import { jobsQueueOf } from '../../runs/names.js';
import { priorityOf } from '../../runs/priority.js';
import { contextOf, isJobName } from '../../runs/status-context.js';
import { job, provider } from '../run/activities.js';
import { whyNotBuildable } from '../run/buildable.js';
import { cancelledBecause } from '../run/cancel-reason.js';
import { reasonOf } from '../run/failure.js';
import { keepSlot } from '../run/lane.js';
import { progress, type StepMore } from '../run/progress.js';
import { reportInBackground } from '../run/report-status.js';
import { isUnpeeled, withTagCommit } from '../run/tag-commit.js';
import { waitOut } from '../run/wait-out.js';
import type { BuildableEvent } from './buildable-event.js';

/** Runs that an older version started go on with whatever event they have. */
const ONLY_BUILDABLE = 'only-buildable-events';

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
 * Checks out the event's commit on a worker and runs the steps. Reports the commit status: pending, and one terminal
 * state, also when the run is cancelled or times out. Resolves with `passed: false` when a step fails. Throws when the
 * event is no {@link BuildableEvent}, when its commit can't be checked out, or when workers are lost again and again. Where
 * the Git provider is away, it is waited for, a day at most.
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
export function runJob(event: BuildableEvent, options: JobOptions): Promise<JobResult> {
  return progress.track(keepSlot(() => build(event, options)));
}

async function build(given: BuildableEvent, options: JobOptions): Promise<JobResult> {
  if (!isJobName(options.name))
    throw new Error(
      `runJob(): "name" must be 1 to 50 letters, digits, ".", "_" or "-", not ${JSON.stringify(options.name)}`,
    );
  const because = whyNotBuildable(given.kind);
  if (because !== undefined && patched(ONLY_BUILDABLE)) throw new Error(`runJob(): ${because}`);
  if (options.steps.length === 0) throw new Error('runJob(): "steps" must hold at least one command line');
  const event = isUnpeeled(given) ? await withTagCommit(given, provider) : given;
  const timeoutMs = msToNumber(options.timeout ?? '30 minutes');
  const status = {
    source: event.source,
    repository: event.repository.fullName,
    sha: event.commit.sha,
    context: contextOf(workflowInfo().workflowType, options.name),
  };
  const step = progress.step(`Job ${options.name}`, { decides: true });
  try {
    const result = await waitOut(step, () =>
      job.runJob.executeWithOptions(
        {
          priority: priorityOf({ source: event.source, repository: event.repository.fullName }),
          taskQueue: jobsQueueOf(workflowInfo().taskQueue),
          startToCloseTimeout: timeoutMs + 120_000,
          summary: `${options.name}: ${options.steps.length} steps at ${event.commit.sha.slice(0, 7)}`,
        },
        [
          {
            name: options.name,
            checkout: checkoutOf(event),
            steps: options.steps.map(asStep),
            env: options.env ?? {},
            timeoutMs,
            context: status.context,
            runStartedAt: workflowInfo().startTime.toISOString(),
            waitsOut: true,
          },
        ],
      ),
    );
    if (result.passed) step.end('passed', inWords(result, event));
    else step.end('failed', inWords(result, event), whyFailed(result));
    reportInBackground({ ...status, ...verdictOf(result) });
    return result;
  } catch (error) {
    const cancelled = isCancellation(error);
    const because = cancelled ? cancelledBecause() : reasonOf(error);
    if (cancelled) step.end('cancelled');
    else step.fail(because);
    CancellationScope.nonCancellable(async () =>
      reportInBackground({ ...status, state: 'error', description: because }),
    );
    throw error;
  }
}

function checkoutOf(event: BuildableEvent): Checkout {
  const where = { source: event.source, repository: event.repository.fullName, sha: event.commit.sha };
  if (event.kind !== 'pull_request') return { ...where, ref: event.ref };
  const { number, head } = event.pullRequest;
  const { ref, repository } = head;
  return { ...where, pullRequest: { number, head: { ref, ...(repository !== undefined && { repository }) } } };
}

function asStep(step: string | JobStep): JobStep {
  return typeof step === 'string' ? { name: step.split('\n', 1)[0]?.slice(0, 80) ?? step, run: step } : step;
}

function verdictOf(result: JobResult): Pick<StatusInput, 'state' | 'description'> {
  const seconds = `${(result.durationMs / 1000).toFixed(1)} s`;
  switch (result.outcome) {
    case 'passed':
      return { state: 'success', description: `passed in ${seconds}` };
    case 'failed':
      return { state: 'failure', description: `"${failedStep(result)}" failed after ${seconds}` };
    case 'timed_out':
      return { state: 'error', description: `timed out after ${seconds}` };
    default:
      return result.outcome satisfies never;
  }
}

function failedStep(result: JobResult): string {
  return result.steps.find((step) => step.outcome === 'failed')?.name ?? 'a step';
}

/** Returns the result in Markdown, a list item a line: the Temporal UI shows no nested lists. */
function inWords(result: JobResult, event: BuildableEvent): string {
  const steps = result.steps.map(({ name, outcome, durationMs }) => {
    const time = outcome === 'skipped' ? '' : ` in ${(durationMs / 1000).toFixed(1)} s`;
    return `\n- ↳ ${plain(name)}: ${outcome.replace('_', ' ')}${time}`;
  });
  return `${plain(verdictOf(result).description)} at ${link(event.commit.sha.slice(0, 7), event.commit.url)}${steps.join('')}`;
}

/** In lines, and in characters: what one looks at first of a job that did not pass. */
const SHOWN = { lines: 20, characters: 2_000 };

/** Returns why a job did not pass: the step, and the end of its output, in Markdown with where all of it is. */
function whyFailed(result: JobResult): StepMore {
  const lines = result.tail.trimEnd().split('\n').slice(-SHOWN.lines).join('\n').slice(-SHOWN.characters);
  return {
    block: `${codeBlock(lines)}\n\n${code(`hookyard logs ${workflowInfo().workflowId}`)} shows all of it`,
    because: `${verdictOf(result).description}\n${withoutControls(lines)}`.trimEnd(),
  };
}
