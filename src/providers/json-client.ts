import { Agent, type Dispatcher, request } from 'undici';
import { withDeadline } from '../async/deadline.js';
import { retryAfterMs } from '../http/retry-after.js';
import { ProviderError } from './error.js';

export interface Question {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's base, with a leading slash; parts already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Statuses beside 2xx that are answers and not failures. */
  readonly accept?: readonly number[];
}

export interface Answer {
  readonly status: number;
  /** Undefined when the body is empty or not JSON. Parse before use. */
  readonly json: unknown;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Asks a provider's API once. Throws {@link ProviderError}, or the caller's own reason when its signal aborts. */
export type Ask = (question: Question) => Promise<Answer>;

export interface AskOptions {
  /** Name of the source, for messages. */
  readonly source: string;
  /** The API's base, without a slash at its end. */
  readonly base: string;
  /** Credentials among them. */
  readonly headers: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Asked at each call: what ends it before its time. */
  readonly signal?: (() => AbortSignal | undefined) | undefined;
}

/** For one request, in milliseconds. */
const DEADLINE_MS = 15_000;
/** A page of a large comparison takes some MB. */
const MAX_ANSWER = 16 * 1024 * 1024;

/** An API that takes a token in a header and speaks JSON. Redirects are failures: they could lead the token elsewhere. */
export function createAsk({ source, base, headers, signal }: AskOptions): Ask {
  const dispatcher = new Agent({ connect: { timeout: 10_000 }, maxResponseSize: MAX_ANSWER });
  return async ({ method = 'GET', path, query, body, accept = [] }) => {
    const url = new URL(`${base}${path}`);
    for (const [name, value] of Object.entries(query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const sent = {
      accept: 'application/json',
      'user-agent': 'hookyard',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(await headers()),
    };
    const answer = await send(url, {
      options: { method, dispatcher, headers: sent, ...(body !== undefined && { body: JSON.stringify(body) }) },
      signal: signal?.(),
      source,
    });
    if ((answer.status >= 200 && answer.status < 300) || accept.includes(answer.status)) return answer;
    throw failure(answer, { source, asked: `${method} ${url.pathname}` });
  };
}

interface Sending {
  readonly options: Omit<Dispatcher.RequestOptions, 'origin' | 'path'> & { readonly dispatcher: Dispatcher };
  readonly signal: AbortSignal | undefined;
  readonly source: string;
}

async function send(url: URL, { options, signal: parent, source }: Sending): Promise<Answer> {
  try {
    return await withDeadline({ ms: DEADLINE_MS, parent }, async (signal) => {
      const { statusCode: status, headers, body } = await request(url, { ...options, signal });
      const text = await body.text();
      return { status, json: parsed(text), headers: single(headers) };
    });
  } catch (error) {
    if (parent?.aborted) throw error;
    // The request, with its headers, stays behind: only what went wrong is told.
    const { code, message } = error as { code?: string; message: string };
    throw new ProviderError(
      'unavailable',
      `the API of source ${source} did not answer: ${code ?? message.slice(0, 200)}`,
    );
  }
}

function failure({ status, headers }: Answer, { source, asked }: { source: string; asked: string }): ProviderError {
  const said = `the API of source ${source} answered ${status} to ${asked}`;
  if (status === 401 || status === 403)
    return new ProviderError('not configured', `${said}: set sources.${source}.api to credentials that may do this`, {
      status,
    });
  if (status >= 300 && status < 400)
    return new ProviderError('not configured', `${said}, and redirects are not followed: correct its address`, {
      status,
    });
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const delay = retryAfterMs(headers['retry-after'], Date.now());
    return new ProviderError('unavailable', said, { status, ...(delay !== undefined && { retryAfterMs: delay }) });
  }
  return new ProviderError('refused', said, { status });
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function single(headers: Dispatcher.ResponseData['headers']): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
}
