import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import type { Logger } from '../../../log.js';
import type { ApiVersion } from './api-version.js';
import { createBoundedFetch } from './bounded-fetch.js';

const Api = Octokit.plugin(retry, throttling);

/** Which API an Octokit calls, and as whom. */
export interface OctokitOptions {
  readonly baseUrl: string;
  readonly log: Logger;
  readonly version: ApiVersion;
  /** Strategy and its options, for requests that a GitHub App signs itself. */
  readonly auth?: { readonly authStrategy: unknown; readonly auth: unknown };
}

export type { Octokit };

/**
 * Returns an Octokit that sends at most one write a second, as GitHub asks, and retries a server error once, after
 * half a second. It does not wait for a rate limit: the caller does.
 */
export function createOctokit({ baseUrl, log, version, auth }: OctokitOptions): Octokit {
  const quiet = (message: string) => void log.debug({ github: baseUrl }, message);
  // Octokit logs at `error` what it is about to retry; what fails for good is thrown, and logged by the caller.
  const octokitLog = { debug: () => {}, info: () => {}, warn: quiet, error: quiet };
  return new Api({
    ...auth,
    baseUrl,
    userAgent: 'hookyard',
    log: octokitLog,
    request: { fetch: createBoundedFetch(version), log: octokitLog },
    // Instances with the same id share their limiters, so that one API sees one rate.
    throttle: { id: baseUrl, onRateLimit: () => false, onSecondaryRateLimit: () => false },
    retry: { retries: 1, retryAfterBaseValue: 500, doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451] },
  });
}
