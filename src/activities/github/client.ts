import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { SourceOf } from '../../config/config.js';
import type { ActivityDeps } from '../deps.js';
import { throwIfCancelled, withDeadline } from '../remote/deadline.js';
import { notConfigured } from '../remote/failure.js';
import { type Credentials, createCredentials } from './credentials.js';
import { answeredStatus, githubFailure } from './failure.js';
import { createOctokit, type Octokit } from './octokit.js';
import { parseRepository, type Repository } from './repository.js';

export interface GithubAnswer {
  readonly status: number;
  /** As it came: parse before use. */
  readonly data: unknown;
  /** When GitHub answered by its own clock, in milliseconds; undefined without a `Date` header. */
  readonly at: number | undefined;
}

/** The API of one repository. */
export interface RepositoryApi {
  /**
   * One request, for example `'POST /repos/{owner}/{repo}/statuses/{sha}'`; owner and name are filled in. Statuses in
   * `accept` are answers and not failures; `once` keeps Octokit from sending it again by itself. Throws `NotConfigured`,
   * `Refused`, or a failure that is retried, with GitHub's delay if it gave one.
   */
  request(
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    options?: { readonly accept?: readonly number[]; readonly once?: boolean },
  ): Promise<GithubAnswer>;
}

export interface Github {
  /** Undefined when the source has no API credentials. Throws `NotConfigured` for a source that does not exist. */
  find(source: string, fullName: string): RepositoryApi | undefined;
  /** The same where nothing can be done without credentials: throws `NotConfigured`. */
  get(source: string, fullName: string): RepositoryApi;
}

/** Waiting for the limiters, tokens and Octokit's own retry included, in milliseconds. */
const PATIENCE_MS = 45_000;
/** Known to github.com and to every GitHub Enterprise Server since 3.9; a server refuses versions it does not know. */
const API_VERSION = '2022-11-28';

interface Connection {
  readonly octokit: Octokit;
  readonly credentials: Credentials | undefined;
}

/** One connection per source, made when it is first needed. */
export function createGithub({ config, log }: Pick<ActivityDeps, 'config' | 'log'>): Github {
  const connections = new Map<string, Connection>();

  function connect(name: string): Connection {
    const known = connections.get(name);
    if (known) return known;
    const source = Object.hasOwn(config.sources, name) ? config.sources[name] : undefined;
    if (!source) throw notConfigured(`there is no source ${JSON.stringify(name)}: add it under sources`);
    if (source.kind !== 'github')
      throw notConfigured(`source ${name} is of kind ${source.kind}: GitHub's API is not to be had there`);
    const baseUrl = apiUrl(source);
    const credentials = createCredentials({ name, api: source.api, baseUrl, log });
    const connection = { octokit: createOctokit({ baseUrl, log }), credentials };
    connections.set(name, connection);
    return connection;
  }

  function find(name: string, fullName: string): RepositoryApi | undefined {
    const { octokit, credentials } = connect(name);
    if (!credentials) return undefined;
    return repositoryApi({ octokit, credentials, api: `sources.${name}.api`, repository: parseRepository(fullName) });
  }

  return {
    find,
    get(name, fullName) {
      const api = find(name, fullName);
      if (api) return api;
      throw notConfigured(`source ${name} has no API credentials: set sources.${name}.api.token or .app`);
    },
  };
}

/**
 * The API's base: as configured, else github.com's, that of GitHub Enterprise Cloud with data residency, or that of an
 * Enterprise Server. Source: https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api
 */
export function apiUrl({ url, api }: Pick<SourceOf<'github'>, 'url' | 'api'>): string {
  if (api?.url) return api.url.replace(/\/+$/, '');
  const { host } = new URL(url);
  const isCloud = host === 'github.com' || host.endsWith('.ghe.com');
  return isCloud ? `https://api.${host}` : `${url.replace(/\/+$/, '')}/api/v3`;
}

interface RepositoryConnection {
  readonly octokit: Octokit;
  readonly credentials: Credentials;
  readonly api: string;
  readonly repository: Repository;
}

function repositoryApi({ octokit, credentials, api, repository }: RepositoryConnection): RepositoryApi {
  return {
    async request(route, parameters, { accept = [], once = false } = {}) {
      async function send(signal: AbortSignal): Promise<GithubAnswer> {
        const authorization = await credentials.authorization(repository);
        const { status, data, headers } = await octokit.request(route, {
          ...parameters,
          ...repository,
          headers: { authorization, 'x-github-api-version': API_VERSION },
          request: { signal, ...(once && { retries: 0 }) },
        });
        const at = Date.parse(headers.date ?? '');
        return { status, data, at: Number.isNaN(at) ? undefined : at };
      }
      try {
        return await withDeadline({ ms: PATIENCE_MS, parent: Context.current().cancellationSignal }, send);
      } catch (error) {
        await throwIfCancelled();
        if (error instanceof ApplicationFailure) throw error;
        const status = answeredStatus(error);
        if (status !== undefined && accept.includes(status)) return { status, data: undefined, at: undefined };
        if (status === 401 || status === 404) credentials.forget(repository);
        throw githubFailure(error, { request: named(route, repository), api });
      }
    },
  };
}

function named(route: string, { owner, repo }: Repository): string {
  return route.replace('{owner}', owner).replace('{repo}', repo);
}
