import { guardedAgent } from '../http/guarded-agent.js';
import { createJsonClient, type JsonClientOptions, type Send } from '../http/json-client.js';
import { RequestError } from '../http/request-error.js';
import { ProviderError } from './error.js';

/** Which API a request goes to, and in whose name. */
export interface SendOptions extends Pick<JsonClientOptions, 'base' | 'headers' | 'signal'> {
  /** Name of the source, for messages. */
  readonly source: string;
  /** What is asked, for messages. Default: the API of the source. */
  readonly what?: string;
}

/** A page of a large comparison takes some MB. */
const MAX_RESPONSE = 16 * 1024 * 1024;

/** Returns a client of a source's API that throws {@link ProviderError} where the HTTP client throws its own error. */
export function createSend({ source, what = `the API of source ${source}`, ...options }: SendOptions): Send {
  const dispatcher = guardedAgent({ allowPrivate: true });
  const send = createJsonClient({ ...options, dispatcher, maxBytes: MAX_RESPONSE, followsNames: true });
  return async (request) => {
    const response = await send(request).catch((error: unknown) => {
      throw error instanceof RequestError ? providerErrorFor(error, { source, what }) : error;
    });
    const { method = 'GET' } = request;
    if (method !== 'GET' && response.isPage && response.status < 300)
      throw pageForAnswer(what, { request: `${method} ${request.path}`, status: response.status });
    return response;
  };
}

/**
 * Returns what a write fails with that was answered with a page: of its answer nobody reads more than the status, and what stands before an
 * API, while that is away or to have somebody sign in, may send its page with 200.
 */
export function pageForAnswer(
  what: string,
  { request, status }: { readonly request: string; readonly status: number },
): ProviderError {
  const said = `${what} answered ${status} to ${request} with a page for people, and so has done nothing`;
  return new ProviderError('unavailable', said, { status });
}

function providerErrorFor(
  { kind, message, status, retryAfterMs }: RequestError,
  { source, what }: { source: string; what: string },
): ProviderError {
  const said = `${what} ${message}`;
  const more = { ...(status !== undefined && { status }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
  switch (kind) {
    case 'no response':
    case 'too large':
    case 'busy':
      return new ProviderError('unavailable', said, more);
    case 'unauthorized':
      // Some answer 403, and not 429, to who asks too often.
      if (status === 403 && retryAfterMs !== undefined) return new ProviderError('unavailable', said, more);
      return new ProviderError(
        'not configured',
        `${said}: set sources.${source}.api to credentials that may do this`,
        more,
      );
    case 'redirected':
      return new ProviderError(
        'not configured',
        `${said} with a redirect that leads elsewhere, which is not followed: correct its address`,
        more,
      );
    case 'private address':
    case 'rejected':
      return new ProviderError('refused', said, more);
  }
}
