import { withDeadline } from '../../../async/deadline.js';
import type { Logger } from '../../../log.js';
import { ProviderError } from '../../error.js';
import type { GithubSource } from '../settings.js';
import { apiUrl } from './api-url.js';
import { createCredentials } from './credentials.js';
import { answeredStatus, githubFailure } from './failure.js';
import { createOctokit } from './octokit.js';
import { checkLogin, parseRepository } from './repository.js';

export interface GithubAnswer {
  readonly status: number;
  /** As it came: parse before use. */
  readonly data: unknown;
  /** When GitHub answered by its own clock, in milliseconds; undefined without a `Date` header. */
  readonly at: number | undefined;
  /** Whether a list has another page. */
  readonly hasMore: boolean;
  /** What the next page of a list that goes by cursor is asked for with. */
  readonly cursor?: string;
}

/** Requests about one repository, or whatever else the parameters that are filled in stand for. */
export interface GithubRepository {
  /**
   * One request, for example `'POST /repos/{owner}/{repo}/statuses/{sha}'`; owner and name are filled in. Statuses in
   * `accept` are answers and not failures; `once` keeps Octokit from sending it again by itself. Throws
   * {@link ProviderError}, with GitHub's delay if it gave one.
   */
  request(
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    options?: { readonly accept?: readonly number[]; readonly once?: boolean },
  ): Promise<GithubAnswer>;
}

export interface GithubClient {
  /** Throws {@link ProviderError} (`refused`) for what is no repository's name. */
  repository(fullName: string): GithubRepository;
  /** Fills in `{org}`. Throws {@link ProviderError} (`refused`) for what is no login. */
  organisation(name: string): GithubRepository;
  /** Requests of the app itself; undefined where the credentials are no app's. */
  readonly app: GithubRepository | undefined;
  /** The account that the credentials belong to; for an app, the bot that it acts as. */
  login(): Promise<string>;
}

export interface GithubOptions {
  /** Name of the source, for messages. */
  readonly name: string;
  readonly source: GithubSource;
  readonly log: Logger;
  /** Asked at each call: what ends it before its time. */
  readonly signal?: (() => AbortSignal | undefined) | undefined;
}

/** Waiting for the limiters, tokens and Octokit's own retry included, in milliseconds. */
const PATIENCE_MS = 45_000;
/** Known to github.com and to every GitHub Enterprise Server since 3.9; a server refuses versions it does not know. */
const API_VERSION = '2022-11-28';

interface Attempt<T> {
  /** Method and route, for messages. */
  readonly request: string;
  readonly work: (signal: AbortSignal) => Promise<T>;
  /** What a status stands for that is no failure. */
  readonly instead?: (status: number | undefined) => T | undefined;
}

/** Throws {@link ProviderError} (`not configured`) when the source's credentials are missing or can't work. */
export function createGithubClient({ name, source, log, signal }: GithubOptions): GithubClient {
  const api = `sources.${name}.api`;
  const baseUrl = apiUrl(source);
  const octokit = createOctokit({ baseUrl, log });
  const credentials = createCredentials({ name, api: source.api, baseUrl, log });

  async function attempt<T>({ request, work, instead }: Attempt<T>): Promise<T> {
    const parent = signal?.();
    try {
      return await withDeadline({ ms: PATIENCE_MS, parent }, work);
    } catch (error) {
      // Octokit's error carries the request with its headers: it goes no further.
      if (parent?.aborted) throw parent.reason;
      if (error instanceof ProviderError) throw error;
      const answer = instead?.(answeredStatus(error));
      if (answer !== undefined) return answer;
      throw githubFailure(error, { request, api });
    }
  }

  function about({ filledIn, authorization, forget }: Scope): GithubRepository {
    return {
      request: (route, parameters, { accept = [], once = false } = {}) =>
        attempt<GithubAnswer>({
          request: named(route, filledIn),
          async work(signal) {
            const { status, data, headers } = await octokit.request(route, {
              ...parameters,
              ...filledIn,
              headers: { authorization: await authorization(), 'x-github-api-version': API_VERSION },
              request: { signal, ...(once && { retries: 0 }) },
            });
            const at = Date.parse(headers.date ?? '');
            const hasMore = /;\s*rel="next"/.test(headers.link ?? '');
            const cursor = nextCursor(headers.link);
            return { status, data, at: Number.isNaN(at) ? undefined : at, hasMore, ...(cursor && { cursor }) };
          },
          instead(status) {
            if (status !== undefined && accept.includes(status))
              return { status, data: undefined, at: undefined, hasMore: false };
            if (status === 401 || status === 404) forget?.();
            return undefined;
          },
        }),
    };
  }

  function repository(fullName: string): GithubRepository {
    const filledIn = parseRepository(fullName);
    const authorization = () => credentials.authorization(filledIn);
    return about({ filledIn: { ...filledIn }, authorization, forget: () => credentials.forget(filledIn) });
  }

  return {
    repository,
    organisation: (org) => about({ filledIn: { org: checkLogin(org) }, authorization: credentials.beyondRepositories }),
    app: credentials.asApp && about({ filledIn: {}, authorization: credentials.asApp }),
    login: () => attempt({ request: 'who its credentials belong to', work: credentials.login }),
  };
}

/** What requests are about, and with what they are made. */
interface Scope {
  readonly filledIn: Readonly<Record<string, string>>;
  readonly authorization: () => Promise<string>;
  /** GitHub did not accept it. */
  readonly forget?: () => void;
}

function named(route: string, filledIn: Scope['filledIn']): string {
  return Object.entries(filledIn).reduce((text, [name, value]) => text.replace(`{${name}}`, value), route);
}

/** Of `<https://…?per_page=100&cursor=v1_12>; rel="next"`. */
function nextCursor(link: string | undefined): string | undefined {
  const next = /<([^>]*)>;\s*rel="next"/.exec(link ?? '')?.[1];
  const cursor = next && URL.canParse(next) ? new URL(next).searchParams.get('cursor') : null;
  return cursor || undefined;
}
