import { Context } from '@temporalio/activity';
import { shellWord } from '../../../runs/shell-word.js';
import { storyUrl } from '../../../runs/url.js';
import type { HeldJob, PassedBefore, RunJobInput } from '../../contract/index.js';
import { createJobLog } from '../job-log.js';
import { attemptOf, type JobDeps } from '../open-job.js';
import type { Known, Passed } from './passed-jobs.js';

/** A job that has passed in the run that its own goes on from. */
export type KnownPassed = Extract<Known, { kind: 'passed' }>;

/** Returns what is known of a job, within its activity, of which nothing is checked out and nothing runs. Its log says why. */
export async function countAsBefore(
  { config, store, log }: Pick<JobDeps, 'config' | 'store' | 'log'>,
  { name, ...input }: Pick<RunJobInput, 'name' | 'attemptsBefore'>,
  { run, passed }: KnownPassed,
): Promise<HeldJob> {
  const { namespace, workflowExecution } = Context.current().info;
  const attempt = attemptOf(input);
  const { workflowId = '', runId } = workflowExecution ?? {};
  const mask = (text: string) => text;
  const jobLog = createJobLog({ logs: store.logs, job: { workflowId, job: name }, attempt, mask, log });
  await jobLog.note(countsInWords(name, run));
  await jobLog.end();
  return {
    ...{ durationMs: 0, tail: jobLog.tail(), attempt, before: beforeOf(passed) },
    url: storyUrl(config, { namespace, workflowId, runId }),
  };
}

/** Returns what the log of a job says that counts as in another run. */
export function countsInWords(name: string, run: string): string {
  return `job ${name} has passed in ${run}: it counts as there, and does not run again. hookyard logs ${shellWord(run)} shows its output`;
}

/** Returns what the log of a job says that runs again though it has passed: what it depends on is not the same, or its merge. */
export function runsAgainInWords(known: Exclude<Known, { kind: 'unknown' }>): string {
  const because = known.kind === 'changed' ? known.because : 'the base branch that it is merged into has moved';
  return `begins with its first step, though it has passed in ${known.run}: ${because}`;
}

/** Returns what a job came to, as the run is told that goes on from its own. */
export function beforeOf({ result, tries, durationMs, tail, attempt }: Passed): PassedBefore {
  const steps = result.steps.map((step) => (step.outcome === 'skipped' ? step : ({ ...step, before: true } as const)));
  return { ...result, steps, tries, durationMs, tail, attempt };
}
