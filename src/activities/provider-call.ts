import type { ApplicationFailure } from '@temporalio/common';
import { ProviderError } from '../providers/error.js';
import { throwIfCancelled } from './cancelled.js';
import { away, notConfigured, refused, triedEnough, unavailable } from './failures.js';

/**
 * Runs a call of a provider's API as part of an activity. Throws `NotConfigured`, `Refused`, `Away`, or another failure
 * that is retried, with the provider's delay if it gave one; a `CancelledFailure` when the activity is cancelled.
 */
export async function providerCall<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    await throwIfCancelled();
    throw error instanceof ProviderError ? failureFor(error) : error;
  }
}

function failureFor(error: ProviderError): ApplicationFailure {
  const { kind, message, retryAfterMs } = error;
  switch (kind) {
    case 'unavailable':
      return isAway(error) ? away(message, retryAfterMs) : triedEnough(unavailable(message, retryAfterMs));
    case 'not configured':
      return notConfigured(message);
    case 'refused':
      return refused(message);
  }
}

/** Whether the provider gave no answer, or one that is none: that it is overloaded, down, or asks too often. */
function isAway({ status, retryAfterMs }: ProviderError): boolean {
  return status === undefined || status >= 500 || [408, 425, 429].includes(status) || retryAfterMs !== undefined;
}
