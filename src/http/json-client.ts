import { type Dispatcher, request as httpRequest } from 'undici';
import { withDeadline } from '../async/deadline.js';
import { PrivateAddressError } from './address.js';
import { causeOf } from './cause.js';
import { isPage } from './html-page.js';
import { readAnswer } from './read-up-to.js';
import { leadsToSignIn, MAX_REDIRECTS, redirectTarget } from './redirect.js';
import { RequestError, type RequestErrorKind } from './request-error.js';
import { retryAfterMs } from './retry-after.js';

/** A request of a JSON API. */
export interface Request {
  /** Default: GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the client's base, with a leading slash; parts already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent instead of a body, as a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** Beside the client's own. */
  readonly headers?: Headers;
  /** Statuses that are returned, as 2xx are, and not thrown. */
  readonly accept?: readonly number[];
}

/** An answer of a JSON API. */
export interface Response {
  readonly status: number;
  /** Undefined when the body is empty, not JSON, or too large for a status beside 2xx. Parse before use. */
  readonly json: unknown;
  /** Whether the body is a page in HTML: an API sends none, what stands before it may, to have somebody sign in. */
  readonly isPage: boolean;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Sends one request, once. Throws {@link RequestError}, or the abort reason when the client's signal aborts. */
export type Send = (request: Request) => Promise<Response>;

type Headers = Readonly<Record<string, string>>;

/** Which API a client calls, and how. */
export interface JsonClientOptions {
  /** What all paths are below, without a slash at its end. */
  readonly base: string;
  /** Called for each request. Credentials among them; what it throws is thrown as it is. */
  readonly headers?: (() => Headers | Promise<Headers>) | undefined;
  readonly dispatcher: Dispatcher;
  /** How large a response's body may be. */
  readonly maxBytes: number;
  /** Called for each request: what ends it before its deadline. */
  readonly signal?: (() => AbortSignal | undefined) | undefined;
  /** Whether a redirect to another path below the base is followed: what was asked for has another name now. */
  readonly followsNames?: boolean;
}

/** Of one request, in milliseconds. */
const DEADLINE_MS = 15_000;

/**
 * Returns a client of an HTTP API that takes and gives JSON. Redirects are errors, since they could lead the credentials
 * to another host, unless `followsNames` is set: then their path is asked for at this host, if it lies below the base.
 */
export function createJsonClient(client: JsonClientOptions): Send {
  const { base, headers, dispatcher, maxBytes, signal, followsNames = false } = client;
  return async ({ method = 'GET', path, query, body, form, headers: more, accept = [] }) => {
    let url = new URL(`${base}${path}`);
    for (const [name, value] of Object.entries(query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const content =
      form === undefined
        ? body !== undefined && { type: 'application/json', text: JSON.stringify(body) }
        : { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(form).toString() };
    const options = {
      method,
      dispatcher,
      headers: {
        ...more,
        accept: 'application/json',
        'user-agent': 'hookyard',
        ...(content && { 'content-type': content.type }),
        ...(await headers?.()),
      },
      ...(content && { body: content.text }),
    };
    const ask = () => receive(url, { options, maxBytes, parent: signal?.() });
    let response = await ask();
    for (let left = followsNames ? MAX_REDIRECTS : 0; left > 0 && !accept.includes(response.status); left--) {
      const next = renamed(response, { asked: url, base, method });
      if (!next) break;
      url = next;
      response = await ask();
    }
    const { status, complete } = response;
    const isSuccess = status >= 200 && status < 300;
    if (!isSuccess && !accept.includes(status)) throw statusError(response, { method, path: url.pathname });
    if (isSuccess && !complete)
      throw new RequestError('too large', `answered with more than ${sizeOf(maxBytes)}`, { status });
    const { text } = response;
    return { status, headers: response.headers, json: complete ? parsed(text) : undefined, isPage: isPage(text) };
  };
}

interface Received extends Omit<Response, 'json' | 'isPage'> {
  readonly text: string;
  readonly complete: boolean;
}

interface Sending {
  readonly options: Parameters<typeof httpRequest>[1];
  readonly maxBytes: number;
  readonly parent: AbortSignal | undefined;
}

async function receive(url: URL, { options, maxBytes, parent }: Sending): Promise<Received> {
  try {
    return await withDeadline({ ms: DEADLINE_MS, parent }, async (signal) => {
      const answer = await httpRequest(url, { ...options, signal });
      const { statusCode: status, headers } = answer;
      return { status, headers: single(headers), ...(await readAnswer(maxBytes, answer)) };
    });
  } catch (error) {
    if (parent?.aborted) throw error;
    if (error instanceof PrivateAddressError) throw new RequestError('private address', error.message);
    throw new RequestError('no response', `did not answer: ${causeOf(error)}`);
  }
}

/**
 * Returns where a redirect says that the same is now: below the base, at this host whatever host it names. Undefined for
 * what is no redirect, or would make another request of it.
 */
function renamed(
  { status, headers }: Received,
  { asked, base, method }: { asked: URL; base: string; method: string },
): URL | undefined {
  const target = redirectTarget({ status, location: headers.location }, { asked, method });
  if (!target) return undefined;
  const next = new URL(`${asked.origin}${target.pathname}${target.search || asked.search}`);
  const isBelow = next.pathname.startsWith(`${new URL(base).pathname.replace(/\/+$/, '')}/`);
  return isBelow && next.pathname !== asked.pathname ? next : undefined;
}

function statusError(
  { status, headers }: Received,
  { method, path }: { readonly method: string; readonly path: string },
): RequestError {
  const asksToSignIn = leadsToSignIn({ status, location: headers.location }, path);
  const said = `answered ${status} to ${method} ${path}${asksToSignIn ? ', and leads to a page to sign in' : ''}`;
  return new RequestError(asksToSignIn ? 'unauthorized' : kindOf(status), said, {
    status,
    retryAfterMs: retryAfterMs(headers['retry-after'], Date.now()),
  });
}

function kindOf(status: number): RequestErrorKind {
  if (status >= 300 && status < 400) return 'redirected';
  if (status === 401 || status === 403) return 'unauthorized';
  return status >= 500 || [408, 425, 429].includes(status) ? 'busy' : 'rejected';
}

function sizeOf(bytes: number): string {
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes} kB` : `${kilobytes / 1024} MB`;
}

/** Some write a byte order mark before it, which a reader may leave out (RFC 8259, 8.1). */
function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function single(headers: Dispatcher.ResponseData['headers']): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
}
