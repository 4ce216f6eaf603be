import type { ApplicationFailure } from '@temporalio/common';
import type { RequestError } from '../../http/request-error.js';
import { away, notConfigured, privateAddress, refused } from '../failures.js';

/** Returns the failure of a request to a build service. Names no path: a build's URL may be a credential. */
export function failureFor(
  { kind, message, status, retryAfterMs }: RequestError,
  { build, method }: { build: string; method?: string },
): ApplicationFailure {
  const said = `build ${build} answered ${status}${method === undefined ? '' : ` to ${method}`}`;
  switch (kind) {
    case 'no response':
      return away(`build ${build} ${message}`);
    case 'private address':
      return privateAddress(`build ${build}: ${message}; set builds.${build}.allowPrivate if it is meant`);
    case 'too large':
      return refused(`build ${build} ${message}`);
    case 'redirected':
      return notConfigured(`${said}, and redirects are not followed: set builds.${build}.url to the final address`);
    case 'unauthorized':
      return notConfigured(`${said}: set builds.${build}.token to one that it accepts`);
    case 'busy':
      return away(said, retryAfterMs);
    case 'rejected':
      return refused(status === 404 ? `${said}: look whether builds.${build} names what is there` : said);
  }
}
