import { z } from 'zod';
import type { SourceOf } from '../../../config/config.js';
import { ProviderError } from '../../error.js';
import { type Ask, createAsk, type Question } from '../../json-client.js';
import { type Pages, readPages } from '../../pages.js';
import { promised } from '../../parse-response.js';
import { tokenFor } from '../../token-header.js';

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
  readonly ask: Ask;
  /** Asks, and takes from the answer what `schema` names; `what` stands in the error. */
  get<T extends z.ZodType>(question: Question, schema: T, what: string): Promise<z.output<T>>;
  /** Asks for a list, page by page. */
  list<T extends z.ZodType>(
    question: Question,
    item: T,
    options: ListOptions<z.output<T>>,
  ): Promise<Pages<z.output<T>>>;
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
  const ask = createAsk({
    source: name,
    base: (source.api?.url ?? CLOUD).replace(/\/+$/, ''),
    headers: () => ({ authorization: authorization(options) }),
    signal,
  });
  return {
    name,
    ask,
    get: async (question, schema, what) => promised(schema, await ask(question), { source: name, what }),
    list: (question, item, { what, most, perPage = 100, enough }) =>
      readPages('', {
        most,
        async read(page) {
          const query = { ...question.query, pagelen: perPage, ...(page && { page }) };
          const schema = z.object({ values: z.array(item), next: z.string().nullish() });
          const answer = await ask({ ...question, query });
          const { values, next } = promised(schema, answer, { source: name, what: `list of ${what}s` });
          if (!next || enough?.(values)) return { items: values, next: undefined };
          if (values.length === 0) throw strange(name, 'gave an empty page');
          return { items: values, next: pageOf(next) ?? strangePage(name) };
        },
      }),
  };
}

function authorization({ name, source: { api } }: CloudOptions): string {
  const option = `sources.${name}.api.token`;
  if (!api?.token) throw new ProviderError('not configured', `source ${name} has no API credentials: set ${option}`);
  const token = tokenFor(api.token, option);
  return api.username === undefined
    ? `Bearer ${token}`
    : `Basic ${Buffer.from(`${api.username}:${token}`).toString('base64')}`;
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
