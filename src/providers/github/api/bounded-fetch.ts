import { Agent, fetch, Headers, type RequestInit, Response } from 'undici';
import { withDeadline } from '../../../async/deadline.js';
import { readUpTo } from '../../../http/read-up-to.js';
import { MAX_REDIRECTS, redirectTarget } from '../../../http/redirect.js';
import { rememberIssued } from '../../../secrets/known-secrets.js';
import type { ApiVersion } from './api-version.js';

/** For one request on the wire, in milliseconds: from when it leaves the limiters' queue until the response is read. */
const DEADLINE_MS = 15_000;
/** How long an app's signature counts, in milliseconds. */
const SIGNED_MS = 10 * 60_000;
/** As it is once it is unpacked: some kilobytes may be packed gigabytes. A page of 50 runs is about 1 MB. */
const MAX_RESPONSE = 16 * 1024 * 1024;

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
        rememberSigned(headers.get('authorization'));
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

/** An app signs a token for each request: GitHub may quote it. */
function rememberSigned(authorization: string | null): void {
  const token = /^bearer (eyJ.+)$/i.exec(authorization ?? '')?.[1];
  if (token !== undefined) rememberIssued('request', token, Date.now() + SIGNED_MS);
}

/** Returns where a redirect leads at the same host. */
function redirected({ status, headers }: Response, { at, method }: { at: string; method: string }): string | undefined {
  const asked = new URL(at);
  const target = redirectTarget({ status, location: headers.get('location') }, { asked, method });
  return target?.origin === asked.origin ? target.href : undefined;
}

async function unpacked({ status, headers, body }: Response): Promise<Response> {
  // A response to a status without a body must have none.
  if (!body) return new Response(null, { status, headers });
  const { text, complete } = await readUpTo(MAX_RESPONSE, body);
  if (!complete) throw new Error(`the response is larger than ${MAX_RESPONSE / 1024 / 1024} MB`);
  return new Response(text, { status, headers });
}
