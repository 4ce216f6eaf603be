import { z } from 'zod';
import type { SourceOf } from '../../config/config.js';
import { type Answer, type Ask, createAsk, type Question } from '../ask.js';
import { ProviderError } from '../error.js';
import { type Pages, readPages } from '../pages.js';
import { promised } from '../promised.js';
import { tokenFor } from '../token-header.js';

export interface GitlabOptions {
  /** The source's name. */
  readonly name: string;
  readonly source: SourceOf<'gitlab'>;
  /** Asked at each call: what ends it before its time. */
  readonly signal?: (() => AbortSignal | undefined) | undefined;
}

/** GitLab's REST API with one source's credentials. */
export interface GitlabConnection {
  readonly ask: Ask;
  /** Asks, and takes from the answer what `schema` names; `what` stands in the error. */
  get<T extends z.ZodType>(question: Question, schema: T, what: string): Promise<z.output<T>>;
  /** Takes from an answer what `schema` names. */
  read<T extends z.ZodType>(schema: T, answer: Answer, what: string): z.output<T>;
  /** Asks for a list, page by page. */
  list<T extends z.ZodType>(
    question: Question,
    schema: T,
    options: ListOptions<z.output<T>>,
  ): Promise<Pages<z.output<T>>>;
  /** Whom the credentials belong to, as GitLab says. */
  account(): Promise<{ login: string }>;
  /** The same from the configuration if it is there, and asked only once. */
  ownLogin(): Promise<string>;
}

export interface ListOptions<T> {
  readonly what: string;
  /** Items, at most. */
  readonly most: number;
  readonly perPage?: number;
  /** Whether a page has what was looked for, and the rest need not be read. */
  readonly enough?: (page: readonly T[]) => boolean;
}

/** The base is the source's `api.url`, or its `url` if that is not set. Source: https://docs.gitlab.com/api/rest/ */
export function connectGitlab({ name, source, signal }: GitlabOptions): GitlabConnection {
  const ask = createAsk({
    source: name,
    base: `${(source.api?.url ?? source.url).replace(/\/+$/, '')}/api/v4`,
    headers: () => ({ 'private-token': token({ name, source }) }),
    signal,
  });

  const get: GitlabConnection['get'] = async (question, schema, what) =>
    promised(schema, await ask(question), { source: name, what });

  const account = async () => {
    const { username } = await get({ path: '/user' }, z.object({ username: z.string().min(1) }), 'user');
    return { login: username };
  };

  let known = source.api?.account;
  return {
    ask,
    get,
    read: (schema, answer, what) => promised(schema, answer, { source: name, what }),
    account,
    async ownLogin() {
      known ??= (await account()).login;
      return known;
    },
    list: (question, schema, { what, most, perPage = 100, enough }) =>
      readPages(1, {
        most,
        read: async (page) => {
          const answer = await ask({ ...question, query: { ...question.query, page, per_page: perPage } });
          const items = promised(z.array(schema), answer, { source: name, what: `list of ${what}s` });
          const next = Number(answer.headers['x-next-page']);
          const isLast = !(next > page) || items.length === 0 || enough?.(items);
          return { items, next: isLast ? undefined : next };
        },
      }),
  };
}

function token({ name, source }: Pick<GitlabOptions, 'name' | 'source'>): string {
  const option = `sources.${name}.api.token`;
  if (source.api?.token) return tokenFor(source.api.token, option);
  throw new ProviderError('not configured', `source ${name} has no API credentials: set ${option}`);
}
