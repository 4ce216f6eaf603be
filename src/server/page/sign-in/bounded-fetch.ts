import type { CustomFetch } from 'openid-client';
import { withDeadline } from '../../../async/deadline.js';
import { readUpTo } from '../../../http/read-up-to.js';

/** Addresses, keys and tokens are some kilobytes. As it is once it is unpacked: some kilobytes may be packed gigabytes. */
const MAX_RESPONSE = 1024 * 1024;

/** Returns the `fetch` of a client of OpenID Connect: a response has a bound, and until its end a deadline, in milliseconds. */
export function createBoundedFetch(ms: number): CustomFetch {
  return (url, init) =>
    withDeadline({ ms, parent: init.signal }, async (signal) => {
      const response = await fetch(url, { ...init, signal } as RequestInit);
      // A response to a status without a body must have none.
      if (!response.body) return response;
      const { text, complete } = await readUpTo(MAX_RESPONSE, response.body);
      if (!complete) throw new Error(`the response is larger than ${MAX_RESPONSE / 1024 / 1024} MB`);
      const { status, headers } = response;
      return new Response(text, { status, headers });
    });
}
