import type { ApplicationFailure } from '@temporalio/common';
import { ProviderError } from '../providers/error.js';
import { throwIfCancelled } from './cancelled.js';
import { notConfigured, refused, unavailable } from './failures.js';

/**
 * Runs a call of a provider's API as part of an activity. Throws `NotConfigured`, `Refused`, or a failure that is
 * retried, with the provider's delay if it gave one; a `CancelledFailure` when the activity is cancelled.
 */
export async function providerCall<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    await throwIfCancelled();
    throw error instanceof ProviderError ? failureFor(error) : error;
  }
}

function failureFor({ kind, message, retryAfterMs }: ProviderError): ApplicationFailure {
  switch (kind) {
    case 'unavailable':
      return unavailable(message, retryAfterMs);
    case 'not configured':
      return notConfigured(message);
    case 'refused':
      return refused(message);
  }
}
