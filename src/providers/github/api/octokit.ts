import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Agent, fetch, type RequestInit, Response } from 'undici';
import { withDeadline } from '../../../async/deadline.js';
import type { Logger } from '../../../log.js';

const Api = Octokit.plugin(retry, throttling);

/** For one request on the wire, in milliseconds. */
const DEADLINE_MS = 15_000;
/** A page of 50 runs is about 1 MB. */
const MAX_ANSWER = 16 * 1024 * 1024;

export interface OctokitOptions {
  readonly baseUrl: string;
  readonly log: Logger;
  /** Strategy and what it needs, for requests that a GitHub App signs itself. */
  readonly auth?: { readonly authStrategy: unknown; readonly auth: unknown };
}

export type { Octokit };

/**
 * An Octokit that is polite and impatient: writes go out one a second, as GitHub asks; a server error is tried once more
 * after half a second; a rate limit is for the caller to wait for.
 */
export function createOctokit({ baseUrl, log, auth }: OctokitOptions): Octokit {
  const quiet = (message: string) => void log.debug({ github: baseUrl }, message);
  // Octokit reports at `error` what is about to be tried again; what fails for good is thrown and reported there.
  const octokitLog = { debug: () => {}, info: () => {}, warn: quiet, error: quiet };
  return new Api({
    ...auth,
    baseUrl,
    userAgent: 'hookyard',
    log: octokitLog,
    request: { fetch: fetchWithDeadline(new Agent({ maxResponseSize: MAX_ANSWER })), log: octokitLog },
    // Limiters are shared by id across instances, so that one API sees one rate whoever asks.
    throttle: { id: baseUrl, onRateLimit: () => false, onSecondaryRateLimit: () => false },
    retry: { retries: 1, retryAfterBaseValue: 500, doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451] },
  });
}

/** The clock starts when the request leaves the limiters' queue, and runs until the answer is read. */
function fetchWithDeadline(dispatcher: Agent) {
  return (url: string, init: RequestInit): Promise<Response> =>
    withDeadline({ ms: DEADLINE_MS, parent: init.signal ?? undefined }, async (signal) => {
      const answer = await fetch(url, { ...init, dispatcher, signal });
      const { status, headers, body } = answer;
      return new Response(body && (await answer.arrayBuffer()), { status, headers });
    });
}
