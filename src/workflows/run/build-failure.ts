import { ApplicationFailureCategory } from '@temporalio/common';
import { ApplicationFailure } from '@temporalio/workflow';
import { BUILD_FAILED } from '../../runs/names.js';
import type { RunResult } from './progress.js';

/**
 * Returns the failure that a run ends with whose build did not pass. Temporal counts and logs it as one that is expected:
 * nothing is wrong with the run. `because`: the first build that did not pass, with the last lines of its output.
 */
export function buildFailure(result: RunResult, because: string): ApplicationFailure {
  return ApplicationFailure.create({
    message: because,
    type: BUILD_FAILED,
    nonRetryable: true,
    category: ApplicationFailureCategory.BENIGN,
    details: [result],
  });
}
