import { Agent, fetch, Headers, type RequestInit, Response } from 'undici';
import { withDeadline } from '../../../async/deadline.js';
import type { ApiVersion } from './api-version.js';

/** For one request on the wire, in milliseconds: from when it leaves the limiters' queue until the response is read. */
const DEADLINE_MS = 15_000;
/** As it is once it is unpacked: some kilobytes may be packed gigabytes. A page of 50 runs is about 1 MB. */
const MAX_RESPONSE = 16 * 1024 * 1024;
/** One for an owner's new name, one for a repository's; no more than these of one request are followed. */
const MAX_REDIRECTS = 3;

/**
 * Returns the `fetch` of an Octokit. Every request has a deadline, a response a bound, and a redirect, by which GitHub tells of
 * a new name, is followed only at the same host: to another it would take the credentials and the body along.
 */
export function createBoundedFetch(version: ApiVersion) {
  const dispatcher = new Agent({ maxResponseSize: MAX_RESPONSE });
  return (url: string, init: RequestInit): Promise<Response> =>
    withDeadline({ ms: DEADLINE_MS, parent: init.signal ?? undefined }, (signal) =>
      version.send(async (asked) => {
        const headers = new Headers(init.headers);
        headers.set('x-github-api-version', asked);
        let at = url;
        for (let left = MAX_REDIRECTS; ; left--) {
          const response = await fetch(at, { ...init, headers, dispatcher, signal, redirect: 'manual' });
          const next = left > 0 ? redirected(response, { at, method: init.method ?? 'GET' }) : undefined;
          if (next === undefined) return unpacked(response);
          await response.body?.cancel();
          at = next;
        }
      }),
    );
}

/** Returns where the same is now, at the same host; undefined for what is no redirect, or would make another request of it. */
function redirected({ status, headers }: Response, { at, method }: { at: string; method: string }): string | undefined {
  const keepsMethod = status === 307 || status === 308;
  if (!keepsMethod && !(method === 'GET' && (status === 301 || status === 302))) return undefined;
  const location = headers.get('location');
  if (location === null || !URL.canParse(location, at)) return undefined;
  const next = new URL(location, at);
  return next.origin === new URL(at).origin ? next.href : undefined;
}

async function unpacked({ status, headers, body }: Response): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_RESPONSE) throw new Error(`the response is larger than ${MAX_RESPONSE / 1024 / 1024} MB`);
    chunks.push(chunk);
  }
  // A response to a status without a body must have none.
  return new Response(body && Buffer.concat(chunks), { status, headers });
}
