import { Context } from '@temporalio/activity';
import { activityProviders } from '../activity-providers.js';
import type { Activities, JobResult, StepRan, StepResult } from '../contract/index.js';
import { createWithJob, type JobDeps } from './open-job.js';
import { runStep } from './run-step.js';

/**
 * Returns the activity that checks out a commit and runs all steps of a job on it, as runs do that an older version started. A
 * failing step and a timeout are results; a lost worker, a failing checkout and a cancelled run are errors. May run twice: each
 * attempt has a workspace of its own.
 */
export function createRunJob(deps: JobDeps, providers = activityProviders(deps)): Activities['runJob'] {
  const withJob = createWithJob(deps, providers);
  return function runJob({ steps, ...input }) {
    return withJob({ ...input, steps: steps.length }, async (job, isOut) => {
      const { cancellationSignal: signal } = Context.current();
      const results: StepResult[] = [];
      for (const [i, step] of steps.entries()) {
        const { name } = step;
        if (!isOut) results.push({ name, outcome: 'timed_out', durationMs: 0 });
        else if (signal.aborted || results.some(({ outcome }) => outcome !== 'passed'))
          results.push({ name, outcome: 'skipped', durationMs: 0 });
        else results.push(resultOf(await runStep(job, { step, number: i + 1, attempt: 1, signal })));
      }
      return { ...outcomeOf(results), ...job.facts() };
    });
  };
}

function resultOf({ name, outcome, exitCode, durationMs }: StepRan): StepResult {
  return { name, outcome, durationMs, ...(exitCode !== undefined && { exitCode }) };
}

function outcomeOf(steps: readonly StepResult[]): Pick<JobResult, 'outcome' | 'passed' | 'steps'> {
  const outcomes = steps.map((step) => step.outcome);
  const outcome = outcomes.includes('timed_out')
    ? 'timed_out'
    : outcomes.every((each) => each === 'passed')
      ? 'passed'
      : 'failed';
  return { outcome, passed: outcome === 'passed', steps };
}
