import { ApplicationFailureCategory } from '@temporalio/common';
import { ApplicationFailure } from '@temporalio/workflow';
import { truncate } from '../../events/truncate.js';
import { BUILD_FAILED } from '../../runs/names.js';
import { progress, type RunResult } from './progress.js';

/** In characters: Temporal lists it. */
const MAX_MESSAGE = 2_500;

/**
 * Returns the failure that a run ends with whose build did not pass. Temporal counts and logs it as one that is expected:
 * nothing is wrong with the run. Its message is the first build that did not pass, with the last lines of its output.
 */
export function buildFailure(result: RunResult): ApplicationFailure {
  const { what, because } = progress.failure() ?? { what: 'a build', because: result.outcome };
  return ApplicationFailure.create({
    message: truncate(`${what}: ${because}`, MAX_MESSAGE),
    type: BUILD_FAILED,
    nonRetryable: true,
    category: ApplicationFailureCategory.BENIGN,
    details: [result],
  });
}
