import { isCancellation } from '@temporalio/workflow';
import { reasonOf } from './failure.js';
import { type ProgressStep, progress } from './progress.js';

/** Runs `work` as a step of the run's progress. `inWords` describes its result, as Markdown. Rejects as `work` does. */
export function runStep<T>(
  what: string,
  work: (step: ProgressStep) => Promise<T>,
  inWords?: (result: T) => string,
): Promise<T> {
  return progress.track(run(what, work, inWords));
}

async function run<T>(
  what: string,
  work: (step: ProgressStep) => Promise<T>,
  inWords?: (result: T) => string,
): Promise<T> {
  const step = progress.step(what);
  try {
    const result = await work(step);
    step.end('passed', inWords?.(result));
    return result;
  } catch (error) {
    if (isCancellation(error)) step.end('cancelled');
    else step.fail(reasonOf(error));
    throw error;
  }
}
