import { bounded, retryAfterMs } from '../../../http/retry-after.js';
import type { Mask } from '../../../secrets/mask.js';
import { maskText } from '../../../secrets/mask-values.js';
import { ProviderError } from '../../error.js';

type Headers = Readonly<Record<string, string | number | undefined>>;

/** The parts of Octokit's `RequestError` that are read. */
interface ApiError {
  readonly status: number;
  readonly message: string;
  readonly response: { readonly headers: Headers };
}

/** For rate limits without a time. GitHub asks for at least a minute. */
const DEFAULT_LIMIT_MS = 60_000;

/**
 * Returns the {@link ProviderError} for an error of Octokit. The original must not be its cause, because it carries the
 * request with its headers; what GitHub says may quote them, and is masked before it is cut. `request`: method and route;
 * `api`: the option that a person would change.
 *
 * Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function githubFailure(
  error: unknown,
  { request, api, mask }: { request: string; api: string; mask: Mask },
): ProviderError {
  const message = maskText(error instanceof Error ? error.message : String(error), mask).slice(0, 500);
  if (!isApiError(error)) return new ProviderError('unavailable', `GitHub did not answer ${request}: ${message}`);
  const { status } = error;
  const { headers } = error.response;
  const said = `GitHub answered ${status} to ${request}: ${message}`;
  if (isLimit(error)) return unavailable(said, { status, delay: limitDelay(headers) });
  if (status === 401 || status === 403)
    return new ProviderError('not configured', `${said}. Give ${api} a credential that is valid and may do this`, {
      status,
    });
  if (status >= 500 || status === 408 || status === 425)
    return unavailable(said, { status, delay: retryAfterMs(text(headers['retry-after']), Date.now()) });
  return new ProviderError('refused', said, { status });
}

function unavailable(said: string, { status, delay }: { status: number; delay: number | undefined }): ProviderError {
  return new ProviderError('unavailable', said, { status, ...(delay !== undefined && { retryAfterMs: delay }) });
}

/** Returns the status of GitHub's response; undefined when there was none. */
export function answeredStatus(error: unknown): number | undefined {
  return isApiError(error) ? error.status : undefined;
}

/** Without `response` the network failed, and Octokit makes the `status` up. */
function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && 'status' in error && 'response' in error && error.response !== undefined;
}

/** A secondary limit may come as a 403 without any header. Then its message is the only sign that GitHub gives. */
function isLimit({ status, message, response }: ApiError): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const { headers } = response;
  if (headers['retry-after'] || text(headers['x-ratelimit-remaining']) === '0') return true;
  return /secondary rate limit/i.test(message);
}

function limitDelay(headers: Headers): number {
  const asked = retryAfterMs(text(headers['retry-after']), Date.now());
  if (asked !== undefined) return asked;
  const reset = Number(headers['x-ratelimit-reset']);
  if (text(headers['x-ratelimit-remaining']) !== '0' || !reset) return DEFAULT_LIMIT_MS;
  return bounded(reset * 1000 - Date.now() + 1000);
}

function text(header: string | number | undefined): string | undefined {
  return header === undefined ? undefined : String(header);
}
