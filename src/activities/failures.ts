import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from './contract/index.js';

/** Returns a failure that a person must act on: the message says what to do. Not retried. */
export function notConfigured(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'NotConfigured' satisfies FailureType);
}

/** Returns a failure for what was refused, and would be refused again. Not retried. */
export function refused(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'Refused' satisfies FailureType);
}

/** Returns a failure for an address that leads somewhere private. Not retried. */
export function privateAddress(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'PrivateAddress' satisfies FailureType);
}

/**
 * Returns a temporary failure. Retried by the activity's policy, or after `delayMs` when the other side named a time.
 */
export function unavailable(message: string, delayMs?: number): ApplicationFailure {
  return ApplicationFailure.create({ message, ...(delayMs !== undefined && { nextRetryDelay: delayMs }) });
}
