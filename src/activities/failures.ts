import { asyncLocalStorage } from '@temporalio/activity';
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
 * Returns a failure for a service that is away: it can't be reached, answers that it can't work now, or asks to be left
 * alone. It passes by itself. Retried like {@link unavailable}, and waited for longer where a run can't go on without it.
 */
export function away(message: string, delayMs?: number): ApplicationFailure {
  const type: FailureType = 'Away';
  return ApplicationFailure.create({ message, type, ...(delayMs !== undefined && { nextRetryDelay: delayMs }) });
}

/**
 * Returns a temporary failure. Retried by the activity's policy, or after `delayMs` when the other side named a time.
 */
export function unavailable(message: string, delayMs?: number): ApplicationFailure {
  return ApplicationFailure.create({ message, ...(delayMs !== undefined && { nextRetryDelay: delayMs }) });
}

/**
 * How often a call is tried whose other side is there, and answers what can't be used: about an hour. Only what is away is
 * waited for as long as the activity's own time allows.
 */
const MAX_ATTEMPTS = 40;

/** Returns a failure as it is, or as a final one where trying again has not helped for long; `Away` stays as it is. */
export function triedEnough(failure: ApplicationFailure): ApplicationFailure {
  const { message } = failure;
  return isAway(failure) || (asyncLocalStorage.getStore()?.info.attempt ?? 1) < MAX_ATTEMPTS
    ? failure
    : refused(message);
}

/** Returns an error as it is, or as a final one where it is `Away`: for an activity whose run waits by itself. */
export function leftToTheRun(error: unknown): unknown {
  return isAway(error) ? ApplicationFailure.nonRetryable(error.message, error.type) : error;
}

/** Returns whether an error is of the type `Away`. */
export function isAway(error: unknown): error is ApplicationFailure {
  return error instanceof ApplicationFailure && error.type === ('Away' satisfies FailureType);
}
