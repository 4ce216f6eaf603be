import { z } from 'zod';
import type { SourceOf } from '../../config/config.js';
import { type Answer, type Ask, createAsk, type Question } from '../ask.js';
import { ProviderError } from '../error.js';
import { type Pages, readPages } from '../pages.js';
import { promised } from '../promised.js';
import { tokenFor } from '../token-header.js';

export interface DataCenterOptions {
  /** The source's name. */
  readonly name: string;
  readonly source: SourceOf<'bitbucket-data-center'>;
  readonly signal?: (() => AbortSignal | undefined) | undefined;
}

/** The REST API of a Bitbucket server with one source's credentials. */
export interface DataCenterConnection {
  readonly ask: Ask;
  /** Asks, and takes from the answer what `schema` names; `what` stands in the error. */
  get<T extends z.ZodType>(question: Question, schema: T, what: string): Promise<z.output<T>>;
  /** Takes from an answer what `schema` names. */
  read<T extends z.ZodType>(schema: T, answer: Answer, what: string): z.output<T>;
  /** Asks for a list, page by page. */
  list<T extends z.ZodType>(
    question: Question,
    item: T,
    options: ListOptions<z.output<T>>,
  ): Promise<Pages<z.output<T>>>;
  /** A user's name: whom the credentials belong to, as the answers so far say. */
  own(): string | undefined;
}

export interface ListOptions<T> {
  readonly what: string;
  /** Items, at most. */
  readonly most: number;
  /** Whether a page has what was looked for, and the rest need not be read. */
  readonly enough?: (page: readonly T[]) => boolean;
}

const PER_PAGE = 100;

/** A list's page. `nextPageStart` is no sum of sizes: what one may not see is left out. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ values: z.array(item), isLastPage: z.boolean().nullish(), nextPageStart: z.int().nullish() });

/**
 * With an HTTP access token. There is no question for whose it is, but each answer names the user in a header.
 * Sources: https://developer.atlassian.com/server/bitbucket/rest/,
 * https://community.developer.atlassian.com/t/obtain-authorised-users-username-from-api/24422
 */
export function connectDataCenter(options: DataCenterOptions): DataCenterConnection {
  const { name, source, signal } = options;
  let own = source.api?.account;
  const plain = createAsk({
    source: name,
    base: (source.api?.url ?? `${source.url.replace(/\/+$/, '')}/rest`).replace(/\/+$/, ''),
    headers: () => ({ authorization: `Bearer ${token(options)}` }),
    signal,
  });
  const ask: Ask = async (question) => {
    const answer = await plain(question);
    own = nameIn(answer.headers['x-ausername']) ?? own;
    return answer;
  };
  const read: DataCenterConnection['read'] = (schema, answer, what) => promised(schema, answer, { source: name, what });
  return {
    ask,
    read,
    own: () => own,
    get: async (question, schema, what) => read(schema, await ask(question), what),
    list: (question, item, { what, most, enough }) =>
      readPages(0, {
        most,
        async read(start) {
          const answer = await ask({ ...question, query: { ...question.query, limit: PER_PAGE, start } });
          const { values, isLastPage, nextPageStart } = read(pageOf(item), answer, `list of ${what}s`);
          const hasMore = isLastPage === false && values.length > 0 && Number(nextPageStart) > start;
          const isLast = !hasMore || enough?.(values);
          return { items: values, next: isLast ? undefined : Number(nextPageStart) };
        },
      }),
  };
}

function token({ name, source }: DataCenterOptions): string {
  const option = `sources.${name}.api.token`;
  if (source.api?.token) return tokenFor(source.api.token, option);
  throw new ProviderError('not configured', `source ${name} has no API credentials: set ${option}`);
}

/** Escaped as in an address. */
function nameIn(header: string | undefined): string | undefined {
  if (!header) return undefined;
  try {
    return decodeURIComponent(header);
  } catch {
    return header;
  }
}
