import type { ApplicationFailure } from '@temporalio/common';
import type { RequestError } from '../../http/request-error.js';
import { away, notConfigured, privateAddress, refused } from '../failures.js';

/** Returns the failure of a request to a build service. Names no path: a build's URL may be a credential. */
export function failureFor(
  { kind, message, status, retryAfterMs }: RequestError,
  { build, said }: { build: string; said: string },
): ApplicationFailure {
  const answered = `${said} answered ${status}`;
  switch (kind) {
    case 'no response':
      return away(`${said} ${message}`);
    case 'private address':
      return privateAddress(`${said}: ${message}; set builds.${build}.allowPrivate if it is meant`);
    case 'too large':
      return refused(`${said} ${message}`);
    case 'redirected':
      return notConfigured(`${answered}, and redirects are not followed: set builds.${build}.url to the final address`);
    case 'unauthorized':
      // Some answer 403, and not 429, to who asks too often.
      if (status === 403 && retryAfterMs !== undefined) return away(answered, retryAfterMs);
      return notConfigured(`${answered}: set builds.${build}.token to one that it accepts, with the rights it needs`);
    case 'busy':
      return away(answered, retryAfterMs);
    case 'rejected':
      return refused(
        status === 404
          ? `${answered}: look whether builds.${build} names what is there, and whether its token may see it`
          : answered,
      );
  }
}
