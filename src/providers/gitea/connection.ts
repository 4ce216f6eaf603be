import { z } from 'zod';
import type { SourceOf } from '../../config/config.js';
import { type Answer, type Ask, createAsk, type Question } from '../ask.js';
import { ProviderError } from '../error.js';
import { type Pages, readPages } from '../pages.js';
import { promised } from '../promised.js';
import { tokenFor } from '../token-header.js';

export interface GiteaOptions {
  /** The source's name. */
  readonly name: string;
  readonly source: SourceOf<'gitea' | 'forgejo' | 'gogs'>;
  /** Asked at each call: what ends it before its time. */
  readonly signal?: (() => AbortSignal | undefined) | undefined;
}

/** The REST API of Gitea, Forgejo or Gogs with one source's credentials. */
export interface GiteaConnection {
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
  /** Whom the credentials belong to, as the server says. */
  account(): Promise<{ login: string }>;
  /** The same from the configuration if it is there, and asked only once. */
  ownLogin(): Promise<string>;
}

export interface ListOptions<T> {
  readonly what: string;
  /** Items, at most. */
  readonly most: number;
  /** Whether a page has what was looked for, and the rest need not be read. */
  readonly enough?: (page: readonly T[]) => boolean;
}

/** A server may allow fewer, and then gives as many as it allows. */
const PER_PAGE = 50;

/** Gogs calls it `username`; the others have both. */
export const userSchema = z
  .object({ login: z.string().nullish(), username: z.string().nullish() })
  .transform((user) => ({ login: user.login || user.username || '' }));

/**
 * The base is the source's `api.url`, or its `url` if that is not set. Sources: https://docs.gitea.com/development/api-usage,
 * https://forgejo.org/docs/latest/user/api-usage/, https://github.com/gogs/docs-api
 */
export function connectGitea({ name, source, signal }: GiteaOptions): GiteaConnection {
  const ask = createAsk({
    source: name,
    base: `${(source.api?.url ?? source.url).replace(/\/+$/, '')}/api/v1`,
    headers: () => ({ authorization: `token ${token({ name, source })}` }),
    signal,
  });
  const read: GiteaConnection['read'] = (schema, answer, what) => promised(schema, answer, { source: name, what });
  const get: GiteaConnection['get'] = async (question, schema, what) => read(schema, await ask(question), what);
  const account = async () => {
    const { login } = await get(
      { path: '/user' },
      userSchema.refine((user) => user.login !== ''),
      'user',
    );
    return { login };
  };

  let known = source.api?.account;
  return {
    ask,
    read,
    get,
    account,
    async ownLogin() {
      known ??= (await account()).login;
      return known;
    },
    async list(question, schema, { what, most, enough }) {
      let total: number | undefined;
      let ended = false;
      const pages = await readPages(
        { page: 1, before: 0 },
        {
          most,
          read: async ({ page, before }) => {
            const answer = await ask({ ...question, query: { ...question.query, page, limit: PER_PAGE } });
            const items = read(z.array(schema), answer, `list of ${what}s`);
            const count = answer.headers['x-total-count'];
            total = count === undefined ? undefined : Number(count);
            const seen = before + items.length;
            ended = total === undefined ? items.length === 0 : seen >= total;
            const isLast = ended || items.length === 0 || enough?.(items);
            return { items, next: isLast ? undefined : { page: page + 1, before: seen } };
          },
        },
      );
      return { items: pages.items, complete: pages.complete && ended };
    },
  };
}

function token({ name, source }: Pick<GiteaOptions, 'name' | 'source'>): string {
  const option = `sources.${name}.api.token`;
  if (source.api?.token) return tokenFor(source.api.token, option);
  throw new ProviderError('not configured', `source ${name} has no API credentials: set ${option}`);
}
