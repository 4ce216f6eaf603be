import { z } from 'zod';
import type { SourceOf } from '../../../config/config.js';
import { basic, bearer } from '../../../http/auth-headers.js';
import type { Request, Send } from '../../../http/json-client.js';
import { sourceToken } from '../../connection.js';
import { ProviderError } from '../../error.js';
import { type Pages, readPages } from '../../pages.js';
import { promised } from '../../parse-response.js';
import { createSend } from '../../send.js';

export interface CloudOptions {
  /** The source's name. */
  readonly name: string;
  readonly source: SourceOf<'bitbucket-cloud'>;
  readonly signal?: (() => AbortSignal | undefined) | undefined;
}

/** Bitbucket Cloud's REST API with one source's credentials. */
export interface CloudConnection {
  /** The source's name. */
  readonly name: string;
  readonly send: Send;
  /** Sends a request and parses the response by `schema`; `what` names it in the error. */
  get<T extends z.ZodType>(request: Request, schema: T, what: string): Promise<z.output<T>>;
  /** Reads a list page by page. */
  list<T extends z.ZodType>(request: Request, item: T, options: ListOptions<z.output<T>>): Promise<Pages<z.output<T>>>;
}

export interface ListOptions<T> {
  readonly what: string;
  /** Items, at most. */
  readonly most: number;
  readonly perPage?: number;
  /** Whether a page has what was looked for, and the rest need not be read. */
  readonly enough?: (page: readonly T[]) => boolean;
}

const CLOUD = 'https://api.bitbucket.org/2.0';

/**
 * Bitbucket names a next page by its whole URL. Only that URL's page goes into the next question: the token goes to no
 * other host. Source: https://developer.atlassian.com/cloud/bitbucket/rest/intro/
 */
export function connectCloud(options: CloudOptions): CloudConnection {
  const { name, source, signal } = options;
  const send = createSend({
    source: name,
    base: (source.api?.url ?? CLOUD).replace(/\/+$/, ''),
    headers: () => ({ authorization: authorization(options) }),
    signal,
  });
  return {
    name,
    send,
    get: async (request, schema, what) => promised(schema, await send(request), { source: name, what }),
    list: (request, item, { what, most, perPage = 100, enough }) =>
      readPages('', {
        most,
        async read(page) {
          const query = { ...request.query, pagelen: perPage, ...(page && { page }) };
          const schema = z.object({ values: z.array(item), next: z.string().nullish() });
          const response = await send({ ...request, query });
          const { values, next } = promised(schema, response, { source: name, what: `list of ${what}s` });
          if (!next || enough?.(values)) return { items: values, next: undefined };
          if (values.length === 0) throw strange(name, 'gave an empty page');
          return { items: values, next: pageOf(next) ?? strangePage(name) };
        },
      }),
  };
}

function authorization(options: CloudOptions): string {
  const token = sourceToken(options);
  const username = options.source.api?.username;
  return username === undefined ? bearer(token) : basic(username, token);
}

/** A number, or a word that only Bitbucket understands. */
function pageOf(next: string): string | undefined {
  const page = URL.canParse(next) ? new URL(next).searchParams.get('page') : null;
  return page && page.length <= 500 ? page : undefined;
}

function strangePage(source: string): never {
  throw strange(source, 'named a next page without its number');
}

function strange(source: string, what: string): ProviderError {
  return new ProviderError('unavailable', `the API of source ${source} ${what}`);
}
