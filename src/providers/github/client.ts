import type { SourceOf } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { withDeadline } from '../deadline.js';
import { ProviderError } from '../error.js';
import { apiUrl } from './api-url.js';
import { createCredentials } from './credentials.js';
import { answeredStatus, githubFailure } from './failure.js';
import { createOctokit } from './octokit.js';
import { parseRepository, type Repository } from './repository.js';

export interface GithubAnswer {
  readonly status: number;
  /** As it came: parse before use. */
  readonly data: unknown;
  /** When GitHub answered by its own clock, in milliseconds; undefined without a `Date` header. */
  readonly at: number | undefined;
  /** Whether a list has another page. */
  readonly hasMore: boolean;
}

/** Requests about one repository. */
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
  /** The account that the credentials belong to; for an app, the bot that it acts as. */
  login(): Promise<string>;
}

export interface GithubOptions {
  /** Name of the source, for messages. */
  readonly name: string;
  readonly source: SourceOf<'github'>;
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

  function repository(fullName: string): GithubRepository {
    const repository = parseRepository(fullName);
    return {
      request: (route, parameters, { accept = [], once = false } = {}) =>
        attempt<GithubAnswer>({
          request: named(route, repository),
          async work(signal) {
            const authorization = await credentials.authorization(repository);
            const { status, data, headers } = await octokit.request(route, {
              ...parameters,
              ...repository,
              headers: { authorization, 'x-github-api-version': API_VERSION },
              request: { signal, ...(once && { retries: 0 }) },
            });
            const at = Date.parse(headers.date ?? '');
            const hasMore = /;\s*rel="next"/.test(headers.link ?? '');
            return { status, data, at: Number.isNaN(at) ? undefined : at, hasMore };
          },
          instead(status) {
            if (status !== undefined && accept.includes(status))
              return { status, data: undefined, at: undefined, hasMore: false };
            if (status === 401 || status === 404) credentials.forget(repository);
            return undefined;
          },
        }),
    };
  }

  return { repository, login: () => attempt({ request: 'who its credentials belong to', work: credentials.login }) };
}

function named(route: string, { owner, repo }: Repository): string {
  return route.replace('{owner}', owner).replace('{repo}', repo);
}
