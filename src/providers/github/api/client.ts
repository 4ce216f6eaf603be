import type { z } from 'zod';
import { withDeadline } from '../../../async/deadline.js';
import { isPage } from '../../../http/html-page.js';
import { maskOf } from '../../../secrets/mask.js';
import { ProviderError } from '../../error.js';
import { parseResponse } from '../../parse.js';
import type { ApiOptions } from '../../provider.js';
import { pageForAnswer } from '../../send.js';
import type { GithubSource } from '../settings.js';
import { apiUrl } from './api-url.js';
import { createApiVersion } from './api-version.js';
import { answeredStatus, githubFailure } from './failure.js';
import { checkedLogin, ownerAndRepo } from './names.js';
import { createOctokit } from './octokit.js';
import { createCredentials } from './source-credentials.js';

/** An answer of GitHub's API. */
export interface GithubResponse {
  readonly status: number;
  /** Parse before use. Undefined for a status of `accept`. */
  readonly data: unknown;
  /** When GitHub answered by its own clock (Unix ms); undefined without a `Date` header. */
  readonly at: number | undefined;
  /** Whether a list has another page. */
  readonly hasMore: boolean;
  /** The scopes of a classic token; absent for what has none. */
  readonly scopes?: readonly string[];
  /** The cursor of the next page, of lists that go by cursor. */
  readonly cursor?: string;
}

/** How a request is treated. */
export interface RequestOptions {
  /** Statuses beside 2xx that are returned and not thrown. */
  readonly accept?: readonly number[];
  /** Whether Octokit must not retry the request. */
  readonly once?: boolean;
}

/** A connection to a repository, an organisation or an app, whose names are filled into every route. */
export interface GithubConnection {
  /**
   * Sends a request, for example `'POST /repos/{owner}/{repo}/statuses/{sha}'`. Throws {@link ProviderError}, with the
   * delay that GitHub asks for.
   */
  request(
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    options?: RequestOptions,
  ): Promise<GithubResponse>;
  /** Sends a request and parses the response by `schema`. */
  get<T extends z.ZodType>(
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    options: RequestOptions & { readonly schema: T },
  ): Promise<z.output<T>>;
}

/** GitHub's API, with the credentials of a source. */
export interface GithubClient {
  /** Fills in `{owner}` and `{repo}`. Throws {@link ProviderError} (`refused`) for what is not a repository's name. */
  repository(fullName: string): GithubConnection;
  /** Fills in `{org}`. Throws {@link ProviderError} (`refused`) for what is not a login. */
  organisation(name: string): GithubConnection;
  /** For what no repository's name is needed for. Undefined where the credentials are those of an app. */
  readonly anywhere: GithubConnection | undefined;
  /** Undefined where the credentials are not those of an app. */
  readonly app: GithubConnection | undefined;
  /** Returns the account that the credentials belong to; for an app, the bot that it acts as. */
  login(): Promise<string>;
  /** Returns an app's token for a repository. Undefined where the credentials are a token themselves. */
  readonly gitToken: ((fullName: string) => Promise<string>) | undefined;
}

/** For one call in milliseconds, the limiters' queue, the exchange of tokens and the retry included. */
const DEADLINE_MS = 45_000;

/**
 * Returns a client of GitHub's REST API. It is built on Octokit, unlike those of the other providers: GitHub limits how
 * fast one may write, and Octokit's throttling holds to it; it signs as an app, also where the clocks differ; and its
 * JSON keeps ids that are too large for a number. What stands around it keeps to this project's own rules: a deadline,
 * {@link ProviderError}, and no credentials in an error.
 *
 * Throws {@link ProviderError} (`not configured`) when the source's credentials are missing or can't work.
 */
