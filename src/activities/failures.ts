import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from './contract/index.js';

/** A person must act: the message says what to do. Not retried. */
export function notConfigured(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'NotConfigured' satisfies FailureType);
}

/** The other side said no, and would say so again. Not retried. */
export function refused(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'Refused' satisfies FailureType);
}

/** The address leads somewhere private. Not retried: it would lead there again. */
export function privateAddress(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'PrivateAddress' satisfies FailureType);
}

/** Trouble that passes. Retried by the activity's policy, or after `delayMs` when the other side named a time. */
export function unavailable(message: string, delayMs?: number): ApplicationFailure {
  return ApplicationFailure.create({ message, ...(delayMs !== undefined && { nextRetryDelay: delayMs }) });
}
