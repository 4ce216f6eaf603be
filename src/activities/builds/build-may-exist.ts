import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from '../contract/index.js';
import { notConfigured } from '../failures.js';

/** Returns whether an earlier attempt may have had a build made. */
export function isLaterAttempt(): boolean {
  return Context.current().info.attempt > 1;
}

/**
 * Returns what a trigger fails with though a build may have been made. A service that does not let us in can't be asked to cancel it
 * either, so that the failure itself says that it may go on.
 */
export function mayGoOn(error: unknown): unknown {
  const isOutside = error instanceof ApplicationFailure && error.type === ('NotConfigured' satisfies FailureType);
  return isOutside
    ? notConfigured(`${error.message}; a build may have been made all the same, and go on: look there`)
    : error;
}