export function createGithubClient({ name, source, log, signal }: ApiOptions<GithubSource>): GithubClient {
  const api = `sources.${name}.api`;
  const baseUrl = apiUrl(source);
  const version = createApiVersion();
  const octokit = createOctokit({ baseUrl, log, version });
  const credentials = createCredentials({ name, api: source.api, baseUrl, log, version });
  const { repositoryToken } = credentials;

  /** `request`: method and route, for messages. */
  async function withinDeadline<T>(request: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const parent = signal?.();
    try {
      return await withDeadline({ ms: DEADLINE_MS, parent }, work);
    } catch (error) {
      // Octokit's error carries the request with its headers: it goes no further.
      if (parent?.aborted) throw parent.reason;
      throw error instanceof ProviderError ? error : githubFailure(error, { request, api, mask: maskOf(source) });
    }
  }

  /** Octokit takes for an answer what leads elsewhere, a page to sign in for example, and is not followed there. */
  function redirected(status: number, request: string): ProviderError {
    const advice = `set ${api}.url to where its API is reached, and ${api} to a credential that it takes`;
    return new ProviderError(
      'not configured',
      `GitHub answered ${status} to ${request}, and leads elsewhere: ${advice}`,
      {
        status,
      },
    );
  }

  function connect({ filledIn, authorization, forget }: Scope): GithubConnection {
    const request: GithubConnection['request'] = (route, parameters, { accept = [], once = false } = {}) =>
      withinDeadline(named(route, filledIn), async (signal) => {
        const headers = { authorization: await authorization() };
        const sent = { ...parameters, ...filledIn, headers, request: { signal, ...(once && { retries: 0 }) } };
        try {
          const response: OctokitResponse = await octokit.request(route, sent);
          if (response.status >= 300 && response.status !== 304)
            throw redirected(response.status, named(route, filledIn));
          const { data, status } = response;
          if (!route.startsWith('GET ') && typeof data === 'string' && isPage(data))
            throw pageForAnswer('GitHub', { request: named(route, filledIn), status });
          return toResponse(response);
        } catch (error) {
          const status = answeredStatus(error);
          if (status !== undefined && accept.includes(status))
            return { status, data: undefined, at: undefined, hasMore: false };
          if (status === 401 || status === 404) forget?.();
          throw error;
        }
      });
    return {
      request,
      async get(route, parameters, { schema, ...options }) {
        const { status, data } = await request(route, parameters, options);
        return parseResponse(schema, data, { what: `GitHub's response to ${named(route, filledIn)}`, status });
      },
    };
  }

  return {
    repository(fullName) {
      const filledIn = ownerAndRepo(fullName);
      return connect({
        filledIn: { ...filledIn },
        authorization: () => credentials.authorization(filledIn),
        forget: () => credentials.forget(filledIn),
      });
    },
    organisation: (org) =>
      connect({ filledIn: { org: checkedLogin(org) }, authorization: credentials.beyondRepositories }),
    anywhere: credentials.asApp ? undefined : connect({ filledIn: {}, authorization: credentials.beyondRepositories }),
    app: credentials.asApp && connect({ filledIn: {}, authorization: credentials.asApp }),
    login: () => withinDeadline('the request for the account of its credentials', credentials.login),
    gitToken:
      repositoryToken &&
      ((fullName) => withinDeadline("the request for an app's token", () => repositoryToken(ownerAndRepo(fullName)))),
  };
}

interface Scope {
  /** Parameters of every route. */
  readonly filledIn: Readonly<Record<string, string>>;
  readonly authorization: () => Promise<string>;
  /** Called when GitHub does not accept the authorization. */
  readonly forget?: () => void;
}

function named(route: string, filledIn: Scope['filledIn']): string {
  return Object.entries(filledIn).reduce((text, [name, value]) => text.replace(`{${name}}`, value), route);
}

interface OctokitResponse {
  readonly status: number;
  readonly data: unknown;
  readonly headers: { readonly date?: string; readonly link?: string; readonly 'x-oauth-scopes'?: string };
}

function toResponse({ status, data, headers }: OctokitResponse): GithubResponse {
  const { date = '', link = '', 'x-oauth-scopes': scopes } = headers;
  const at = Date.parse(date);
  const next = /<([^>]*)>;\s*rel="next"/.exec(link)?.[1];
  const cursor = next && URL.canParse(next) && new URL(next).searchParams.get('cursor');
  return {
    status,
    data,
    at: Number.isNaN(at) ? undefined : at,
    hasMore: next !== undefined,
    ...(cursor && { cursor }),
    ...(scopes !== undefined && { scopes: scopes.split(',').map((scope) => scope.trim()) }),
  };
}
