import { type Duration, msToNumber } from '@temporalio/common/lib/time.js';
import { CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { JobResult, JobStep, SecretName, StatusInput } from '../../activities/contract/index.js';
import { whereOf } from '../../events/accessors.js';
import type { PullRequestEvent, PushEvent, TagEvent } from '../../events/event.js';
import { link, plain } from '../../events/markdown.js';
import { jobsQueueOf } from '../../runs/names.js';
import { contextOf } from '../../runs/status-context.js';
import { job } from '../run/activities.js';
import { reasonOf } from '../run/failure.js';
import { story } from '../run/progress.js';
import type { BranchHead } from './branch-head.js';
import { reportBeside } from './report.js';

/** An event with a commit to check out. */
export type BuildableEvent = PushEvent | TagEvent | PullRequestEvent | BranchHead;

export interface JobOptions {
  /** Part of the commit status's name; letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** Shell command lines, run in order until one fails. Event data belongs in `env`, never in a command line. */
  readonly steps: readonly (string | JobStep)[];
  /** Environment of the steps: values, or `secret('name')` for one that the configuration holds. */
  readonly env?: Readonly<Record<string, string | SecretName>>;
  /** For the whole job, checkout included: milliseconds, or words such as `'20 minutes'`. Default 30 minutes. */
  readonly timeout?: Duration;
}

/** Names a secret of the configuration's `secrets`; its value never enters the workflow. */
export function secret(name: string): SecretName {
  return { secret: name };
}

/**
 * Checks out the event's commit on a worker and runs the steps. Reports the commit status by itself: pending, and one
 * terminal state, also when the run is cancelled or times out. A step that fails makes `passed` false and throws
 * nothing; what throws is a checkout that is impossible or a worker that is lost again and again.
 */
export function runJob(event: BuildableEvent, options: JobOptions): Promise<JobResult> {
  return story.partOf(build(event, options));
}

async function build(event: BuildableEvent, options: JobOptions): Promise<JobResult> {
  if (!/^[\w.-]{1,50}$/.test(options.name))
    throw new Error(
      `runJob(): "name" must be 1 to 50 letters, digits, ".", "_" or "-", not ${JSON.stringify(options.name)}`,
    );
  if (options.steps.length === 0) throw new Error('runJob(): "steps" must hold at least one command line');
  const timeoutMs = msToNumber(options.timeout ?? '30 minutes');
  const status = {
    source: event.source,
    repository: event.repository.fullName,
    sha: event.commit.sha,
    context: contextOf(workflowInfo().workflowType, options.name),
  };
  const told = story.begin(`Job ${options.name}`, { decides: true });
  try {
    const result = await job.runJob.executeWithOptions(
      {
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
        },
      ],
    );
    told.end(result.passed ? 'passed' : 'failed', inWords(result, event));
    reportBeside({ ...status, ...verdictOf(result) });
    return result;
  } catch (error) {
    const cancelled = isCancellation(error);
    const because = cancelled ? 'cancelled' : reasonOf(error);
    told.end(cancelled ? 'cancelled' : 'error', plain(because));
    CancellationScope.nonCancellable(async () => reportBeside({ ...status, state: 'error', description: because }));
    throw error;
  }
}

function checkoutOf(event: BuildableEvent) {
  const { source, commit } = event;
  if (event.kind === 'branch_head')
    return { source, repository: event.repository.fullName, sha: commit.sha, ref: event.ref };
  return { source, ...whereOf(event), sha: commit.sha };
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

/** One list item a line: the Temporal UI does not show nested lists as such. */
function inWords(result: JobResult, event: BuildableEvent): string {
  const steps = result.steps.map(({ name, outcome, durationMs }) => {
    const time = outcome === 'skipped' ? '' : ` in ${(durationMs / 1000).toFixed(1)} s`;
    return `\n- ↳ ${plain(name)}: ${outcome.replace('_', ' ')}${time}`;
  });
  return `${plain(verdictOf(result).description)} at ${link(event.commit.sha.slice(0, 7), event.commit.url)}${steps.join('')}`;
}
